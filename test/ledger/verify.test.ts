// @module-tag slow
import { deflateRawSync } from 'node:zlib';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteItemCommand, PutItemCommand, QueryCommand } from '@aws-sdk/client-dynamodb';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { storedHash } from '../../lib/ledger/chain.ts';
import type { LedgerEvent } from '../../lib/ledger/decider/events.ts';
import type { StoredLedger } from '../../lib/ledger/dynamodb/dynamodb-ledger.ts';
import { openLedger } from '../../lib/ledger/dynamodb/dynamodb-ledger.ts';
import type { Item } from '../../lib/ledger/dynamodb/table-access.ts';
import { createLedgerTable } from '../../lib/ledger/dynamodb/table-access.ts';
import { verifyLedger } from '../../lib/ledger/verify.ts';
import type { RunningDynalite } from '../support/dynalite.ts';
import { startDynalite } from '../support/dynalite.ts';
import { CELL, drained, fleetDeclared, planAppended, planApplied } from '../support/ledger-events.ts';
import { seededRandomness } from '../support/seeded-randomness.ts';

const EVENTS = `CELL#${CELL}`;
const BODIES = `CELL#${CELL}#BODY`;

let dynalite: RunningDynalite;
let client: DynamoDBClient;
let table: string;
let ledger: StoredLedger;
/** The body of the plan, in two chunks. */
let plan: string;
let tables = 0;

beforeAll(async () => {
  dynalite = await startDynalite();
  client = dynalite.client();
});
afterAll(async () => {
  await dynalite.close();
});

beforeEach(async () => {
  tables += 1;
  table = `verify-${tables}`;
  await createLedgerTable(client, table);
  ledger = await openLedger({ client, table, randomness: seededRandomness(tables) });
  const fleet = await ledger.putBody(CELL, '{"endpoints":[]}');
  plan = await ledger.putBody(CELL, JSON.stringify({ text: 'x'.repeat(400_000) }));
  const events: LedgerEvent[] = [
    fleetDeclared(fleet),
    planAppended(1, { digest: plan }),
    planApplied(1, 2, { digest: plan }),
    drained('i-1'),
    drained('i-2'),
  ];
  // More than one page.
  for (let index = 0; index < 30; index += 1)
    events.push({ type: 'PlannerPaused', reason: `pause ${index}` });
  let head = await ledger.head(CELL);
  for (const event of events) {
    const outcome = await ledger.append(head, { event, at: 1_000 + head.number, by: 'test' });
    if (outcome.type !== 'appended') throw new Error(outcome.type);
    head = outcome.head;
  }
});

function eventKey(number: number): string {
  return `EVENT#${String(number).padStart(12, '0')}`;
}

async function itemAt(pk: string, sk: string): Promise<Item> {
  const answer = await client.send(
    new QueryCommand({
      TableName: table,
      KeyConditionExpression: 'pk = :pk AND sk = :sk',
      ExpressionAttributeValues: { ':pk': { S: pk }, ':sk': { S: sk } },
      ConsistentRead: true,
    }),
  );
  const item = answer.Items?.[0];
  if (item === undefined) throw new Error(`${pk} ${sk} is not there`);
  return item;
}

/** What somebody with the console could do: replace an item, whatever stood there. */
async function tamper(pk: string, sk: string, change: (item: Item) => Item): Promise<void> {
  await client.send(new PutItemCommand({ TableName: table, Item: change(await itemAt(pk, sk)) }));
}

async function remove(pk: string, sk: string): Promise<void> {
  await client.send(new DeleteItemCommand({ TableName: table, Key: { pk: { S: pk }, sk: { S: sk } } }));
}

async function problems(): Promise<readonly string[]> {
  const report = await verifyLedger({ ledger });
  return report.cells.flatMap(({ problems: found }) => found.map(({ number, what }) => `${number}: ${what}`));
}

it('finds nothing in a ledger as it was written', async () => {
  expect(await verifyLedger({ ledger })).toEqual({
    cells: [{ cell: CELL, events: 35, problems: [], anchors: [] }],
  });
});

it('names an event whose content was altered', async () => {
  await tamper(EVENTS, eventKey(4), (item) => ({ ...item, by: { S: 'somebody else' } }));
  expect(await problems()).toEqual(['4: event 4 is not what was appended: its hash does not match']);
});

it('names an event that was replaced by another, and the state that does not follow from it', async () => {
  await tamper(EVENTS, eventKey(4), (item) => ({ ...item, event: { S: JSON.stringify(drained('i-9')) } }));
  expect(await problems()).toEqual([
    '4: event 4 is not what was appended: its hash does not match',
    '4: the state after event 4 is not what the events give (drained)',
  ]);
});

it('names a state that was altered, and no state after it', async () => {
  await tamper(EVENTS, eventKey(4), (item) => ({
    ...item,
    state: {
      S: (item['state']?.S ?? '').replace('"frozen":null', '"frozen":{"at":1,"by":"x","reason":"y"}'),
    },
  }));
  expect(await problems()).toEqual([
    '4: event 4 is not what was appended: its hash does not match',
    '4: the state after event 4 is not what the events give (frozen)',
  ]);
});

it('names the link when an event names another before it', async () => {
  await tamper(EVENTS, eventKey(5), (item) => ({ ...item, previous: { S: 'a'.repeat(64) } }));
  expect(await problems()).toEqual([
    expect.stringMatching(
      /^5: the link from event 5 to the one before it is broken: it names aaaaaaaaaaaa, not /,
    ),
    '5: event 5 is not what was appended: its hash does not match',
  ]);
});

it('names the link when an event was rewritten with a hash of its own that fits', async () => {
  const item = await itemAt(EVENTS, eventKey(5));
  const before = await itemAt(EVENTS, eventKey(4));
  const rewritten = { ...item, sk: { S: eventKey(4) }, previous: before['previous'] ?? { S: '' } };
  await tamper(EVENTS, eventKey(4), () => rewritten);
  const found = await problems();
  expect(found).toContainEqual(expect.stringMatching(/^4: event 4 is not what was appended/));
  expect(found).toContainEqual(
    expect.stringMatching(/^5: the link from event 5 to the one before it is broken/),
  );
});

it('names events that are missing', async () => {
  await remove(EVENTS, eventKey(4));
  await remove(EVENTS, eventKey(10));
  await remove(EVENTS, eventKey(11));
  expect(await problems()).toEqual(['4: event 4 is missing', '10: events 10 to 11 are missing']);
});

it.each([
  [
    'an unknown type',
    { event: { S: '{"type":"Telepathy"}' } },
    /its format does not have the event type "Telepathy"/,
  ],
  [
    'an unknown field',
    { event: { S: '{"type":"PlannerResumed","mood":1}' } },
    /its format does not have the field "mood" of PlannerResumed/,
  ],
  [
    'a field of another kind',
    { event: { S: '{"type":"AzRestored","az":1}' } },
    /the field "az" of AzRestored is not right/,
  ],
  ['no JSON', { event: { S: '{' } }, /its event is not JSON/],
  ['no object', { event: { S: '[]' } }, /its event is not an object/],
  ['no type', { event: { S: '{}' } }, /its event has no type/],
] as const)(
  'names an event with %s twice, for its hash too, and readers refuse it',
  async (_, change, says) => {
    await tamper(EVENTS, eventKey(35), (item) => ({ ...item, ...change }));
    expect(await problems()).toEqual([
      '35: event 35 is not what was appended: its hash does not match',
      expect.stringMatching(says),
    ]);
    await expect(ledger.head(CELL)).rejects.toMatchObject({ name: 'LedgerUnusable' });
    await expect(ledger.head(CELL)).rejects.toThrow(says);
  },
);

it.each([
  ['no event', { event: { N: '1' } }, /its event is missing/],
  ['half a format', { format: { N: '2' } }, /its format is damaged/],
  [
    'a format below the oldest',
    { format: { N: '0' }, readableFrom: { N: '0' }, pawl: { S: 'x' } },
    /its format is damaged/,
  ],
  [
    'a format that it is not readable from',
    { format: { N: '2' }, readableFrom: { N: '3' }, pawl: { S: 'x' } },
    /its format is damaged/,
  ],
  ['no time', { at: { S: 'now' } }, /its time is missing/],
  ['no hash', { hash: { S: 'x' } }, /a hash is missing or damaged/],
  ['no nonce', { nonce: { N: '1' } }, /its writer or nonce is missing/],
  ['no state', { state: { N: '1' } }, /its state is missing/],
] as const)('names an event with %s, and readers refuse it', async (_, change, says) => {
  await tamper(EVENTS, eventKey(35), (item) => ({ ...item, ...change }));
  expect(await problems()).toEqual([expect.stringMatching(says)]);
  await expect(ledger.head(CELL)).rejects.toMatchObject({ name: 'LedgerUnusable' });
  await expect(ledger.head(CELL)).rejects.toThrow(says);
});

it.each([
  ['altered', (item: Item) => ({ ...item, by: { S: 'x' } }), /not what was appended/],
  ['of another cell', (item: Item) => rehashed(item, '"cell":"use1-a"', '"cell":"b"'), /items were copied/],
  [
    'of a newer format',
    (item: Item) => rehashed(item, '"format":1', '"format":9'),
    /^Cell use1-a is written in format 9, and this Pawl reads formats up to 6: use the Pawl that raised it, or a newer one\.$/,
  ],
  ['of no format', (item: Item) => rehashed(item, '"format":1', '"format":"1"'), /has no format/],
  ['with a broken state', (item: Item) => rehashed(item, '"format":1', '"format'), /is not JSON/],
])('never decides on a head that is %s', async (_, change, says) => {
  await tamper(EVENTS, eventKey(35), change);
  await expect(ledger.head(CELL)).rejects.toMatchObject({ name: 'LedgerUnusable' });
  await expect(ledger.head(CELL)).rejects.toThrow(says);
  expect((await problems()).length).toBeGreaterThan(0);
});

/** A forger who knows the hash: the state altered, the hash made anew. */
function rehashed(item: Item, from: string, to: string): Item {
  const state = (item['state']?.S ?? '').replace(from, to);
  const hash = storedHash({
    ...{ cell: CELL, number: 35, at: Number(item['at']?.N), by: item['by']?.S ?? '' },
    ...{ previous: item['previous']?.S ?? '', nonce: item['nonce']?.S ?? '' },
    ...{ eventText: item['event']?.S ?? '', stateText: state },
    ...{ format: 1, readableFrom: 1, pawl: '0.1.0' },
  });
  return { ...item, state: { S: state }, hash: { S: hash } };
}

it('refuses to list events with one missing, or out of line', async () => {
  await tamper(EVENTS, eventKey(9), (item) => ({ ...item, previous: { S: 'a'.repeat(64) } }));
  await remove(EVENTS, eventKey(5));
  const read = (after: number, limit: number) => ledger.events(CELL, { after, limit, order: 'forward' });
  await expect(read(0, 100)).rejects.toThrow('Event 5 of cell use1-a is missing: run "pawl verify".');
  await expect(read(4, 1)).rejects.toThrow('Event 5 of cell use1-a is missing');
  await expect(read(5, 100)).rejects.toThrow('Event 9 of cell use1-a does not follow the one before it');
  expect(await read(9, 1_000)).toHaveLength(26);
});

it.each([
  ['missing', (sk: string) => remove(BODIES, sk), 'lacks chunk 1 of 2'],
  ['not compressed', (sk: string) => tamper(BODIES, sk, withData('rubbish')), 'is damaged in chunk 1 of 2'],
  ['another text', (sk: string) => tamper(BODIES, sk, deflated('other')), 'is damaged in chunk 1 of 2'],
  [
    'of another count',
    (sk: string) => tamper(BODIES, sk, (item) => ({ ...item, of: { N: '1' } })),
    'has 2 chunks',
  ],
  [
    'huge once inflated',
    (sk: string) => tamper(BODIES, sk, deflated('x'.repeat(9_000_000))),
    'damaged in chunk 1',
  ],
])('names a chunk that is %s', async (_, damage, says) => {
  await damage(`${plan}#0001`);
  const found = await problems();
  expect(found).toHaveLength(1);
  expect(found[0]).toContain(`2: the body ${plan} `);
  if (!says.startsWith('has')) expect(found[0]).toContain(says);
  const fresh = await openLedger({ client, table, randomness: seededRandomness() });
  await expect(fresh.getBody(CELL, plan)).rejects.toMatchObject({ name: 'BodyDamaged' });
  await expect(fresh.getBody(CELL, plan)).rejects.toThrow(`The body ${plan} of cell ${CELL}`);
});

it('names the second chunk when that is the damaged one', async () => {
  await tamper(BODIES, `${plan}#0002`, withData('rubbish'));
  expect(await problems()).toEqual([`2: the body ${plan} is damaged in chunk 2 of 2`]);
});

it('names a body whose chunks were all replaced by whole ones', async () => {
  const other = await ledger.putBody(CELL, 'y'.repeat(400_000));
  for (const chunk of ['0001', '0002']) {
    const replacement = await itemAt(BODIES, `${other}#${chunk}`);
    await tamper(BODIES, `${plan}#${chunk}`, (item) => ({ ...replacement, sk: item['sk'] ?? { S: '' } }));
  }
  expect(await problems()).toEqual([expect.stringMatching(/does not match its digest, although each/)]);
});

it('names a body that is missing altogether', async () => {
  await remove(BODIES, `${plan}#0001`);
  await remove(BODIES, `${plan}#0002`);
  expect(await problems()).toEqual([`2: the body ${plan} is missing`]);
});

it('names a cell that has events and is not in the list, and what is no cell at all', async () => {
  await remove('CELLS', CELL);
  const stray = { pk: { S: 'CELL#Not A Cell' }, sk: { S: eventKey(1) } };
  await client.send(new PutItemCommand({ TableName: table, Item: stray }));
  expect(await problems()).toEqual([
    '0: items stand under "Not A Cell", which is not a cell\'s name',
    '0: the cell has events and is not in the list of cells',
  ]);
});

it("comes to an end on keys that are no event's", async () => {
  for (let index = 0; index < 30; index += 1) {
    const sk = `EVENT#000000000035x${String(index).padStart(2, '0')}`;
    await client.send(new PutItemCommand({ TableName: table, Item: { pk: { S: EVENTS }, sk: { S: sk } } }));
  }
  for (let number = 1; number <= 35; number += 1) await remove(EVENTS, eventKey(number));
  const found = await problems();
  expect(found[0]).toMatch(
    /^0: event 0 cannot be read: the sort key "EVENT#000000000035x00" is not an event's$/,
  );
});

function withData(text: string): (item: Item) => Item {
  return (item) => ({ ...item, data: { B: Buffer.from(text) } });
}

function deflated(text: string): (item: Item) => Item {
  return (item) => ({ ...item, data: { B: deflateRawSync(text) } });
}
