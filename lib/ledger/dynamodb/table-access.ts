import type { AttributeValue, DynamoDBClient, TableDescription } from '@aws-sdk/client-dynamodb';
import {
  CreateTableCommand,
  DescribeTableCommand,
  GetItemCommand,
  PutItemCommand,
  ResourceInUseException,
} from '@aws-sdk/client-dynamodb';
import { systemClock } from '../../runtime/clock.ts';
import { systemRandomness } from '../../runtime/ids.ts';
import { LedgerUnavailable, LedgerUnusable } from '../ledger.ts';
import type { TableAccess } from './calls.ts';
import { answerOf, attempt, failureOf } from './calls.ts';
import { IDENTITY_PARTITION } from './partitions.ts';

/** An item as DynamoDB holds it. */
export type Item = Record<string, AttributeValue>;

/** The table format that this release reads and writes. A table of another format is left alone. */
const FORMAT = '1';
const IDENTITY_KEY: Item = { pk: { S: IDENTITY_PARTITION }, sk: { S: 'IDENTITY' } };
const ACTIVE_POLL_MS = 100;
const ACTIVE_POLLS_MAX = 600;

/** The condition of every write: nothing stands at this key. Every write creates an item. */
export const NOTHING_THERE = 'attribute_not_exists(sk)';

/**
 * Creates the ledger's table, billed by request, and waits until it is active; harmless when it is there. For local
 * worlds and tests: in AWS the stack creates the table.
 *
 * @throws LedgerUnavailable when DynamoDB cannot be reached or refuses.
 */
export async function createLedgerTable(client: DynamoDBClient, table: string): Promise<void> {
  try {
    await client.send(
      new CreateTableCommand({
        TableName: table,
        BillingMode: 'PAY_PER_REQUEST',
        KeySchema: [
          { AttributeName: 'pk', KeyType: 'HASH' },
          { AttributeName: 'sk', KeyType: 'RANGE' },
        ],
        AttributeDefinitions: [
          { AttributeName: 'pk', AttributeType: 'S' },
          { AttributeName: 'sk', AttributeType: 'S' },
        ],
      }),
    );
  } catch (error) {
    if (!(error instanceof ResourceInUseException)) throw failureOf(error, table).error;
  }
  await untilActive({ client, table, clock: systemClock, randomness: systemRandomness });
}

async function untilActive(access: TableAccess): Promise<void> {
  const { client, table, clock } = access;
  const request = new DescribeTableCommand({ TableName: table });
  for (let polls = 0; polls < ACTIVE_POLLS_MAX; polls += 1) {
    const { Table } = await answerOf(access, () => client.send(request));
    if (Table?.TableStatus === 'ACTIVE') return;
    await clock.sleep(ACTIVE_POLL_MS);
  }
  const waitedS = (ACTIVE_POLLS_MAX * ACTIVE_POLL_MS) / 1_000;
  throw new LedgerUnavailable(`The table "${table}" is not active after ${waitedS} s.`);
}

/** @throws LedgerUnusable when the table is missing or its key is not `pk` and `sk`, both strings. */
export async function checkTable(access: TableAccess): Promise<void> {
  const { client, table } = access;
  const { Table } = await answerOf(access, () => client.send(new DescribeTableCommand({ TableName: table })));
  const found = keySchemaOf(Table);
  if (found !== 'pk (HASH, S) and sk (RANGE, S)') {
    throw new LedgerUnusable(
      `The table "${table}" has the key ${found}, but a ledger's is pk (HASH, S) and sk (RANGE, S): name the ledger's own table.`,
    );
  }
}

/**
 * The ledger's identity, 8 hexadecimal digits. The first process that opens a table makes it, once.
 *
 * @throws LedgerUnusable when the table holds a ledger of another format.
 */
export async function readIdentity(access: TableAccess): Promise<string> {
  const { client, table, randomness } = access;
  const known = await identityItem(access);
  if (known !== undefined) return identityOf(known, table);
  const id = Math.floor(randomness.fraction() * 2 ** 32)
    .toString(16)
    .padStart(8, '0');
  const item: Item = { ...IDENTITY_KEY, id: { S: id }, format: { N: FORMAT } };
  const outcome = await attempt(access, () =>
    client.send(new PutItemCommand({ TableName: table, Item: item, ConditionExpression: NOTHING_THERE })),
  );
  if (outcome.type === 'failed' && outcome.failure.kind !== 'condition') throw outcome.failure.error;
  // Always read back: when two processes open a new table at once, both go on with the winner's identity.
  const made = await identityItem(access);
  if (made === undefined)
    throw new LedgerUnusable(`The table "${table}" does not keep what is written to it.`);
  return identityOf(made, table);
}

async function identityItem(access: TableAccess): Promise<Item | undefined> {
  const { client, table } = access;
  const request = new GetItemCommand({ TableName: table, Key: IDENTITY_KEY, ConsistentRead: true });
  return (await answerOf(access, () => client.send(request))).Item;
}

function identityOf(item: Item, table: string): string {
  const format = item['format']?.N;
  if (format !== FORMAT) {
    throw new LedgerUnusable(
      `The table "${table}" holds a ledger of format ${format ?? 'unknown'}, and this Pawl knows format ${FORMAT}: use the Pawl that wrote it.`,
    );
  }
  const id = item['id']?.S ?? '';
  if (!/^[0-9a-f]{8}$/.test(id)) {
    throw new LedgerUnusable(`The identity of the ledger in the table "${table}" is damaged ("${id}").`);
  }
  return id;
}

function keySchemaOf(table: TableDescription | undefined): string {
  const types = new Map(table?.AttributeDefinitions?.map((each) => [each.AttributeName, each.AttributeType]));
  const keys = (table?.KeySchema ?? []).map(
    ({ AttributeName, KeyType }) => `${AttributeName} (${KeyType}, ${types.get(AttributeName) ?? '?'})`,
  );
  return keys.length === 0 ? 'nothing' : keys.join(' and ');
}
