import {
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
} from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, it } from 'vitest';
import { openLedger } from '../../../lib/ledger/dynamodb/dynamodb-ledger.ts';
import type { Ledger } from '../../../lib/ledger/ledger.ts';
import type { VirtualClock } from '../../runtime/virtual-clock.ts';
import { virtualClock } from '../../runtime/virtual-clock.ts';
import { CELL, drained, LEDGER } from '../../support/ledger-events.ts';
import { seededRandomness } from '../../support/seeded-randomness.ts';

const REQUEST_MS = 15_000;
const client = new DynamoDBClient({ region: 'us-east-1', maxAttempts: 1 });
const mock = mockClient(client);

let clock: VirtualClock;
let ledger: Ledger;

beforeEach(async () => {
  mock.reset();
  clock = virtualClock();
  mock.on(DescribeTableCommand).resolves({
    Table: {
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
      ],
    },
  });
  mock.on(GetItemCommand, { Key: { pk: { S: 'LEDGER' }, sk: { S: 'IDENTITY' } } }).resolves({
    Item: { id: { S: LEDGER }, format: { N: '1' } },
  });
  mock.on(QueryCommand).resolves({ Items: [] });
  ledger = await openLedger({ client, table: 'pawl', randomness: seededRandomness(3), clock });
});

/** A request that hangs: the client gives it up after all the patience that a call has. */
function hang(): never {
  clock.shift(REQUEST_MS);
  throw Object.assign(new Error('inner words'), { name: 'TimeoutError', code: 'ETIMEDOUT' });
}

it('stores a body whose first write hung', async () => {
  let puts = 0;
  mock.on(PutItemCommand).callsFake(() => {
    puts += 1;
    return puts === 1 ? hang() : {};
  });
  await expect(ledger.putBody(CELL, 'a fleet')).resolves.toMatch(/^[0-9a-f]{64}$/);
  expect(puts).toBe(2);
});

it('gives a body up when its second write hangs too', async () => {
  mock.on(PutItemCommand).callsFake(hang);
  await expect(ledger.putBody(CELL, 'a fleet')).rejects.toThrow('no answer came in time (ETIMEDOUT)');
  expect(mock.commandCalls(PutItemCommand)).toHaveLength(2);
});

it('finds out about an event whose put hung, and sends it again when nothing is there', async () => {
  const head = await ledger.head(CELL);
  let puts = 0;
  mock.on(PutItemCommand).callsFake((input: { Item?: Record<string, { S?: string }> }) => {
    if (input.Item?.['pk']?.S === 'CELLS') return {};
    puts += 1;
    return puts === 1 ? hang() : {};
  });
  mock.on(GetItemCommand).resolves({});
  expect(await ledger.append(head, { event: drained('i-1'), at: 1, by: 'operator' })).toMatchObject({
    type: 'appended',
  });
});

it.each(['TransactionConflictException', 'ReplicatedWriteConflictException'])(
  'waits out a %s',
  async (name) => {
    const conflict = Object.assign(new Error('in conflict'), { name, $metadata: { httpStatusCode: 400 } });
    mock.on(PutItemCommand).rejectsOnce(conflict).resolves({});
    await expect(ledger.putBody(CELL, 'a fleet')).resolves.toMatch(/^[0-9a-f]{64}$/);
  },
);

it('waits out a 429, whoever sent it', async () => {
  const busy = Object.assign(new SyntaxError('inner words'), { $response: { statusCode: 429 } });
  mock.on(PutItemCommand).rejectsOnce(busy).resolves({});
  await expect(ledger.putBody(CELL, 'a fleet')).resolves.toMatch(/^[0-9a-f]{64}$/);
});

it('does not take an answer without items for an empty log', async () => {
  mock.on(QueryCommand).resolves({});
  await expect(ledger.head(CELL)).rejects.toThrow("an answer came that is not DynamoDB's");
});
