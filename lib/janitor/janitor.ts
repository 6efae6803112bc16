import type { Writer } from '../cell/fenced-write.ts';
import type { InsyncSettings } from '../cell/insync.ts';
import type { AppliedState } from '../ledger/decider/state.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Fence, FenceReading } from '../plan/fence.ts';
import type { Seq } from '../plan/generation.ts';
import type { Clock, Instant } from '../runtime/clock.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';

/** What a janitor works with: one cell's zone and the ledger. */
export interface JanitorDeps {
  readonly writer: Writer;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly settings: Pick<InsyncSettings, 'unknownChangeMs'>;
}

export interface RetireRequest {
  /** The run begins nothing new after this. */
  readonly deadline: Instant;
}

/** The plan at the fence, which the log says was applied. */
export interface RecordedPlan {
  readonly type: 'recorded';
  readonly reading: FenceReading;
  readonly fence: Fence;
  readonly applied: AppliedState;
}

/**
 * The outcome of a run. `lost`: something changed since the read, and nothing was deleted. `refused`: nothing has, and
 * Route 53 refuses all the same.
 */
export type RetireOutcome =
  | { readonly type: 'retired'; readonly names: readonly string[]; readonly seq: Seq }
  /** `pending`: there may be something to delete once the last change is everywhere. */
  | { readonly type: 'nothing'; readonly reason: string; readonly pending?: true }
  | { readonly type: 'lost'; readonly reason: string }
  | { readonly type: 'refused'; readonly reason: string }
  | { readonly type: 'unknown'; readonly reason: string };
