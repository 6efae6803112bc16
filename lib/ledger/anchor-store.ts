import type { HeadMark } from '../plan/fence.ts';
import type { CellName } from '../plan/names.ts';
import type { LogPlace } from './head-mark.ts';

/**
 * A place that keeps the hash of every event and lets nobody take it away again: a bucket with object lock, which the
 * ledger's writers may not write (docs/adr/0054-anchors-of-the-log.md). Every verb may throw LedgerUnavailable.
 */
export interface AnchorStore {
  /** How a sentence names it: `the bucket pawl-anchors`. */
  readonly name: string;
  /**
   * Keeps the hash of an event for good; keeping it again is harmless. `contradicted`: another hash is kept for the same
   * number, so an event was replaced. Both are kept then.
   */
  keep(cell: CellName, place: LogPlace): Promise<'kept' | 'contradicted'>;
  /** The marks above `after` and up to `upTo`, in order of number: two or more of one number where several are kept. */
  marks(cell: CellName, after: number, upTo: number): Promise<readonly HeadMark[]>;
}
