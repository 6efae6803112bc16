import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-dynamodb';
import { failureText } from '../runtime/failed-request.ts';

/** What keeps a ledger's table, as DynamoDB or an emulator of it says. */
export interface TableProtections {
  readonly table: string;
  /** Nobody can delete the table without switching this off first; absent when it is not known. */
  readonly deletionProtection?: boolean | undefined;
  /** The table can be restored as it was at any second of the last days; absent when it is not known. */
  readonly pointInTimeRecovery?: boolean | undefined;
  /** Why something is not known: a clause for people. */
  readonly unknown?: string | undefined;
}

/**
 * Asks DynamoDB what protects a table. A stack asks for both protections; an emulator may accept that and drop them.
 * Needs dynamodb:DescribeTable and dynamodb:DescribeContinuousBackups; a refusal is an answer (`unknown`).
 *
 * @returns undefined when there is no such table.
 */
export async function tableProtections(
  client: DynamoDBClient,
  table: string,
): Promise<TableProtections | undefined> {
  let deletionProtection: boolean | undefined;
  try {
    const { Table } = await client.send(new DescribeTableCommand({ TableName: table }));
    deletionProtection = Table?.DeletionProtectionEnabled ?? false;
    const command = new DescribeContinuousBackupsCommand({ TableName: table });
    const { ContinuousBackupsDescription: backups } = await client.send(command);
    const status = backups?.PointInTimeRecoveryDescription?.PointInTimeRecoveryStatus;
    return { table, deletionProtection, pointInTimeRecovery: status === 'ENABLED' };
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    return { table, deletionProtection, unknown: failureText(error, 'DynamoDB') };
  }
}
