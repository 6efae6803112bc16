import type { Source } from '../fleet/sources/source.ts';
import type { OperatorDeps } from '../operator/operator.ts';
import type { CellFleet } from '../plan/fleet-model.ts';
import type { Generation } from '../plan/generation.ts';
import type { CellName } from '../plan/names.ts';
import type { WaveWatch } from './wave-watch.ts';

/** What a rollout works with: what an operator's verbs do, and eyes. It has no way to reach Route 53. */
export interface RolloutDeps extends OperatorDeps {
  /** What is seen of targets that the planner has not observed under the new fleet yet. */
  readonly source: Source;
  readonly watch: WaveWatch;
  /** Between two looks at a wave, milliseconds. */
  readonly lookMs: number;
}

export interface RolloutRequest {
  /** Every cell of the file. */
  readonly cells: readonly CellFleet[];
  /** Each cell of the file in exactly one wave: {@link wavesOf} sees to it. */
  readonly waves: readonly (readonly CellName[])[];
  /** From when a wave is applied until the next one begins, milliseconds. */
  readonly bakeMs: number;
  /** The `comparedWith` of the push that a person was shown. */
  readonly expected?: string | undefined;
  readonly functionsRead?: number | undefined;
  /** Told of each step, as it is taken. */
  readonly tell: (step: RolloutStep) => void;
  /** Aborted when the person does not want to wait any longer: the same rollout goes on later. */
  readonly signal?: AbortSignal | undefined;
}

/** One step of a rollout. Waves are counted from 1. */
export type RolloutStep =
  | { readonly type: 'declared'; readonly wave: number; readonly cells: readonly CellName[] }
  /** All of its cells have been applied: it bakes until then (milliseconds since 1970). */
  | { readonly type: 'bakes'; readonly wave: number; readonly until: number }
  | { readonly type: 'baked'; readonly wave: number; readonly cells: readonly CellName[] }
  /** It had baked before this command, or nothing in it changes. */
  | { readonly type: 'baked-before'; readonly wave: number; readonly cells: readonly CellName[] };

/** What is wrong with a wave. */
export interface WaveFinding {
  readonly code:
    | 'drifted'
    | 'regressed'
    | 'refused'
    | 'kept-back'
    | 'replaced'
    | 'not-applied'
    | 'empty'
    | 'dangling'
    | 'unsettled'
    | 'alarm';
  /** Absent: of the whole stack. */
  readonly cell?: CellName | undefined;
  /** A clause for a person. */
  readonly says: string;
}

/** What became of one cell of a wave that did not bake well. */
export interface UndoneCell {
  readonly cell: CellName;
  /**
   * `rolled-back`: the answers before the wave are the goal again. `paused`: the wave had changed no answer, so there was
   * nothing to bring back. `left`: there is no earlier answer, or it cannot come back (`says`). In each of them the
   * planner is paused.
   */
  readonly type: 'rolled-back' | 'paused' | 'left';
  /** The generation whose answers came back. */
  readonly to?: Generation | undefined;
  readonly says?: string | undefined;
  /** The number of an event at which the fleet stood that this wave replaced; absent for a cell's first fleet. */
  readonly earlier?: number | undefined;
  /** What people ordered since, which a rollback does not know of. */
  readonly orders: readonly string[];
}

/**
 * The end of a rollout. `stopped`: a person, another push, or an alarm stands in the way; nothing was rolled back.
 * `interrupted`: the person waits no longer. `refused`: nothing was written.
 */
export type RolledOut =
  | { readonly type: 'done' }
  | {
      readonly type: 'rolled-back';
      readonly wave: number;
      readonly findings: readonly WaveFinding[];
      readonly cells: readonly UndoneCell[];
      /** Cells of later waves, which never saw the file. */
      readonly unseen: readonly CellName[];
    }
  | { readonly type: 'stopped'; readonly wave: number; readonly reason: string }
  | { readonly type: 'interrupted'; readonly wave: number }
  | { readonly type: 'refused'; readonly reason: string }
  | { readonly type: 'unknown'; readonly reason: string };
