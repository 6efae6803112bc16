import type { CellName } from '../../plan/names.ts';
import type { WrittenBy } from '../../plan/stored-format.ts';
import type { EventType } from '../decider/events.ts';
import { LedgerUnusable } from '../ledger.ts';
import type { StoredEvent, StoredRow } from '../ledger-records.ts';
import { cellPartition } from './partitions.ts';
import type { Item } from './table-access.ts';

const NUMBER_DIGITS = 12;
export const EVENT_NUMBER_MAX = 10 ** NUMBER_DIGITS - 1;
const EVENT_PREFIX = 'EVENT#';
const SORT_KEY = /^EVENT#(\d{12})$/;
const HASH = /^[0-9a-f]{64}$/;
/** The writer of an event that names none: 0.1.0 is the only release that stored neither its format nor its name. */
const FIRST_WRITTEN_BY: WrittenBy = { format: 1, readableFrom: 1, pawl: '0.1.0' };

export function eventSortKey(number: number): string {
  return `${EVENT_PREFIX}${String(number).padStart(NUMBER_DIGITS, '0')}`;
}

/** The item that holds an event and the state after it. `type` is there for people who look at the table. */
export function eventItem(stored: StoredEvent, type: EventType): Item {
  return {
    pk: { S: cellPartition(stored.cell) },
    sk: { S: eventSortKey(stored.number) },
    type: { S: type },
    event: { S: stored.eventText },
    at: { N: String(stored.at) },
    by: { S: stored.by },
    previous: { S: stored.previous },
    hash: { S: stored.hash },
    nonce: { S: stored.nonce },
    state: { S: stored.stateText },
    ...writtenByAttributes(stored),
  };
}

/** Format 1 has none of these attributes. */
function writtenByAttributes({ format, readableFrom, pawl }: WrittenBy): Item {
  if (format === 1) return {};
  return { format: { N: String(format) }, readableFrom: { N: String(readableFrom) }, pawl: { S: pawl } };
}

/** Reads an event's item, with its state or, where only the event was asked for, without. Total. */
export function storedRow(item: Item, cell: CellName, withState: boolean): StoredRow {
  const number = Number(SORT_KEY.exec(item['sk']?.S ?? '')?.[1] ?? 0);
  const unreadable = (what: string): StoredRow => ({ type: 'unreadable', number, what });
  if (number === 0) return unreadable(`the sort key "${item['sk']?.S}" is not an event's`);
  const at = Number(item['at']?.N ?? Number.NaN);
  const by = item['by']?.S;
  const previous = item['previous']?.S ?? '';
  const hash = item['hash']?.S ?? '';
  const nonce = item['nonce']?.S;
  const eventText = item['event']?.S;
  const stateText = item['state']?.S ?? (withState ? undefined : '');
  const written = writtenBy(item);
  if (!Number.isSafeInteger(at)) return unreadable('its time is missing');
  if (!HASH.test(previous) || !HASH.test(hash)) return unreadable('a hash is missing or damaged');
  if (by === undefined || nonce === undefined) return unreadable('its writer or nonce is missing');
  if (eventText === undefined) return unreadable('its event is missing');
  if (stateText === undefined) return unreadable('its state is missing');
  if (written === undefined) return unreadable('its format is damaged');
  const stored = { cell, number, at, by, eventText, stateText, nonce, previous, hash, ...written };
  return { type: 'stored', number, stored };
}

function writtenBy(item: Item): WrittenBy | undefined {
  const { format, readableFrom, pawl } = item;
  if (format === undefined && readableFrom === undefined && pawl === undefined) return FIRST_WRITTEN_BY;
  const [number, from] = [Number(format?.N ?? Number.NaN), Number(readableFrom?.N ?? Number.NaN)];
  const isFormat = Number.isSafeInteger(number) && number > 1 && Number.isSafeInteger(from) && from >= 1;
  if (!isFormat || from > number || pawl?.S === undefined) return undefined;
  return { format: number, readableFrom: from, pawl: pawl.S };
}

/** What a row holds. @throws LedgerUnusable when it lacks something that every format has. */
export function storedEvent(row: StoredRow, cell: CellName): StoredEvent {
  if (row.type === 'stored') return row.stored;
  throw new LedgerUnusable(
    `Event ${row.number} of cell ${cell} cannot be read: ${row.what}. "pawl verify" looks at the whole log.`,
  );
}
