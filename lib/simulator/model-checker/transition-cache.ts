import { invariant } from '../../plan/invariant.ts';
import type { AnswerLens } from '../engine/answer-key.ts';
import type { LocalState } from '../engine/behaviour.ts';
import type { Play } from '../engine/playing.ts';
import type { PendingCall } from '../ports/port-call.ts';
import { answerOf } from '../ports/port-call.ts';
import type {
  SearchedActor,
  SharedState,
  SilentPath,
  Successor,
  SurvivedFault,
  TakeStep,
} from './shared-state.ts';
import { throwBug } from './shared-state.ts';
import { findNoticing, findPersistentPath, findSilentPath, findSurvivedFaults } from './silent-path.ts';

/**
 * Every shared state that a scenario reaches, each of them once, and where every call in it leads. All of this comes
 * from playing the calls. What a call does is a function of its caller's local state and of the shared state alone. So
 * the cache plays each call once, whatever the local states of all other actors are.
 */
export interface TransitionCache {
  readonly first: SharedState;
  readonly step: TakeStep;
  silentPath(shared: SharedState, actor: SearchedActor, local: LocalState): SilentPath | Promise<SilentPath>;
  /** The faults in the calls of a silent path, the changing one included, after which the actor does more than end. */
  survivedFaults(
    silentPath: SilentPath,
    actor: SearchedActor,
    shared: SharedState,
  ): readonly SurvivedFault[] | Promise<readonly SurvivedFault[]>;
  /**
   * The local states of a silent path right after a call that notices the change to `changed`: after the change the
   * call gets another answer, or it changes the shared state.
   */
  noticing(
    silentPath: SilentPath,
    actor: SearchedActor,
    changed: SharedState,
  ): readonly LocalState[] | Promise<readonly LocalState[]>;
  /** Whether the request of this local state is dead: it can never take effect any more. */
  isDead(shared: SharedState, local: LocalState): boolean;
  /**
   * This local state and those that follow it by persistent transitions, in order. The last one is the first whose call
   * is not a persistent transition. The result is this local state alone when its own call is not one.
   */
  persistentPath(
    shared: SharedState,
    actor: SearchedActor,
    local: LocalState,
  ): readonly LocalState[] | Promise<readonly LocalState[]>;
  /**
   * Forgets where calls have led when the cache has grown large. Calls are played again when the search asks for them
   * again.
   */
  trim(): void;
}

/**
 * The number of cached calls from which on {@link TransitionCache.trim} forgets all of them. They take about a
 * gigabyte.
 */
const STEPS_MAX = 2_000_000;

/** @param begun a play in which nobody has made a call yet. */
export function createTransitionCache(begun: Play, lenses: readonly AnswerLens[]): TransitionCache {
  const sharedStates = new Map<string, SharedState>();
  const intern = internStates(sharedStates, lenses);
  let steps = 0;
  const learn = async (shared: SharedState, actor: SearchedActor, local: LocalState): Promise<Successor> => {
    const call = callIn(local);
    const isLook = call.effect === 'read' || call.effect === 'local';
    const play = isLook ? shared.play : shared.play.clone();
    const answer = isLook ? await answerOf(call, play.environment) : await play.deliver(call);
    const next = await play.after({ ...actor, local }, answer);
    throwBug(next, actor);
    const step = arrive(isLook ? shared : intern(play), actor, next, intern);
    shared.steps.set(local.id, step);
    steps += 1;
    return step;
  };
  const step: TakeStep = (shared, actor, local) => shared.steps.get(local.id) ?? learn(shared, actor, local);
  const first = begun.clone();
  // The checkers learn here that every actor has started, so that a first call is like any other call. Only the start
  // of a thaw matters to a checker.
  for (const { name, role } of begun.seats) first.watch.started({ name, role: role.type, cell: role.cell });
  return {
    first: intern(first),
    step,
    silentPath: (shared, actor, local) =>
      shared.silentPaths.get(local.id) ?? findSilentPath(shared, actor, local, step),
    survivedFaults: (silentPath, actor, shared) =>
      silentPath.survivedFaults ??
      findSurvivedFaults(silentPath, actor, shared, (...where) => arrive(...where, intern)),
    noticing: (silentPath, actor, changed) =>
      silentPath.noticing?.get(changed.id) ?? findNoticing(silentPath, actor, changed, step),
    isDead: (shared, local) => {
      const known = shared.dead.get(local.id);
      if (known !== undefined) return known;
      const dead = shared.play.isDead(callIn(local));
      shared.dead.set(local.id, dead);
      return dead;
    },
    persistentPath: (shared, actor, local) =>
      shared.persistentPath.get(local.id) ?? findPersistentPath(shared, actor, local, step),
    trim: () => {
      if (steps < STEPS_MAX) return;
      steps = 0;
      for (const shared of sharedStates.values()) {
        for (const known of [shared.steps, shared.silentPaths, shared.dead, shared.persistentPath])
          known.clear();
      }
    },
  };
}

type Intern = (play: Play) => SharedState;

function internStates(sharedStates: Map<string, SharedState>, lenses: readonly AnswerLens[]): Intern {
  const images = new Map<string, number>();
  const imageOf = ({ environment, watch }: Play, lens: AnswerLens): number => {
    const key = `${environment.key(true, lens)}/${lens.text(watch.key())}`;
    const known = images.get(key) ?? images.size;
    images.set(key, known);
    return known;
  };
  return (play) => {
    const key = `${play.environment.key(true)}/${play.watch.key()}`;
    const known = sharedStates.get(key);
    if (known !== undefined) return known;
    const shared = {
      id: sharedStates.size,
      play,
      images: lenses.map((lens) => imageOf(play, lens)),
      steps: new Map(),
      silentPaths: new Map(),
      dead: new Map(),
      persistentPath: new Map(),
    };
    sharedStates.set(key, shared);
    return shared;
  };
}

/** Reports the end of a freeze to the checkers. No other end matters to a checker. */
function arrive(
  shared: SharedState,
  { name, role }: SearchedActor,
  local: LocalState,
  intern: Intern,
): Successor {
  const { stop } = local;
  if (stop.type !== 'done' || role.type !== 'freeze') return { shared, local };
  const play = shared.play.clone();
  play.watch.ended({ name, role: role.type, cell: role.cell }, stop.outcome);
  return { shared: intern(play), local };
}

/** @throws InvariantViolated when the actor has ended there. */
function callIn({ stop }: LocalState): PendingCall {
  invariant(stop.type === 'call', 'nobody is suspended in a call there');
  return stop.call;
}
