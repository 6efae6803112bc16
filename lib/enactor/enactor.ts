import type { Writer } from '../cell/fenced-write.ts';
import type { InsyncSettings } from '../cell/insync.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { Generation, Seq } from '../plan/generation.ts';
import type { Conflict } from '../plan/roots.ts';
import type { Clock, Instant } from '../runtime/clock.ts';
import type { Telemetry } from '../telemetry/telemetry.ts';

/** What an enactor works with: one cell's zone and the ledger. */
export interface EnactorDeps {
  readonly writer: Writer;
  readonly ledger: Ledger;
  readonly clock: Clock;
  readonly telemetry: Telemetry;
  readonly settings: InsyncSettings;
}

export interface EnactRequest {
  /** hint: there may be a new plan; one call if there is none. sweep: read the zone itself, and repair it. */
  readonly mode: 'hint' | 'sweep';
  /** Nothing new is begun after this; the next run goes on. */
  readonly deadline: Instant;
}

/** What a run came to. Every one of them is a normal end. */
export type EnactOutcome =
  | {
      readonly type: 'applied';
      readonly generation: Generation;
      readonly seq: Seq;
      readonly reason: 'flip' | 'repair';
    }
  | { readonly type: 'converged'; readonly generation: Generation }
  /** Another writer overtook what this run had decided, and brought the cell to its goal. */
  | { readonly type: 'superseded'; readonly generation: Generation; readonly by: string }
  | { readonly type: 'idle'; readonly reason: string }
  | { readonly type: 'frozen'; readonly by: string }
  | { readonly type: 'refused'; readonly reason: string; readonly conflicts: readonly Conflict[] }
  | { readonly type: 'unfinished'; readonly reason: string };

/** What one run remembers between its passes: never a reading, only that something was lost or seen. */
export interface Run {
  readonly request: EnactRequest;
  readonly startedAt: number;
  /** True once the zone itself must be read: a sweep, or anything that was refused or doubtful. */
  readZone: boolean;
  lost: number;
  /** Why the last write may not have gone through. */
  lostReason: string;
  /** The seq that the ledger had recorded before the next fence is read; see the regression check. */
  recordedSeq: number | undefined;
  readonly insync: Set<string>;
}
