import { createServer } from 'node:net';
import { CreateTableCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { openLedger } from '../../../lib/ledger/dynamodb/dynamodb-ledger.ts';
import { createLedgerTable } from '../../../lib/ledger/dynamodb/table-access.ts';
import type { Ledger } from '../../../lib/ledger/ledger.ts';
import { seq } from '../../../lib/plan/generation.ts';
import { cellName } from '../../../lib/plan/names.ts';
import type { RunningDynalite } from '../../support/dynalite.ts';
import { CREDENTIALS, countCalls, startDynalite } from '../../support/dynalite.ts';
import { drained } from '../../support/ledger-events.ts';
import { seededRandomness } from '../../support/seeded-randomness.ts';

let dynalite: RunningDynalite;
beforeAll(async () => {
  dynalite = await startDynalite();
});
afterAll(async () => {
  await dynalite.close();
});

const randomness = seededRandomness(7);
const ONE_SENTENCE = /^[A-Z][^\n]*\.$/;

async function opened(table: string): Promise<Ledger> {
  const client = dynalite.client();
  await createLedgerTable(client, table);
  return openLedger({ client, table, randomness });
}

async function appendMany(ledger: Ledger, name: string, count: number): Promise<void> {
  let head = await ledger.head(cellName(name));
  for (let index = 0; index < count; index += 1) {
    const event = { type: 'DriftRepaired', count: index, names: [], seq: seq(index + 1) } as const;
    const outcome = await ledger.append(head, { event, at: index, by: 'enactor-a' });
    if (outcome.type !== 'appended') throw new Error(outcome.type);
    head = outcome.head;
  }
}

it('reads the head in one request, at any length of the log', async () => {
  const ledger = await opened('lengths');
  const client = dynalite.client();
  const reader = await openLedger({ client, table: 'lengths', randomness });
  const calls = countCalls(client);
  for (const length of [1, 100, 1_000]) {
    await appendMany(ledger, `c${length}`, length);
    const before = calls();
    expect((await reader.head(cellName(`c${length}`))).number).toBe(length);
    expect(calls() - before).toBe(1);
  }
}, 60_000);

it("appends in one request, but for a cell's first event, which is two", async () => {
  const client = dynalite.client();
  await createLedgerTable(client, 'requests');
  const ledger = await openLedger({ client, table: 'requests', randomness });
  const calls = countCalls(client);
  const cell = cellName('a');
  const entry = { event: drained('i-1'), at: 1, by: 'operator' };
  const first = await ledger.append(await ledger.head(cell), entry);
  expect(calls()).toBe(3);
  if (first.type !== 'appended') throw new Error(first.type);
  await ledger.append(first.head, { ...entry, event: drained('i-2') });
  expect(calls()).toBe(4);
});

it('reads a body that it has put or read before without a request', async () => {
  const client = dynalite.client();
  await createLedgerTable(client, 'cached');
  const ledger = await openLedger({ client, table: 'cached', randomness });
  const digest = await ledger.putBody(cellName('a'), 'text');
  const calls = countCalls(client);
  expect(await ledger.getBody(cellName('a'), digest)).toBe('text');
  expect(await ledger.putBody(cellName('a'), 'text')).toBe(digest);
  expect(calls()).toBe(0);
});

it('keeps its identity, also when two open a new table at once, and a table made twice is one', async () => {
  const client = dynalite.client();
  await Promise.all([createLedgerTable(client, 'twice'), createLedgerTable(dynalite.client(), 'twice')]);
  const open = (seed: number) =>
    openLedger({ client: dynalite.client(), table: 'twice', randomness: seededRandomness(seed) });
  const ids = await Promise.all([open(1), open(2), open(3)]);
  const later = await open(4);
  expect(new Set([...ids, later].map(({ id }) => id)).size).toBe(1);
});

it('says in one sentence that the table is missing', async () => {
  const opening = openLedger({ client: dynalite.client(), table: 'nowhere', randomness });
  await expect(opening).rejects.toMatchObject({
    name: 'LedgerUnusable',
    message:
      'The ledger\'s table "nowhere" does not exist here: deploy Pawl in this Region, or name another table or Region.',
  });
});

it.each([
  { table: 'only-pk', range: undefined },
  { table: 'numbers', range: 'N' as const },
])('says in one sentence that the table $table has another key', async ({ table, range }) => {
  const client = dynalite.client();
  const sk = range === undefined ? [] : [{ AttributeName: 'sk', AttributeType: range }];
  await client.send(
    new CreateTableCommand({
      TableName: table,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        ...(range === undefined ? [] : [{ AttributeName: 'sk', KeyType: 'RANGE' } as const]),
      ],
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }, ...sk],
    }),
  );
  const opening = openLedger({ client, table, randomness });
  await expect(opening).rejects.toMatchObject({ name: 'LedgerUnusable' });
  await expect(opening).rejects.toThrow(
    /^The table ".*" has the key pk \(HASH, S\).*: name the ledger's own table\.$/,
  );
});

it.each([
  {
    what: 'another format',
    item: { id: { S: '01234567' }, format: { N: '2' } },
    says: /format 2, and this Pawl/,
  },
  { what: 'no format', item: { id: { S: '01234567' } }, says: /format unknown/ },
  { what: 'a damaged identity', item: { id: { S: 'xyz' }, format: { N: '1' } }, says: /damaged \("xyz"\)/ },
])('refuses a ledger of $what', async ({ what, item, says }) => {
  const client = dynalite.client();
  const table = what.replaceAll(' ', '-');
  await createLedgerTable(client, table);
  const identity = { pk: { S: 'LEDGER' }, sk: { S: 'IDENTITY' }, ...item };
  await client.send(new PutItemCommand({ TableName: table, Item: identity }));
  const opening = openLedger({ client, table, randomness });
  await expect(opening).rejects.toMatchObject({ name: 'LedgerUnusable' });
  await expect(opening).rejects.toThrow(says);
  await expect(opening).rejects.toThrow(ONE_SENTENCE);
});

it('says in one sentence that nothing answers, with the cause', async () => {
  const free = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => free.once('listening', resolve));
  const address = free.address();
  const port = address !== null && typeof address === 'object' ? address.port : 0;
  await new Promise((resolve) => free.close(resolve));
  const client = new DynamoDBClient({
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    credentials: CREDENTIALS,
    maxAttempts: 1,
  });
  const opening = openLedger({ client, table: 'pawl', randomness });
  await expect(opening).rejects.toMatchObject({ name: 'LedgerUnavailable', cause: { code: 'ECONNREFUSED' } });
  await expect(opening).rejects.toThrow(
    `The ledger's table "pawl" cannot be reached (nobody listens at 127.0.0.1:${port} (ECONNREFUSED)): check the network, the Region and the endpoint.`,
  );
  client.destroy();
});

it('says in one sentence that there are no credentials, with the cause', async () => {
  const client = new DynamoDBClient({
    endpoint: dynalite.endpoint,
    region: 'us-east-1',
    credentials: () => {
      const error = new Error('Could not load credentials from any providers');
      error.name = 'CredentialsProviderError';
      return Promise.reject(error);
    },
    maxAttempts: 1,
  });
  const opening = openLedger({ client, table: 'pawl', randomness });
  await expect(opening).rejects.toMatchObject({
    name: 'LedgerUnavailable',
    cause: { name: 'CredentialsProviderError' },
  });
  await expect(opening).rejects.toThrow(/^There are no valid AWS credentials for the ledger's table "pawl"/);
  client.destroy();
});

it('never works with a client that repeats attempts by itself', async () => {
  const client = new DynamoDBClient({
    endpoint: dynalite.endpoint,
    region: 'us-east-1',
    credentials: CREDENTIALS,
    maxAttempts: 3,
  });
  await expect(openLedger({ client, table: 'pawl', randomness })).rejects.toMatchObject({
    name: 'InvariantViolated',
  });
  client.destroy();
});

it('asks for a table name that DynamoDB accepts', async () => {
  await expect(createLedgerTable(dynalite.client(), 'x')).rejects.toMatchObject({
    name: 'LedgerUnavailable',
    cause: { name: 'ValidationException' },
  });
});
