import type { CellName } from '../../plan/names.ts';
import { storedHash } from '../chain.ts';
import { parseEvent } from '../decider/event-shape.ts';
import { parseState } from '../decider/state-json.ts';
import type { Head } from '../ledger.ts';
import { LedgerUnusable } from '../ledger.ts';
import type { StoredEvent, StoredRow } from '../ledger-records.ts';
import type { Item } from './table-access.ts';

const NUMBER_DIGITS = 12;
export const EVENT_NUMBER_MAX = 10 ** NUMBER_DIGITS - 1;
const EVENT_PREFIX = 'EVENT#';
const CELL_PREFIX = 'CELL#';
const SORT_KEY = /^EVENT#(\d{12})$/;
const HASH = /^[0-9a-f]{64}$/;

/** The partition of a cell's events. */
export function cellPartition(cell: CellName): string {
  return `${CELL_PREFIX}${cell}`;
}

/** The cell that a partition belongs to (its events or its bodies); undefined when it is something else. */
export function partitionCell(partition: string): string | undefined {
  return partition.startsWith(CELL_PREFIX) ? partition.split('#')[1] : undefined;
}

export function eventSortKey(number: number): string {
  return `${EVENT_PREFIX}${String(number).padStart(NUMBER_DIGITS, '0')}`;
}

/** The item that holds an event and the state after it. `type` is there for people who look at the table. */
export function eventItem({ record, stateText, nonce }: StoredEvent): Item {
  return {
    pk: { S: cellPartition(record.cell) },
    sk: { S: eventSortKey(record.number) },
    type: { S: record.event.type },
    event: { S: JSON.stringify(record.event) },
    at: { N: String(record.at) },
    by: { S: record.by },
    previous: { S: record.previous },
    hash: { S: record.hash },
    nonce: { S: nonce },
    state: { S: stateText },
  };
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
  const stateText = item['state']?.S ?? (withState ? undefined : '');
  if (!Number.isSafeInteger(at)) return unreadable('its time is missing');
  if (!HASH.test(previous) || !HASH.test(hash)) return unreadable('a hash is missing or damaged');
  if (by === undefined || nonce === undefined) return unreadable('its writer or nonce is missing');
  if (stateText === undefined) return unreadable('its state is missing');
  const parsed = parseEvent(item['event']?.S ?? '');
  if (parsed.type === 'newer') return unreadable(`${parsed.what} was written by a newer Pawl`);
  if (parsed.type === 'damaged') return unreadable(parsed.what);
  const record = { cell, number, at, by, event: parsed.event, previous, hash };
  return { type: 'stored', number, stored: { record, stateText, nonce } };
}

/** The event of a row. @throws LedgerUnusable when it cannot be read. */
export function readable(row: StoredRow, cell: CellName): StoredEvent {
  if (row.type === 'stored') return row.stored;
  throw new LedgerUnusable(
    `Event ${row.number} of cell ${cell} cannot be read: ${row.what}. Use the newest Pawl; "pawl verify" looks at the whole log.`,
  );
}

/**
 * The head that an item stands for, checked against its own hash.
 *
 * @throws LedgerUnusable when it was altered, or written by a version of Pawl with another state.
 */
export function headOf(item: Item, cell: CellName, ledger: string): Head {
  const stored = readable(storedRow(item, cell, true), cell);
  const { record, stateText } = stored;
  const { number, hash } = record;
  if (storedHash(stored) !== hash) {
    throw new LedgerUnusable(
      `Event ${number} of cell ${cell} is not what was appended: its hash does not match. Run "pawl verify", and find out who wrote to the table.`,
    );
  }
  return { cell, number, hash, state: parseState(stateText, cell, ledger), last: record };
}
