import type { CellName } from '../plan/names.ts';
import type { LeaseRow } from './lease-row.ts';
import type { Tick } from './lease-rule.ts';

/** Where rows age together: a cell and one of its availability zones. */
export interface HearingZone {
  readonly cell: CellName;
  /** Such as `use1-az1`. */
  readonly az: string;
}

/** A row as it was read. `unreadable`: it is damaged, or of a newer format; `what` completes "the row of the group". */
export type ReadRow =
  | { readonly type: 'row'; readonly row: LeaseRow }
  | { readonly type: 'unreadable'; readonly group: string; readonly what: string };

export interface RowPage {
  /** In order of group. */
  readonly rows: readonly ReadRow[];
  /** The last group of the page; absent when no page follows. */
  readonly next?: string | undefined;
}

/** What makes a row the one that was read. */
export type RowVersion = Pick<LeaseRow, 'e' | 's'>;

/**
 * `lost`: its condition did not hold, and nothing was written. `unknown`: no answer came; it was written, or it will be,
 * or never.
 */
export type LeaseWrite =
  | { readonly type: 'applied' }
  | { readonly type: 'lost' }
  | { readonly type: 'unknown'; readonly reason: string };

/**
 * The table of leases: for each hearing zone a tick, and a row a group. Every write is of one item, has a condition, and
 * is sent once: nothing here tries again. Every verb may throw {@link LeasesAway}, and then certainly nothing was written.
 */
export interface LeaseTable {
  /** One strongly consistent read; undefined when the zone has no tick. */
  readTick(zone: HearingZone): Promise<Tick | undefined>;
  /** Writes the tick if the zone's tick is exactly `known`, undefined for none. */
  putTick(zone: HearingZone, tick: Tick, known: Tick | undefined): Promise<LeaseWrite>;
  /** One strongly consistent read; undefined when there is no such row. */
  readRow(zone: HearingZone, group: string): Promise<ReadRow | undefined>;
  /** One page of the rows behind the group `after`, strongly consistent. Two pages are not one snapshot. */
  readRows(zone: HearingZone, after?: string): Promise<RowPage>;
  /** Writes the row if `known` are the epoch and the seq of the row that is there, undefined for none. */
  putRow(zone: HearingZone, row: LeaseRow, known: RowVersion | undefined): Promise<LeaseWrite>;
}

/** The table of leases cannot be reached, refuses the caller, or is not there. The message is one sentence. */
export class LeasesAway extends Error {
  override readonly name = 'LeasesAway';
}
