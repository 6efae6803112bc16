import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { invariant } from '../../plan/invariant.ts';
import type { CellName } from '../../plan/names.ts';
import type { Clock } from '../../runtime/clock.ts';
import { systemClock } from '../../runtime/clock.ts';
import type { Randomness } from '../../runtime/ids.ts';
import { FIRST_PREVIOUS } from '../chain.ts';
import type { RecordedEvent } from '../decider/events.ts';
import { initialState } from '../decider/state.ts';
import { checkRange } from '../entry-limits.ts';
import type { AppendOutcome, Entry, EventRange, Head, Ledger } from '../ledger.ts';
import { LedgerUnusable } from '../ledger.ts';
import type { LedgerRecords } from '../ledger-records.ts';
import type { Release } from '../stored-event.ts';
import { headOf, nextEvent, recordOf, THIS_RELEASE } from '../stored-event.ts';
import { bodyCache } from './body-cache.ts';
import type { TableAccess } from './calls.ts';
import { attempt } from './calls.ts';
import { EVENT_NUMBER_MAX, eventItem, eventSortKey, storedEvent, storedRow } from './items.ts';
import { CELLS_PARTITION, cellPartition } from './partitions.ts';
import { putEvent } from './put-event.ts';
import { queryItems } from './query-items.ts';
import { getBody, putBody } from './stored-bodies.ts';
import { dynamodbRecords, listedCells } from './stored-records.ts';
import type { Item } from './table-access.ts';
import { checkTable, NOTHING_THERE, readIdentity } from './table-access.ts';

export interface OpenLedgerDeps {
  /** Made with `maxAttempts: 1`: an attempt that the client repeats by itself could lose to its own event. */
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly randomness: Randomness;
  /** The machine's clock unless given. */
  readonly clock?: Clock;
}

export interface OpenLedgerOptions {
  /** Who reads and writes; this release of Pawl unless given. */
  readonly release?: Release;
  /** Octets of bodies kept in memory, 64 MB unless given; 0 for none. */
  readonly cacheBytes?: number;
}

/** One ledger, as one release of Pawl reads and writes it. */
interface Opened {
  readonly access: TableAccess;
  readonly id: string;
  readonly release: Release;
}

/** A ledger in a DynamoDB table, with its stored records for `verify`. */
export interface StoredLedger extends Ledger {
  readonly records: LedgerRecords;
}

const CACHE_BYTES = 64 * 1_024 * 1_024;
/** The attributes of an event, without the state after it. */
const EVENT_ATTRIBUTES: readonly string[] = [
  ...['sk', 'event', 'at', 'by', 'previous', 'hash', 'nonce'],
  ...['format', 'readableFrom', 'pawl'],
];

/**
 * Opens the ledger in a table, and gives a new table its identity.
 * Only single conditional PutItems and consistent reads are used, which is all that a multi-Region strongly
 * consistent global table offers (DynamoDB Developer Guide, "Multi-Region strong consistency").
 *
 * @throws LedgerUnusable when the table is missing, has another key, or holds a ledger of another format.
 * @throws LedgerUnavailable when DynamoDB cannot be reached or refuses the caller.
 */
export async function openLedger(
  deps: OpenLedgerDeps,
  options: OpenLedgerOptions = {},
): Promise<StoredLedger> {
  const access: TableAccess = { ...deps, clock: deps.clock ?? systemClock };
  const attempts = await deps.client.config.maxAttempts();
  invariant(attempts === 1, `The ledger's client must have maxAttempts 1, not ${attempts}.`);
  await checkTable(access);
  const id = await readIdentity(access);
  const opened: Opened = { access, id, release: options.release ?? THIS_RELEASE };
  const cache = bodyCache(options.cacheBytes ?? CACHE_BYTES);
  return {
    id,
    records: dynamodbRecords(access, id),
    cells: () => listedCells(access),
    head: (cell) => readHead(opened, cell),
    append: (head, entry) => append(opened, head, entry),
    events: (cell, range) => readEvents(opened, cell, range),
    putBody: (cell, text) => putBody(access, cache, cell, text),
    getBody: (cell, digest) => getBody(access, cache, cell, digest),
  };
}

async function readHead({ access, id, release }: Opened, cell: CellName): Promise<Head> {
  const [item] = await queryItems(access, {
    partition: cellPartition(cell),
    between: [eventSortKey(1), eventSortKey(EVENT_NUMBER_MAX)],
    order: 'backward',
    limit: 1,
  });
  if (item !== undefined) return headOf(storedEvent(storedRow(item, cell, true), cell), id, release);
  return { cell, number: 0, hash: FIRST_PREVIOUS, state: initialState(cell, id) };
}

async function append(opened: Opened, head: Head, entry: Entry): Promise<AppendOutcome> {
  const { access, id, release } = opened;
  const { cell } = head;
  invariant(head.state.cell === cell, `A head of ${cell} carries the state of ${head.state.cell}.`);
  invariant(head.state.ledger === id, `A head of ledger ${head.state.ledger} was given to ledger ${id}.`);
  invariant(
    (head.last?.number ?? 0) === head.number,
    `Event ${head.number + 1} of ${cell} would leave a gap.`,
  );
  const next = nextEvent(release, head, entry, access.randomness.nonce());
  if (next.head.number === 1) await listCell(access, cell);
  const outcome = await putEvent(access, eventItem(next.stored, entry.event.type));
  switch (outcome.type) {
    case 'appended':
      return { type: 'appended', head: next.head };
    case 'lost':
      return { type: 'lost', winner: outcome.winner && winnerOf(opened, cell, outcome.winner) };
    case 'unknown':
      return outcome;
  }
}

/** Undefined for an event that this release cannot read: the next read of the head throws the reason. */
function winnerOf({ id, release }: Opened, cell: CellName, item: Item): Head | undefined {
  const row = storedRow(item, cell, true);
  try {
    return row.type === 'stored' ? headOf(row.stored, id, release) : undefined;
  } catch (error) {
    if (error instanceof LedgerUnusable) return undefined;
    throw error;
  }
}

/** Lists a cell before its first event, so that no cell with events is ever missing from the list. */
async function listCell(access: TableAccess, cell: CellName): Promise<void> {
  const request = new PutItemCommand({
    TableName: access.table,
    Item: { pk: { S: CELLS_PARTITION }, sk: { S: cell } },
    ConditionExpression: NOTHING_THERE,
  });
  const outcome = await attempt(access, () => access.client.send(request));
  if (outcome.type === 'failed' && outcome.failure.kind !== 'condition') throw outcome.failure.error;
}

async function readEvents(
  { access, release }: Opened,
  cell: CellName,
  range: EventRange,
): Promise<readonly RecordedEvent[]> {
  checkRange(range);
  const items = await queryItems(access, {
    partition: cellPartition(cell),
    between: [eventSortKey(range.after + 1), eventSortKey(EVENT_NUMBER_MAX)],
    order: range.order,
    limit: range.limit,
    attributes: EVENT_ATTRIBUTES,
  });
  const events = items.map((item) => recordOf(storedEvent(storedRow(item, cell, false), cell), release));
  checkChained(events, range);
  return events;
}

/** @throws LedgerUnusable when a number is missing or an event does not name the one before it. */
function checkChained(events: readonly RecordedEvent[], { order, after }: EventRange): void {
  const [first] = events;
  if (order === 'forward' && first !== undefined && first.number !== after + 1) {
    throw broken(first.cell, after + 1, 'is missing');
  }
  const oldestFirst = order === 'forward' ? events : [...events].reverse();
  oldestFirst.forEach((event, index) => {
    const before = oldestFirst[index - 1];
    if (before === undefined) return;
    if (event.number !== before.number + 1) throw broken(event.cell, before.number + 1, 'is missing');
    if (event.previous !== before.hash)
      throw broken(event.cell, event.number, 'does not follow the one before it');
  });
}

function broken(cell: CellName, number: number, what: string): LedgerUnusable {
  return new LedgerUnusable(`Event ${number} of cell ${cell} ${what}: run "pawl verify".`);
}
