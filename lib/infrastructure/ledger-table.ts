import { RemovalPolicy } from 'aws-cdk-lib';
import {
  AttributeType,
  Billing,
  MultiRegionConsistency,
  StreamViewType,
  TableEncryptionV2,
  TableV2,
} from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';

export interface LedgerTableProps {
  /** Two further Regions with multi-Region strong consistency, or none. */
  readonly replicaRegions: readonly string[];
}

/**
 * The ledger: one table that nobody updates, empties or loses. It stays when the stack is deleted, and nobody can
 * delete it without switching the protection off first.
 */
export class LedgerTable extends Construct {
  readonly table: TableV2;

  constructor(scope: Construct, id: string, { replicaRegions }: LedgerTableProps) {
    super(scope, id);
    this.table = new TableV2(this, 'Table', {
      partitionKey: { name: 'pk', type: AttributeType.STRING },
      sortKey: { name: 'sk', type: AttributeType.STRING },
      billing: Billing.onDemand(),
      encryption: TableEncryptionV2.dynamoOwnedKey(),
      pointInTimeRecoverySpecification: { pointInTimeRecoveryEnabled: true },
      deletionProtection: true,
      // Not RETAIN_ON_UPDATE_OR_DELETE: when a first deployment fails, CloudFormation would delete the table, which its
      // protection refuses, and the stack could neither be completed nor rolled back. It has no name of its own, so
      // that one which is left in this way is in the way of no other.
      removalPolicy: RemovalPolicy.RETAIN,
      // Both images: what stood there before a rewrite is evidence.
      dynamoStream: StreamViewType.NEW_AND_OLD_IMAGES,
      ...(replicaRegions.length === 0
        ? {}
        : {
            replicas: replicaRegions.map((region) => ({ region })),
            multiRegionConsistency: MultiRegionConsistency.STRONG,
          }),
    });
  }

  /** The permissions to read the log: consistent reads of items and of partitions. */
  reading(): PolicyStatement {
    return new PolicyStatement({
      actions: ['dynamodb:DescribeTable', 'dynamodb:GetItem', 'dynamodb:Query'],
      resources: [this.table.tableArn],
    });
  }

  /**
   * The permission to read it whole, for `pawl verify` alone: a cell that somebody took out of the list of cells is
   * found in no other way. It tells nothing that {@link reading} does not.
   */
  verifying(): PolicyStatement {
    return new PolicyStatement({ actions: ['dynamodb:Scan'], resources: [this.table.tableArn] });
  }

  /**
   * The permission to append to it. IAM cannot demand a condition on PutItem, so a put without one could replace an
   * item: the stream shows that (LedgerRewritten), and so does the chain of hashes.
   */
  appending(): PolicyStatement {
    return new PolicyStatement({ actions: ['dynamodb:PutItem'], resources: [this.table.tableArn] });
  }
}
