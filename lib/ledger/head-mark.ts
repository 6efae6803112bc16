import type { FenceReading, HeadMark } from '../plan/fence.ts';
import { MARK_DIGITS } from '../plan/fence.ts';
import { canRecord } from './decider/formats.ts';
import type { CellState } from './decider/state.ts';
import { isSaid } from './decider/state.ts';
import type { Head } from './ledger.ts';

/** A place of the log: its number and its hash. */
export type LogPlace = Pick<Head, 'number' | 'hash'>;

/** The mark of a place; undefined before a log's first event. */
export function markOf({ number, hash }: LogPlace): HeadMark | undefined {
  return number === 0 ? undefined : { number, digits: hash.slice(0, MARK_DIGITS) };
}

/**
 * Whether an anchor's mark shows by a head alone that the log has lost or replaced events: it is above the head, or at
 * it with other digits. No race looks like this if the head was read after the anchor: a log only grows. Pure.
 */
export function contradicts({ number, digits }: HeadMark, head: LogPlace): boolean {
  return number > head.number || (number === head.number && !head.hash.startsWith(digits));
}

/** What the fence that was read remembers of this log; undefined where it is another log's, or remembers nothing. */
export function ownMark(reading: FenceReading, { ledger }: Pick<CellState, 'ledger'>): HeadMark | undefined {
  return reading.type === 'fence' && reading.fence.ledger === ledger ? reading.fence.head : undefined;
}

/** What is judged by {@link unsaidMark}. */
export interface Marked extends LogPlace {
  readonly state: Pick<CellState, 'format' | 'contradicted'>;
}

/**
 * The mark, if it contradicts a head and the log has yet to say so. Until then nothing else is appended by anybody who
 * knows the mark, and no fence without it is written (docs/adr/0054-anchors-of-the-log.md). Undefined in a format that
 * cannot say it. Pure.
 */
export function unsaidMark(head: Marked, mark: HeadMark | undefined): HeadMark | undefined {
  if (mark === undefined || !canRecord(head.state, 'LogContradicted')) return undefined;
  return contradicts(mark, head) && !isSaid(head.state, mark) ? mark : undefined;
}
