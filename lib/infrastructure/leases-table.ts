import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { AttributeType, Billing, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { leasePartition } from '../lease/dynamodb/lease-partition.ts';

const READING = ['dynamodb:GetItem', 'dynamodb:Query'] as const;

/**
 * The table of leases, of its own because items of it are replaced every minute, and none of the ledger's ever is
 * (docs/adr/0068-leases-that-recover-by-themselves.md).
 *
 * It has a name of its own, `<stack>-leases`, so that holders can be set up before the stack, and find the table of a
 * stack that was made anew. So it goes with the stack: one that stayed would be in the way of the next deployment, as
 * would one of a deployment that failed. Its holders write their rows anew within a period. What does not come back is
 * the number of an epoch, the fencing token of what holders do elsewhere, which begins with 1 again: whoever checks it has
 * to forget the old ones, or needs the backup that DynamoDB keeps for 35 days after such a deletion ("Delete a table with
 * PITR enabled", DynamoDB Developer Guide).
 *
 * Nobody updates or deletes an item. IAM can bound a put by its partition and by nothing else, so whoever may write a row
 * may write each of its zone, the tick too; that puts have a condition is the code's part.
 */
export class LeasesTable extends Construct {
  readonly table: TableV2;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    this.table = new TableV2(this, 'Table', {
      tableName: `${Stack.of(this).stackName}-leases`,
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billing: Billing.onDemand(),
      encryption: TableEncryptionV2.dynamoOwnedKey(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      removalPolicy: RemovalPolicy.DESTROY,
    });
  }

  /** The permissions to read ticks and rows of these cells. */
  reading(cells: readonly string[]): PolicyStatement {
    return this.limited(READING, cells);
  }

  /** The permissions to read them, and to put: what a planner, a holder and `pawl lease forget` do. */
  holding(cells: readonly string[]): PolicyStatement {
    return this.limited([...READING, 'dynamodb:PutItem'], cells);
  }

  private limited(actions: readonly string[], cells: readonly string[]): PolicyStatement {
    const partitions = cells.map((cell) => leasePartition({ cell, az: '*' }));
    return new PolicyStatement({
      actions: [...actions],
      resources: [this.table.tableArn],
      conditions: {
        'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': partitions },
        // ForAllValues holds for a request that has no such key at all.
        Null: { 'dynamodb:LeadingKeys': 'false' },
      },
    });
  }
}
