import { CloudWatchLogsClient, DeleteLogGroupCommand } from '@aws-sdk/client-cloudwatch-logs';
import {
  DeleteTableCommand,
  DynamoDBClient,
  UpdateTableCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import type { Change } from '@aws-sdk/client-route-53';
import { ChangeResourceRecordSetsCommand, Route53Client } from '@aws-sdk/client-route-53';
import type { DeployedStack } from './deployed-stack.ts';
import type { Place } from './place.ts';
import { plain, zoneContents } from './zone-contents.ts';

const BATCH = 100;

/** Takes a real account back to what it was: the stack, its table, its log groups and every record that the suite or Pawl made. */
export async function cleanUp(
  place: Place,
  stack: DeployedStack,
  endpoints: readonly string[],
): Promise<void> {
  await stack.delete().catch(() => undefined);
  const [table] = stack.resources('AWS::DynamoDB::GlobalTable');
  if (table?.PhysicalResourceId !== undefined) await deleteTable(table.PhysicalResourceId);
  await deleteLogs(
    stack.resources('AWS::Logs::LogGroup').map(({ PhysicalResourceId }) => PhysicalResourceId),
  );
  const client = new Route53Client({});
  for (const { zone, zoneId } of place.cells) {
    const { records } = await zoneContents(zoneId);
    const made = records.filter(({ Name, Type }) => {
      const name = plain(Name);
      const isOwn = name.endsWith(`._pawl.${zone}`) || name === `foreign.${zone}` || endpoints.includes(name);
      return isOwn && Type !== 'NS' && Type !== 'SOA';
    });
    // Aliases before what they point at.
    made.sort((a, b) => Number(b.AliasTarget !== undefined) - Number(a.AliasTarget !== undefined));
    for (let at = 0; at < made.length; at += BATCH) {
      const Changes = made
        .slice(at, at + BATCH)
        .map((ResourceRecordSet): Change => ({ Action: 'DELETE', ResourceRecordSet }));
      await client.send(
        new ChangeResourceRecordSetsCommand({ HostedZoneId: zoneId, ChangeBatch: { Changes } }),
      );
    }
  }
  client.destroy();
}

async function deleteLogs(groups: readonly (string | undefined)[]): Promise<void> {
  const client = new CloudWatchLogsClient({});
  for (const logGroupName of groups) await client.send(new DeleteLogGroupCommand({ logGroupName }));
  client.destroy();
}

async function deleteTable(TableName: string): Promise<void> {
  const client = new DynamoDBClient({});
  await client.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false }));
  await waitUntilTableExists({ client, maxWaitTime: 120 }, { TableName });
  await client.send(new DeleteTableCommand({ TableName }));
  client.destroy();
}
