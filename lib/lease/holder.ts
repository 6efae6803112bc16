import type { Stopwatch } from '../runtime/stopwatch.ts';
import type { LeaseRow } from './lease-row.ts';
import type { HearingZone, LeaseTable, RowVersion } from './lease-table.ts';

export interface HolderDeps {
  readonly leases: LeaseTable;
  readonly stopwatch: Stopwatch;
}

/** What a holder says in a period. */
export interface HoldRequest {
  readonly zone: HearingZone;
  readonly group: string;
  /** Who asks: the same name after a restart, and nobody else's. */
  readonly by: string;
  readonly members: readonly number[];
}

/** A lease that is held. */
export interface Hold extends RowVersion, Pick<LeaseRow, 'since'> {
  /** From then on the holder may not act, milliseconds of its stopwatch. */
  readonly untilMs: number;
}

/** A write whose answer was lost. If its row is there later, the holder's time is the one that it had. */
export interface SentWrite extends Pick<LeaseRow, 'e' | 't'> {
  readonly untilMs: number;
}

/** What a holder remembers from one period to the next. All of it may be lost: then the row is its own to take over. */
export interface HolderMemory {
  readonly hold: Hold | undefined;
  readonly sent: SentWrite | undefined;
  /** Periods without a success since the last one. */
  readonly tries: number;
}

export const NEW_HOLDER: HolderMemory = { hold: undefined, sent: undefined, tries: 0 };

/** What a period came to. Whether the holder may act is in its memory ({@link mayAct}), and not here. */
export type HoldOutcome =
  /** The row is written; whatever the holder does elsewhere carries `e`. */
  | { readonly type: 'held'; readonly e: number }
  /** Another holder has the row. */
  | { readonly type: 'others'; readonly by: string }
  /** The zone has no tick yet: no planner has looked at it. */
  | { readonly type: 'no-tick' }
  /** Nothing of this period is known to be written. The next period tries again. */
  | { readonly type: 'missed'; readonly reason: string };

export interface HeldPeriod {
  readonly outcome: HoldOutcome;
  readonly memory: HolderMemory;
  /** The period that the zone's tick asks for, milliseconds; undefined where the tick was not read. */
  readonly every: number | undefined;
}

/** Whether a holder is inside its time. @param nowMs of its stopwatch. */
export function mayAct({ hold }: HolderMemory, nowMs: number): boolean {
  return hold !== undefined && nowMs < hold.untilMs;
}
