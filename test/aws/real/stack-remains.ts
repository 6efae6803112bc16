import { setTimeout as delay } from 'node:timers/promises';
import {
  CancelUpdateStackCommand,
  CloudFormationClient,
  DeleteStackCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import {
  CloudWatchLogsClient,
  DeleteLogGroupCommand,
  paginateDescribeLogGroups,
} from '@aws-sdk/client-cloudwatch-logs';
import {
  DeleteTableCommand,
  DynamoDBClient,
  paginateListTables,
  UpdateTableCommand,
  waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';

/** A stack that is being made or updated has to come to its end before it can be deleted: minutes. */
const POLLS_MAX = 540;
const POLL_MS = 5_000;
const TABLE_WITHIN_S = 120;

/**
 * Removes a stack, and what it leaves on purpose: its table and its log groups. All of them are found by the name of the
 * stack, with which CloudFormation begins the names that it gives, so that what a run left that broke off is found too.
 *
 * @param pollMs milliseconds between two looks at the stack.
 */
export async function removeStack(name: string, pollMs: number = POLL_MS): Promise<void> {
  await deleteStack(name, pollMs);
  await deleteTables(`${name}-`);
  await deleteLogs(`${name}-`);
}

async function deleteStack(StackName: string, pollMs: number): Promise<void> {
  const client = new CloudFormationClient({});
  const asked = new Set<string>();
  try {
    for (let poll = 0; poll < POLLS_MAX; poll += 1) {
      const status = await statusOf(client, StackName);
      if (status === undefined || status === 'DELETE_COMPLETE') return;
      if (status === 'DELETE_FAILED' && asked.has(status))
        throw new Error(`The stack ${StackName} is ${status}.`);
      // Once for each state that it comes to: asked for again, CloudFormation would begin anew.
      const isFirst = !asked.has(status);
      asked.add(status);
      if (status === 'UPDATE_IN_PROGRESS' && isFirst)
        await client.send(new CancelUpdateStackCommand({ StackName })).catch(() => undefined);
      else if (isFirst && (!status.endsWith('_IN_PROGRESS') || status === 'REVIEW_IN_PROGRESS'))
        await client.send(new DeleteStackCommand({ StackName }));
      await delay(pollMs);
    }
    throw new Error(
      `The stack ${StackName} was not deleted within ${(POLLS_MAX * pollMs) / 60_000} minutes.`,
    );
  } finally {
    client.destroy();
  }
}

async function statusOf(client: CloudFormationClient, StackName: string): Promise<string | undefined> {
  try {
    const { Stacks } = await client.send(new DescribeStacksCommand({ StackName }));
    return Stacks?.[0]?.StackStatus;
  } catch (error) {
    // DescribeStacks says so of a name that it does not know (API reference).
    if (error instanceof Error && error.name === 'ValidationError') return undefined;
    throw error;
  }
}

async function deleteTables(prefix: string): Promise<void> {
  const client = new DynamoDBClient({});
  try {
    for await (const { TableNames = [] } of paginateListTables({ client }, {})) {
      for (const TableName of TableNames.filter((each) => each.startsWith(prefix))) {
        await client.send(new UpdateTableCommand({ TableName, DeletionProtectionEnabled: false }));
        await waitUntilTableExists({ client, maxWaitTime: TABLE_WITHIN_S }, { TableName });
        await client.send(new DeleteTableCommand({ TableName }));
      }
    }
  } finally {
    client.destroy();
  }
}

async function deleteLogs(logGroupNamePrefix: string): Promise<void> {
  const client = new CloudWatchLogsClient({});
  try {
    for await (const { logGroups = [] } of paginateDescribeLogGroups({ client }, { logGroupNamePrefix }))
      for (const { logGroupName } of logGroups)
        await client.send(new DeleteLogGroupCommand({ logGroupName }));
  } finally {
    client.destroy();
  }
}
