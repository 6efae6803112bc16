import type { EventType, RecordedEvent } from '../../ledger/decider/events.ts';
import type { Head, Ledger } from '../../ledger/ledger.ts';
import { readableParts } from '../../ledger/readable-parts.ts';
import type { CellName } from '../../plan/names.ts';

/** Which events somebody wants to see. */
export interface WantedEvents {
  /** Events of these types alone; all when absent. */
  readonly type?: readonly EventType[];
  /** At most so many, the newest. */
  readonly limit: number;
}

/**
 * The heads in whose cells the newest events can be. The newest event of a cell counts by its own time and all others as
 * no later, so that no event of another cell is among the newest ones; one of a certain type may be in any cell.
 */
export function newestHeads(heads: readonly Head[], { limit, type }: WantedEvents): readonly Head[] {
  if (type !== undefined || heads.length <= limit) return heads;
  const age = (a: Head, b: Head): number =>
    (b.last?.at ?? 0) - (a.last?.at ?? 0) || (a.cell < b.cell ? 1 : -1);
  return [...heads].sort(age).slice(0, limit);
}

/**
 * The events of several cells, each given by number, as one list: a cell's own stay by number, whatever a clock said. So
 * an event counts as early as the earliest one after it in its cell.
 */
export function inOrder(cells: readonly (readonly RecordedEvent[])[]): readonly RecordedEvent[] {
  const placed = cells.flatMap((events) => {
    let earliest = Number.POSITIVE_INFINITY;
    return events.toReversed().map((recorded) => {
      earliest = Math.min(earliest, recorded.at);
      return { recorded, at: earliest };
    });
  });
  return placed
    .sort((a, b) => a.at - b.at || byCellAndNumber(a.recorded, b.recorded))
    .map(({ recorded }) => recorded);
}

function byCellAndNumber(a: RecordedEvent, b: RecordedEvent): number {
  if (a.cell === b.cell) return a.number - b.number;
  return a.cell < b.cell ? -1 : 1;
}

/** What was asked for of one cell, and the events among it that cannot be read. */
export interface NewestEvents {
  /** Oldest first. */
  readonly events: readonly RecordedEvent[];
  readonly unreadable: readonly { readonly cell: CellName; readonly number: number; readonly says: string }[];
}

/** The newest events of a cell up to a head. @throws LedgerUnavailable when the ledger cannot be reached. */
export async function newestEvents(
  ledger: Ledger,
  head: Head,
  { type, limit }: WantedEvents,
): Promise<NewestEvents> {
  const found: RecordedEvent[] = [];
  const unreadable: NewestEvents['unreadable'][number][] = [];
  for await (const part of readableParts(ledger, head)) {
    if (part.type === 'unreadable')
      unreadable.push({ cell: head.cell, number: part.number, says: part.says });
    else found.unshift(...part.events.filter(({ event }) => type === undefined || type.includes(event.type)));
    if (found.length >= limit) break;
  }
  return { events: found.slice(-limit), unreadable };
}
