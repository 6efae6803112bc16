import { Stack, Validations } from 'aws-cdk-lib';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { LeasesTable } from './leases-table.ts';
import type { LedgerTable } from './ledger-table.ts';
import { packed } from './policy-packing.ts';
import type { NamedCell } from './zone-permissions.ts';
import {
  CHANGE_WILDCARD,
  cellWriting,
  fenceEnding,
  fenceWriting,
  LOOKUP_WILDCARD,
  zoneLookup,
  zoneReading,
} from './zone-permissions.ts';

export interface PeoplePoliciesProps {
  readonly ledger: LedgerTable;
  readonly leases: LeasesTable;
  readonly cells: readonly NamedCell[];
  /** The path of the policies, by which IAM lists them: `/pawl/use1-a/`. */
  readonly path: string;
}

/**
 * What to give to people, and to their automation, each for one kind of work with the command line.
 * reader: everything that looks. operator: reader, and every verb that appends to the ledger, freezes or thaws.
 * rescue: what repairs a zone with Route 53 alone, and gives a cell's names back. Nobody has all three by default. holder: what a machine needs that runs
 * `pawl lease hold`, and nothing of the ledger or of a zone. For many cells each of them is several policies, all of which
 * a person needs.
 */
export class PeoplePolicies extends Construct {
  readonly reader: readonly ManagedPolicy[];
  readonly operator: readonly ManagedPolicy[];
  readonly rescue: readonly ManagedPolicy[];
  readonly holder: readonly ManagedPolicy[];

  readonly #path: string;

  constructor(scope: Construct, id: string, { ledger, leases, cells, path }: PeoplePoliciesProps) {
    super(scope, id);
    this.#path = path;
    const names = cells.map(({ cell }) => cell);
    const looking = [
      ledger.reading(),
      ledger.verifying(),
      zoneLookup(),
      ...zoneReading(cells),
      new PolicyStatement({
        actions: ['cloudformation:DescribeStacks'],
        resources: [Stack.of(ledger).stackId],
      }),
    ];
    this.reader = this.policy('Reader', 'Pawl: looks, and changes nothing', [
      ...looking,
      leases.reading(names),
    ]);
    this.operator = this.policy('Operator', 'Pawl: pushes, plans, approves, freezes and thaws', [
      ...looking.map((statement) => statement.copy()),
      leases.holding(names),
      ledger.appending(names, { bodies: true, newCells: true }),
      // A rollout asks them. Composite alarms are told to nobody who may ask of some only (DescribeAlarms, API reference).
      new PolicyStatement({ actions: ['cloudwatch:DescribeAlarms'], resources: ['*'] }),
      ...fenceWriting(cells),
    ]);
    this.rescue = this.policy('Rescue', 'Pawl: repairs a zone with Route 53 alone', [
      ...fenceEnding(cells),
      zoneLookup(),
      ...zoneReading(cells),
      ...cellWriting(cells, { takes: false }),
    ]);
    this.holder = this.policy('Holder', 'Pawl: holds leases', [leases.holding(names)]);
  }

  private policy(
    id: string,
    description: string,
    statements: readonly PolicyStatement[],
  ): readonly ManagedPolicy[] {
    return packed(this, statements).map((pack, index) => {
      const policy = new ManagedPolicy(this, index === 0 ? id : `${id}${index + 1}`, {
        description,
        path: this.#path,
        statements: [...pack],
      });
      Validations.of(policy).acknowledge(CHANGE_WILDCARD);
      Validations.of(policy).acknowledge(LOOKUP_WILDCARD);
      return policy;
    });
  }
}
