import { InvariantViolated } from '../../plan/invariant.ts';
import type { Decision } from '../engine/decision.ts';
import { runLocalCalls } from '../engine/local-calls.ts';
import type { PlaySettings } from '../engine/play-settings.ts';
import { SEARCHED } from '../engine/play-settings.ts';
import type { Play, Violation } from '../engine/playing.ts';
import { decisionsOf } from '../engine/possible-decisions.ts';
import { quietPhase } from '../engine/quiet-phase.ts';
import type { Stage } from '../engine/scenario.ts';
import { createStateSet } from '../engine/state-set.ts';

export interface SearchSettings extends Partial<PlaySettings> {
  /** The largest number of times that an actor is interrupted although it could go on; no bound when absent. */
  readonly preemptions?: number;
  /** The number of states after which the search gives up. Then it has proven nothing. */
  readonly statesMax?: number;
  /** The search asks this now and then, and ends when the answer is true. */
  readonly stop?: () => boolean;
  /** Called with every global state, and so at least once with every shared state. */
  readonly visited?: (play: Play) => void;
  /** Called now and then. */
  readonly progress?: (states: number, decisions: number, endings: number) => void;
}

export interface SearchResult {
  /** True when every state was seen. Then the rules hold in all of them. */
  readonly complete: boolean;
  readonly states: number;
  /** The number of decisions taken, each from one state to the next. */
  readonly decisions: number;
  /** The number of ends of the fault phase. A quiet phase follows each of them, once for each shared state. */
  readonly endings: number;
  /** The length of the longest way from the beginning, in decisions. */
  readonly depth: number;
  readonly violation?: Violation & { readonly choices: readonly number[] };
}

interface Frame {
  readonly play: Play;
  readonly decisions: readonly Decision[];
  readonly preemptions: number;
  next: number;
}

/** The search asks whether to stop once in so many transitions. */
const STEPS_A_LOOK = 1_000;

/**
 * Visits every state that a scenario can reach, depth first. Two states are the same when the shared state, every
 * actor's answers so far, the requests in flight and the faults that are left are the same. Then everything that can
 * happen afterwards is the same too.
 *
 * The actor and its local state identify a request in flight. The search drops a dead request, which does nothing when
 * it lands: its fence is gone, and no fence value ever returns; or its place in the log is taken.
 */
export async function searchStepByStep(stage: Stage, settings: SearchSettings = {}): Promise<SearchResult> {
  const {
    preemptions: most,
    statesMax = Number.POSITIVE_INFINITY,
    stop,
    progress,
    visited,
    ...changes
  } = settings;
  const { budget } = stage.scenario;
  const first = await stage.begin({ ...SEARCHED, budget, restsAnywhere: false, ...changes });
  const seen = createStateSet();
  const rested = new Set<string>();
  const path: Frame[] = [];
  let decisions = 0;
  let depth = 0;
  let lookAt = 0;
  const enter = (play: Play, preemptions: number): void => {
    const key = most === undefined ? play.key() : `${play.key()} ${play.current ?? ''} ${preemptions}`;
    if (!seen.add(key)) return;
    visited?.(play);
    path.push({ play, decisions: decisionsOf(play), preemptions, next: 0 });
    depth = Math.max(depth, path.length);
  };
  const result = (complete: boolean): SearchResult => ({
    complete,
    states: seen.size(),
    decisions,
    endings: rested.size,
    depth,
  });
  decisions += await runLocalCalls(first);
  enter(first, 0);
  for (;;) {
    const frame = path.at(-1);
    if (frame === undefined) return result(true);
    const decision = frame.decisions[frame.next];
    if (decision === undefined) {
      path.pop();
      continue;
    }
    frame.next += 1;
    const preemptions = frame.preemptions + (isPreemption(frame, decision) ? 1 : 0);
    if (most !== undefined && preemptions > most) continue;
    // The last decision in a state needs no copy of the play.
    const play = frame.next === frame.decisions.length ? frame.play : frame.play.clone();
    decisions += 1;
    try {
      await play.apply(decision, () => 0);
      decisions += await runLocalCalls(play);
      if (decision.type === 'rest') await restOnce(play, rested);
      else enter(play, preemptions);
    } catch (error) {
      const message =
        error instanceof InvariantViolated ? error.message : `a workflow threw ${String(error)}`;
      const choices = path.map(({ next }) => next - 1);
      return { ...result(false), violation: { message, error, choices } };
    }
    if (decisions >= lookAt) {
      lookAt = decisions + STEPS_A_LOOK;
      progress?.(seen.size(), decisions, rested.size);
      if (seen.size() >= statesMax || stop?.() === true) return result(false);
    }
  }
}

/** Whether a decision interrupts an actor that could go on. */
function isPreemption({ play, decisions }: Frame, decision: Decision): boolean {
  const [first] = decisions;
  if (decision.type !== 'run' || first?.type !== 'run') return false;
  return decision.actor !== first.actor && first.actor === play.current;
}

async function restOnce(play: Play, rested: Set<string>): Promise<void> {
  const key = `${play.environment.key(true)} ${[...play.down].join()}`;
  if (rested.has(key)) return;
  rested.add(key);
  await quietPhase(play);
}
