import type { PutItemCommandInput } from '@aws-sdk/client-dynamodb';
import {
  ConditionalCheckFailedException,
  DescribeTableCommand,
  DynamoDBClient,
  GetItemCommand,
  InternalServerError,
  PutItemCommand,
  QueryCommand,
  ResourceNotFoundException,
  ThrottlingException,
} from '@aws-sdk/client-dynamodb';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, expect, it } from 'vitest';
import { openLedger } from '../../../lib/ledger/dynamodb/dynamodb-ledger.ts';
import { eventItem } from '../../../lib/ledger/dynamodb/items.ts';
import type { Item } from '../../../lib/ledger/dynamodb/table-access.ts';
import type { Head, Ledger } from '../../../lib/ledger/ledger.ts';
import { nextEvent, THIS_RELEASE } from '../../../lib/ledger/stored-event.ts';
import { virtualClock } from '../../runtime/virtual-clock.ts';
import { CELL, drained, LEDGER } from '../../support/ledger-events.ts';
import { seededRandomness } from '../../support/seeded-randomness.ts';

const $metadata = {};
const client = new DynamoDBClient({ region: 'us-east-1', maxAttempts: 1 });
const mock = mockClient(client);

const timeout = () => Object.assign(new Error('socket hang up'), { name: 'TimeoutError' });
const failedCondition = (item?: Item) =>
  new ConditionalCheckFailedException({ message: 'no', $metadata, ...(item && { Item: item }) });
const throttled = () =>
  Object.assign(new ThrottlingException({ message: 'slow down', $metadata: { httpStatusCode: 400 } }));
const internal = () => new InternalServerError({ message: 'oops', $metadata: { httpStatusCode: 500 } });
const denied = () =>
  Object.assign(new Error('User x is not authorized to perform dynamodb:PutItem'), {
    name: 'AccessDeniedException',
    $metadata: { httpStatusCode: 400 },
  });

/** What a put of an event does: stores it or not, then answers or fails. */
interface Step {
  readonly stores: boolean;
  readonly fails?: Error;
}

let stored: Item | undefined;
let puts: PutItemCommandInput[];
let reads: number;

/** A table that is empty but for what the steps store; the last step is repeated. */
function script(steps: readonly Step[], read: () => Error | undefined = () => undefined): void {
  mock.on(PutItemCommand).callsFake((input: PutItemCommandInput) => {
    if (input.Item?.['pk']?.S === 'CELLS') return {};
    const step = steps[Math.min(puts.length, steps.length - 1)];
    puts.push(input);
    if (stored !== undefined && step?.fails === undefined) throw failedCondition();
    if (step?.stores === true && stored === undefined) stored = input.Item;
    if (step?.fails !== undefined) throw step.fails;
    return {};
  });
  mock.on(GetItemCommand).callsFake((input: { Key: Item }) => {
    if (input.Key['pk']?.S === 'LEDGER') return { Item: { id: { S: LEDGER }, format: { N: '1' } } };
    reads += 1;
    const failure = read();
    if (failure !== undefined) throw failure;
    return stored === undefined ? {} : { Item: stored };
  });
}

let ledger: Ledger;
let head: Head;
beforeEach(async () => {
  mock.reset();
  stored = undefined;
  puts = [];
  reads = 0;
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
  mock.on(QueryCommand).resolves({ Items: [] });
  script([{ stores: true }]);
  ledger = await openLedger({
    client,
    table: 'pawl',
    randomness: seededRandomness(3),
    clock: virtualClock(),
  });
  head = await ledger.head(CELL);
});

const append = () => ledger.append(head, { event: drained('i-1'), at: 1, by: 'operator' });

it('puts where nothing may stand, once', async () => {
  expect(await append()).toMatchObject({ type: 'appended', head: { number: 1 } });
  expect(puts.map(({ ConditionExpression }) => ConditionExpression)).toEqual(['attribute_not_exists(sk)']);
  expect(reads).toBe(0);
});

it('has lost when the first answer is that somebody is there', async () => {
  script([{ stores: false, fails: failedCondition() }]);
  expect(await append()).toEqual({ type: 'lost' });
  expect(puts).toHaveLength(1);
});

it('gives the head that won when DynamoDB says it, and nothing for one that cannot be read', async () => {
  const { stored: winner, head: won } = nextEvent(
    THIS_RELEASE,
    head,
    { event: drained('i-9'), at: 2, by: 'faster' },
    'n',
  );
  const item = eventItem(winner, 'TargetDrained');
  script([{ stores: false, fails: failedCondition(item) }]);
  expect(await append()).toEqual({ type: 'lost', winner: won });
  script([{ stores: false, fails: failedCondition({ ...item, by: { S: 'a forger' } }) }]);
  expect(await append()).toEqual({ type: 'lost', winner: undefined });
  script([{ stores: false, fails: failedCondition({ ...item, event: { S: '{' } }) }]);
  expect(await append()).toEqual({ type: 'lost', winner: undefined });
  expect(reads).toBe(0);
});

it('tells its own event from another one without a read when DynamoDB says what stands there', async () => {
  script([{ stores: true, fails: timeout() }], () => undefined);
  mock
    .on(GetItemCommand)
    .callsFake((input: { Key: Item }) =>
      input.Key['pk']?.S === 'LEDGER' ? { Item: { id: { S: LEDGER }, format: { N: '1' } } } : {},
    );
  let sent: Item | undefined;
  mock.on(PutItemCommand).callsFake((input: PutItemCommandInput) => {
    if (input.Item?.['pk']?.S === 'CELLS') return {};
    if (sent !== undefined) throw failedCondition(sent);
    sent = input.Item;
    throw timeout();
  });
  expect(await append()).toMatchObject({ type: 'appended', head: { number: 1 } });
});

it.each([timeout(), internal()])('has appended when the event is there after $name', async (fails) => {
  script([{ stores: true, fails }]);
  expect(await append()).toMatchObject({ type: 'appended', head: { number: 1 } });
  expect(puts).toHaveLength(1);
  expect(reads).toBe(1);
});

it('has lost when the event of somebody else is there after a lost answer', async () => {
  script([{ stores: false, fails: timeout() }]);
  stored = { hash: { S: 'f'.repeat(64) } };
  expect(await append()).toEqual({ type: 'lost' });
});

it('sends the very same event again when nothing is there after a lost answer', async () => {
  script([{ stores: false, fails: timeout() }, { stores: true }]);
  expect(await append()).toMatchObject({ type: 'appended' });
  expect(puts).toHaveLength(2);
  expect(puts[1]?.Item).toEqual(puts[0]?.Item);
});

it('has appended when the first try lands late and the second fails its condition', async () => {
  let looks = 0;
  // The look after the lost answer finds nothing; then the first put arrives, and the second finds it there.
  script(
    [
      { stores: false, fails: timeout() },
      { stores: true, fails: failedCondition() },
    ],
    () => {
      looks += 1;
      return undefined;
    },
  );
  expect(await append()).toMatchObject({ type: 'appended' });
  expect(looks).toBe(2);
});

it('does not know when the look after a lost answer fails too', async () => {
  script([{ stores: true, fails: timeout() }], timeout);
  expect(await append()).toMatchObject({
    type: 'unknown',
    reason: expect.stringMatching(/cannot be reached/),
  });
});

it('does not know when no put has an answer and none is there, after a few', async () => {
  script([{ stores: false, fails: timeout() }]);
  expect(await append()).toMatchObject({
    type: 'unknown',
    reason: expect.stringMatching(/may still be written/),
  });
  expect(puts).toHaveLength(3);
});

it('waits while it is throttled, and then appends', async () => {
  script([{ stores: false, fails: throttled() }, { stores: false, fails: throttled() }, { stores: true }]);
  expect(await append()).toMatchObject({ type: 'appended' });
  expect(reads).toBe(0);
});

it('says that it is throttled, and that nothing was written, when that does not end', async () => {
  script([{ stores: false, fails: throttled() }]);
  await expect(append()).rejects.toMatchObject({
    name: 'LedgerUnavailable',
    cause: { name: 'ThrottlingException' },
  });
});

it('does not know when it is throttled for good after a lost answer', async () => {
  script([
    { stores: false, fails: timeout() },
    { stores: false, fails: throttled() },
  ]);
  expect(await append()).toMatchObject({ type: 'unknown' });
});

it('says at once, with the reason, that it is denied', async () => {
  script([{ stores: false, fails: denied() }]);
  await expect(append()).rejects.toMatchObject({
    name: 'LedgerUnavailable',
    message: expect.stringMatching(/^DynamoDB refuses .*PutItem \(AccessDeniedException\)/),
    cause: { name: 'AccessDeniedException' },
  });
  expect(puts).toHaveLength(1);
});

it('does not know when it is denied after a lost answer and nothing is there yet', async () => {
  script([
    { stores: false, fails: timeout() },
    { stores: false, fails: denied() },
  ]);
  expect(await append()).toMatchObject({ type: 'unknown' });
});

it('says that the table was deleted meanwhile', async () => {
  const fails = new ResourceNotFoundException({ message: 'gone', $metadata: { httpStatusCode: 400 } });
  script([{ stores: false, fails }]);
  await expect(append()).rejects.toMatchObject({ name: 'LedgerUnusable' });
});

it('reads again while reads are throttled or fail, and gives up on what never answers', async () => {
  mock.on(QueryCommand).rejectsOnce(throttled()).rejectsOnce(internal()).resolvesOnce({ Items: [] });
  expect(await ledger.head(CELL)).toEqual(head);
  mock.on(QueryCommand).rejects(timeout());
  const before = mock.commandCalls(QueryCommand).length;
  await expect(ledger.head(CELL)).rejects.toMatchObject({ name: 'LedgerUnavailable' });
  expect(mock.commandCalls(QueryCommand).length - before).toBe(4);
});

it('reads consistently, always', async () => {
  await append();
  await ledger.events(CELL, { after: 0, limit: 5, order: 'backward' });
  await ledger.cells();
  await expect(ledger.getBody(CELL, 'f'.repeat(64))).rejects.toMatchObject({ name: 'BodyDamaged' });
  const inputs = [...mock.commandCalls(QueryCommand), ...mock.commandCalls(GetItemCommand)];
  expect(inputs.length).toBeGreaterThanOrEqual(5);
  expect(inputs.map(({ args }) => args[0].input.ConsistentRead)).toEqual(inputs.map(() => true));
});
