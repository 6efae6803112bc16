import type { CellState } from '../ledger/decider/state.ts';
import type { Head } from '../ledger/ledger.ts';
import type { Fence, HeadMark } from '../plan/fence.ts';
import { MARK_DIGITS } from '../plan/fence.ts';

/** The format of a log from which on every reader at work knows a fence with a mark (docs/adr/0054-anchors-of-the-log.md). */
const MARKED_SINCE = 3;

/** What a mark says of a head, or is held against. */
export interface Marked extends Pick<Head, 'number' | 'hash'> {
  readonly state: Pick<CellState, 'format' | 'ledger'>;
}

/** The mark of a head; undefined before a log's first event. */
export function markOf({ number, hash }: Pick<Head, 'number' | 'hash'>): HeadMark | undefined {
  return number === 0 ? undefined : { number, digits: hash.slice(0, MARK_DIGITS) };
}

/**
 * The mark of the next fence, which is decided on this head. Where somebody at work may not read a mark yet, the next
 * fence has one only if this one has. Pure.
 *
 * @param fence which the next one follows; undefined when none could be read.
 */
export function nextMark(head: Marked, fence?: Fence): HeadMark | undefined {
  const { format, ledger } = head.state;
  if (format >= MARKED_SINCE) return markOf(head);
  return fence?.ledger === ledger ? fence.head : undefined;
}
