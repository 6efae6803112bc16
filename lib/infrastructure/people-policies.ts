import { Stack, Validations } from 'aws-cdk-lib';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import type { LedgerTable } from './ledger-table.ts';
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
}

/**
 * What to give to people, and to their automation, each for one kind of work with the command line.
 * reader: everything that looks. operator: reader, and every verb that appends to the ledger, freezes or thaws.
 * rescue: what repairs a zone with Route 53 alone. Nobody has all three by default.
 */
export class PeoplePolicies extends Construct {
  readonly reader: ManagedPolicy;
  readonly operator: ManagedPolicy;
  readonly rescue: ManagedPolicy;

  constructor(scope: Construct, id: string, { ledger, cells }: PeoplePoliciesProps) {
    super(scope, id);
    const looking = [
      ledger.reading(),
      ledger.verifying(),
      zoneLookup(),
      ...zoneReading(cells),
      new PolicyStatement({
        actions: ['cloudformation:DescribeStacks'],
        resources: [Stack.of(this).stackId],
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

  private policy(id: string, description: string, statements: PolicyStatement[]): ManagedPolicy {
    const policy = new ManagedPolicy(this, id, { description, statements });
    Validations.of(policy).acknowledge(CHANGE_WILDCARD);
    Validations.of(policy).acknowledge(LOOKUP_WILDCARD);
    return policy;
  }
}
