import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetItemCommand, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { invariant } from '../../plan/invariant.ts';
import { failedRequest, failureText } from '../../runtime/failed-request.ts';
import { rowProblem } from '../lease-row.ts';
import type { Tick } from '../lease-rule.ts';
import type { HearingZone, LeaseTable, LeaseWrite, RowVersion } from '../lease-table.ts';
import { LeasesAway } from '../lease-table.ts';
import type { LeaseItem } from './lease-items.ts';
import { rowItem, rowOf, TICK_KEY, tickItem, tickOf } from './lease-items.ts';
import { leasePartition } from './lease-partition.ts';

/** The condition under which nothing stands at a key. */
const NOTHING_THERE = 'attribute_not_exists(sk)';
const HTTP_TOO_MANY_REQUESTS = 429;
/** Refused for now, as in the ledger's table (DynamoDB Developer Guide, "Error handling"): nothing was written. */
const THROTTLED: readonly string[] = [
  ...['ProvisionedThroughputExceededException', 'ThrottlingException', 'RequestLimitExceeded'],
  ...['ReplicatedWriteConflictException', 'TransactionConflictException'],
];

/**
 * The table of leases in DynamoDB: the key is `pk` (cell and zone) and `sk` (`!tick` or the group), both strings. Only
 * single conditional PutItems and consistent reads are used, which is all that a multi-Region strongly consistent global
 * table offers. Nothing is sent twice.
 *
 * @param client made with `maxAttempts: 1`.
 */
export function dynamodbLeases(client: DynamoDBClient, table: string): LeaseTable {
  const get = async (zone: HearingZone, sk: string): Promise<LeaseItem | undefined> => {
    const Key = { pk: { S: leasePartition(zone) }, sk: { S: sk } };
    const request = new GetItemCommand({ TableName: table, Key, ConsistentRead: true });
    return (await answered(table, () => client.send(request))).Item;
  };
  const put = (Item: LeaseItem, condition: Condition) =>
    written(table, () => client.send(new PutItemCommand({ TableName: table, Item, ...condition })));
  return {
    readTick: async (zone) => {
      const item = await get(zone, TICK_KEY);
      return item && tickOf(item, table);
    },
    putTick: (zone, tick, known) => put(tickItem(zone, tick), sameTick(zone, known)),
    readRow: async (zone, group) => {
      const item = await get(zone, group);
      return item && rowOf(item);
    },
    readRows: async (zone, after = TICK_KEY) => {
      const request = new QueryCommand({
        TableName: table,
        ConsistentRead: true,
        KeyConditionExpression: 'pk = :pk AND sk > :after',
        ExpressionAttributeValues: { ':pk': { S: leasePartition(zone) }, ':after': { S: after } },
      });
      const { Items = [], LastEvaluatedKey } = await answered(table, () => client.send(request));
      return { rows: Items.map(rowOf), next: LastEvaluatedKey?.['sk']?.S };
    },
    putRow: (zone, row, known) => {
      const problem = rowProblem(row);
      invariant(problem === undefined, `a row cannot be written: ${problem}`);
      return put(rowItem(zone, row), sameVersion(known));
    },
  };
}

interface Condition {
  readonly ConditionExpression: string;
  readonly ExpressionAttributeNames?: Record<string, string>;
  readonly ExpressionAttributeValues?: LeaseItem;
}

function sameTick(zone: HearingZone, known: Tick | undefined): Condition {
  if (known === undefined) return { ConditionExpression: NOTHING_THERE };
  const { n, at, seen, every } = tickItem(zone, known);
  return {
    ConditionExpression: '#n = :n AND #at = :at AND #seen = :seen AND #every = :every',
    ExpressionAttributeNames: { '#n': 'n', '#at': 'at', '#seen': 'seen', '#every': 'every' },
    ExpressionAttributeValues: valuesOf({ ':n': n, ':at': at, ':seen': seen, ':every': every }),
  };
}

function sameVersion(known: RowVersion | undefined): Condition {
  if (known === undefined) return { ConditionExpression: NOTHING_THERE };
  return {
    ConditionExpression: '#e = :e AND #s = :s',
    ExpressionAttributeNames: { '#e': 'e', '#s': 's' },
    ExpressionAttributeValues: { ':e': { N: String(known.e) }, ':s': { N: String(known.s) } },
  };
}

function valuesOf(given: Readonly<Record<string, LeaseItem[string] | undefined>>): LeaseItem {
  return Object.fromEntries(
    Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
}

/** @throws LeasesAway whatever the reason is that no answer came. */
async function answered<T>(table: string, send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (cause) {
    throw away(cause, table);
  }
}

/** @throws LeasesAway when it is certain that nothing was written. */
async function written(table: string, send: () => Promise<unknown>): Promise<LeaseWrite> {
  try {
    await send();
    return { type: 'applied' };
  } catch (cause) {
    const name = cause instanceof Error ? cause.name : '';
    if (name === 'ConditionalCheckFailedException') return { type: 'lost' };
    const { status, isForeign } = failedRequest(cause);
    const isRefused = status !== undefined && status >= 400 && status < 500 && !isForeign;
    const isThrottled = THROTTLED.includes(name) || status === HTTP_TOO_MANY_REQUESTS;
    if (isRefused || isThrottled) throw away(cause, table);
    return { type: 'unknown', reason: away(cause, table).message };
  }
}

function away(cause: unknown, table: string): LeasesAway {
  const name = cause instanceof Error ? cause.name : '';
  const what =
    name === 'ResourceNotFoundException'
      ? `The table of leases "${table}" does not exist here: make it, or name another table or Region.`
      : `The table of leases "${table}" cannot be used (${failureText(cause, 'DynamoDB')}): check the network, the Region and the permissions.`;
  return new LeasesAway(what, { cause });
}
