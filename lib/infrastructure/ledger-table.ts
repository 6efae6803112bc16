import { RemovalPolicy } from 'aws-cdk-lib';
import { AttributeType, Billing, StreamViewType, TableEncryptionV2, TableV2 } from 'aws-cdk-lib/aws-dynamodb';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import {
  bodyPartition,
  CELLS_PARTITION,
  cellPartition,
  IDENTITY_PARTITION,
} from '../ledger/dynamodb/partitions.ts';

/** A table of DynamoDB: any of the CDK's, made in the same app or found by its attributes. */
export interface GivenTable {
  readonly tableName: string;
  readonly tableArn: string;
  readonly tableStreamArn?: string | undefined;
}

/** What a writer of the ledger appends beside events. */
export interface Appended {
  /** Fleets, observations and plans. */
  readonly bodies: boolean;
  /** The first event of a cell, before which the cell is listed. */
  readonly newCells: boolean;
}

/**
 * The ledger: one table that nobody updates, empties or loses. It stays when the stack is deleted, and nobody can
 * delete it without switching the protection off first.
 */
export class LedgerTable extends Construct {
  readonly table: GivenTable;

  /** @param given a table that is there, instead of one that is made. @throws Error when it has no stream. */
  constructor(scope: Construct, id: string, given?: GivenTable) {
    super(scope, id);
    if (given !== undefined && given.tableStreamArn === undefined)
      throw new Error('The table has no stream: give its tableStreamArn too (of new and old images).');
    this.table = given ?? this.made();
  }

  private made(): TableV2 {
    return new TableV2(this, 'Table', {
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
   * The permission to append to the logs of these cells, and to no other's. Whoever opens a new table first gives it its
   * identity. IAM cannot demand a condition on PutItem, so a put without one could replace an item: the stream shows
   * that (LedgerRewritten), and so does the chain of hashes.
   */
  appending(cells: readonly string[], what: Appended): PolicyStatement {
    const partitions = [
      IDENTITY_PARTITION,
      ...cells.map(cellPartition),
      ...(what.bodies ? cells.map(bodyPartition) : []),
      ...(what.newCells ? [CELLS_PARTITION] : []),
    ];
    return new PolicyStatement({
      actions: ['dynamodb:PutItem'],
      resources: [this.table.tableArn],
      conditions: {
        'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': partitions },
        // ForAllValues holds for a request that has no such key at all.
        Null: { 'dynamodb:LeadingKeys': 'false' },
      },
    });
  }
}
