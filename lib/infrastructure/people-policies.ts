import { Stack, Validations } from 'aws-cdk-lib';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { LedgerTable } from './ledger-table.ts';
import { packed } from './policy-packing.ts';
import type { NamedCell } from './zone-permissions.ts';
import {
  CHANGE_WILDCARD,
  cellWriting,
  fenceWriting,
  LOOKUP_WILDCARD,
  zoneLookup,
  zoneReading,
} from './zone-permissions.ts';

export interface PeoplePoliciesProps {
  readonly ledger: LedgerTable;
  readonly cells: readonly NamedCell[];
  /** The path of the policies, by which IAM lists them: `/pawl/use1-a/`. */
  readonly path: string;
}

/**
 * What to give to people, and to their automation, each for one kind of work with the command line.
 * reader: everything that looks. operator: reader, and every verb that appends to the ledger, freezes or thaws.
 * rescue: what repairs a zone with Route 53 alone. Nobody has all three by default. For many cells each of them is
 * several policies, all of which a person needs.
 */
export class PeoplePolicies extends Construct {
  readonly reader: readonly ManagedPolicy[];
  readonly operator: readonly ManagedPolicy[];
  readonly rescue: readonly ManagedPolicy[];

  readonly #path: string;

  constructor(scope: Construct, id: string, { ledger, cells, path }: PeoplePoliciesProps) {
    super(scope, id);
    this.#path = path;
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
    this.reader = this.policy('Reader', 'Pawl: looks, and changes nothing', looking);
    this.operator = this.policy('Operator', 'Pawl: pushes, plans, approves, freezes and thaws', [
      ...looking.map((statement) => statement.copy()),
      ledger.appending(
        cells.map(({ cell }) => cell),
        { bodies: true, newCells: true },
      ),
      ...fenceWriting(cells),
    ]);
    this.rescue = this.policy('Rescue', 'Pawl: repairs a zone with Route 53 alone', [
      zoneLookup(),
      ...zoneReading(cells),
      ...cellWriting(cells),
    ]);
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
