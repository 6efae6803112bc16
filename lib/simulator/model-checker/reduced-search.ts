import { InvariantViolated, invariant } from '../../plan/invariant.ts';
import type { LocalState } from '../engine/behaviour.ts';
import { SEARCHED } from '../engine/play-settings.ts';
import type { Play } from '../engine/playing.ts';
import { quietPhase } from '../engine/quiet-phase.ts';
import type { Scenario, Stage } from '../engine/scenario.ts';
import { createStateSet } from '../engine/state-set.ts';
import type { Mixed } from '../fingerprint.ts';
import { mixNumbers } from '../fingerprint.ts';
import { choicesOf } from './counterexample.ts';
import type { Edge, GlobalState, RequestOf, Transition } from './global-state.ts';
import { localOf, traceTo } from './global-state.ts';
import type { SearchedActor, SharedState, SilentPath } from './shared-state.ts';
import { throwBug } from './shared-state.ts';
import type { SearchResult, SearchSettings } from './step-search.ts';
import type { Permutation } from './symmetry.ts';
import { permutationsOf } from './symmetry.ts';
import type { TransitionCache } from './transition-cache.ts';
import { createTransitionCache } from './transition-cache.ts';

/** One search. */
interface Search {
  readonly cache: TransitionCache;
  readonly actors: readonly SearchedActor[];
  readonly faultsMax: number;
  readonly enter: (state: Omit<GlobalState, 'from' | 'depth'>, from: Edge) => void;
  /** The transition that is being tried. It names the way to an error that was thrown. */
  trying: Edge | undefined;
}

/** The search asks whether to stop once in so many transitions. */
const STEPS_A_LOOK = 1_000;

/**
 * Whether the reduced search can search a scenario. It can when faults are the only disturbances and nobody thaws; where the zone may return, no request is ever dead. The
 * checker of freezes remembers what a thaw may have seen, so in a scenario with a thaw even a read is not silent.
 */
export function isReducible({ budget, parts }: Scenario): boolean {
  const { tamperings, duplicates, outages, advances, returns } = budget;
  return (
    tamperings + duplicates + outages + advances + returns === 0 && parts.every(({ type }) => type !== 'thaw')
  );
}

/**
 * Finds every shared state that a scenario can reach, like {@link searchStepByStep}, and visits far fewer global
 * states. It uses five reductions. test/simulator/reduced-search.test.ts and test/exploration compare its shared states
 * with those of the step-by-step search, which uses none of the five.
 *
 * **A dead actor is a slow one.** The search plays the quiet phase from every shared state, whoever is still at work,
 * so it abandons the actors at every point. An actor that dies while its request is in flight does what a slow actor
 * does: its request lands late, or never, and the actor is not scheduled again. A fault after which a run ends at once
 * (a throttled read leads to nothing else) equals abandoning the actor before the fault. So neither a death nor such a
 * fault is a decision, any number of actors may die at any point, and only a fault that its actor survives counts. No
 * checker learns of a death. Only the end of a freeze, once it has returned, matters to a checker; this search treats
 * it as a change of the shared state.
 *
 * **Silent transitions come late.** A call is silent when it leaves the shared state as it is: a read, a refused batch,
 * a lost append. Another actor's call that comes after it can also come before it, unless that call changes the silent
 * call's answer or makes the silent call change something. Where it does neither, both orders lead to the same state.
 * So in any run every silent call can be moved to just before the next change of its own actor, or to just before the
 * first change that it would notice, whichever comes first. The search visits only runs of this form. A transition is
 * one change (or fault). Before it, its own actor makes all its silent calls up to the change. Each other actor makes
 * none, or as many as end with a call that notices the change. The search does not assume whether a call notices a
 * change: it plays the call before and after the change. A silent call that shows a bug is played at the latest among
 * the next calls of its own actor.
 *
 * **Persistent transitions come at once.** Examples are a batch whose fence is gone, an append whose place is taken, a
 * question about a change that is INSYNC, and the read of a body. Such a call is silent and gets the same answer
 * whenever it comes. So the search makes it at once, and tries nothing before it but its own faults.
 *
 * **The transition cache.** What a call does depends on the shared state and on its caller's local state. The search
 * plays it once for each such pair (see {@link TransitionCache}).
 *
 * **Symmetry reduction.** Actors of the same role can exchange their names (see {@link permutationsOf}). Of the states
 * that differ in nothing else the search visits one.
 *
 * The search drops a dead request, which can never take effect any more. A request that has no effect only at present
 * stays in flight.
 */
export async function searchReduced(
  stage: Stage,
  settings: Omit<SearchSettings, 'preemptions'> = {},
): Promise<SearchResult> {
  invariant(isReducible(stage.scenario), `${stage.scenario.name} holds more than faults, or a thaw`);
  const { statesMax = Number.POSITIVE_INFINITY, stop, progress, visited } = settings;
  const permutations = permutationsOf(actorsOf(await stage.begin()));
  const lenses = permutations.map(({ lens }) => lens);
  stage.behaviours.permute(lenses);
  const begun = await stage.begin({ ...SEARCHED, budget: stage.scenario.budget });
  const seen = createStateSet();
  const rested = new Set<SharedState>();
  const open: GlobalState[] = [];
  let transitions = 0;
  let depth = 0;
  const search: Search = {
    cache: createTransitionCache(begun, lenses),
    actors: actorsOf(begun),
    faultsMax: stage.scenario.budget.faults,
    enter: (state, from) => {
      transitions += 1;
      if (!hasPersistentCall(state) && !seen.add(keyOf(state, permutations))) return;
      open.push({ ...state, from, depth: from.state.depth + 1 });
    },
    trying: undefined,
  };
  const result = (complete: boolean): SearchResult => {
    return { complete, states: seen.size(), decisions: transitions, endings: rested.size, depth };
  };
  const first: GlobalState = {
    shared: search.cache.first,
    locals: begun.seats.map(({ local }) => local),
    inFlight: [],
    faults: 0,
    depth: 0,
    from: undefined,
  };
  if (!hasPersistentCall(first)) seen.add(keyOf(first, permutations));
  let lookAt = 0;
  try {
    for (let entered: GlobalState | undefined = first; entered !== undefined; entered = open.pop()) {
      let state = entered;
      if (hasPersistentCall(entered)) {
        state = await settle(search, entered);
        if (!seen.add(keyOf(state, permutations))) continue;
      }
      depth = Math.max(depth, state.depth);
      if (!rested.has(state.shared)) {
        rested.add(state.shared);
        search.trying = { state, transition: { type: 'rest' } };
        visited?.(state.shared.play);
        await quietPhase(state.shared.play);
      }
      await expand(search, state);
      if (transitions < lookAt) continue;
      lookAt = transitions + STEPS_A_LOOK;
      progress?.(seen.size(), transitions, rested.size);
      if (seen.size() >= statesMax || stop?.() === true) return result(open.length === 0);
    }
  } catch (error) {
    const message = error instanceof InvariantViolated ? error.message : `a workflow threw ${String(error)}`;
    const choices = await choicesOf(stage, traceTo(search.actors, search.trying));
    return { ...result(false), violation: { message, error, choices } };
  }
  return result(true);
}

function actorsOf({ seats }: Play): readonly SearchedActor[] {
  return seats.map(({ name, role }) => ({ name, role }));
}

/** Equal for states that differ only in which of two equal actors has which name. */
function keyOf(state: Omit<GlobalState, 'from' | 'depth'>, permutations: readonly Permutation[]): Mixed {
  const { images } = state.shared;
  const least = Math.min(...images);
  let key: Mixed | undefined;
  for (const [index, { to }] of permutations.entries()) {
    if (images[index] !== least) continue;
    const image = mixNumbers(imageOf(state, index, to));
    if (key === undefined || image.high < key.high || (image.high === key.high && image.low < key.low))
      key = image;
  }
  invariant(key !== undefined, 'every shared has a least image');
  return key;
}

/** The state after an exchange of names, as numbers. */
function imageOf(
  { shared, locals, inFlight, faults }: Omit<GlobalState, 'from' | 'depth'>,
  index: number,
  to: readonly number[],
): readonly number[] {
  const numbers = [shared.images[index] ?? 0, faults];
  for (const [actor, { images }] of locals.entries()) numbers[2 + (to[actor] ?? actor)] = images[index] ?? 0;
  if (inFlight.length === 0) return numbers;
  const requests = inFlight.map(({ local }) => local.images[index] ?? 0);
  return [...numbers, ...requests.sort((a, b) => a - b)];
}

/** Enters every state that follows this one directly. */
async function expand(search: Search, state: GlobalState): Promise<void> {
  const { cache, actors } = search;
  const { shared, inFlight } = state;
  const silentPaths: SilentPath[] = [];
  for (const [index, actor] of actors.entries()) {
    search.trying = { state, transition: { type: 'run', index } };
    const silentPath = cache.silentPath(shared, actor, localOf(state, index));
    silentPaths.push(silentPath instanceof Promise ? await silentPath : silentPath);
  }
  for (const [index, silentPath] of silentPaths.entries()) {
    const { act } = silentPath;
    if (act !== undefined) {
      const moved = { shared: act.shared, mover: { index, local: act.local }, inFlight };
      await happen(search, state, silentPaths, moved, { type: 'run', index });
    }
    if (state.faults < search.faultsMax) await survive(search, state, index, silentPath);
  }
  for (const request of inFlight) {
    const transition: Transition = { type: 'land', request };
    search.trying = { state, transition };
    const step = cache.step(shared, request.actor, request.local);
    const landed = step instanceof Promise ? await step : step;
    // The request has no effect at present. While it stays in flight, it still allows all that happens without it.
    if (landed.shared === shared) continue;
    const left = inFlight.filter((other) => other !== request);
    await happen(
      search,
      state,
      silentPaths,
      { shared: landed.shared, mover: undefined, inFlight: left },
      transition,
    );
  }
}

/** False when the cache already shows that no actor has a persistent transition. */
function hasPersistentCall({ shared, locals }: Pick<GlobalState, 'shared' | 'locals'>): boolean {
  return locals.some(({ id }) => shared.persistentPath.get(id)?.length !== 1);
}

/**
 * Makes every persistent transition and returns the state after them. Such a call does not affect anybody else's calls,
 * and no other call affects it. So nothing need be tried before it but its own faults, and these are entered.
 */
async function settle(search: Search, from: GlobalState): Promise<GlobalState> {
  const { cache, actors, faultsMax } = search;
  let state = from;
  for (const [index, actor] of actors.entries()) {
    search.trying = { state, transition: { type: 'run', index } };
    const found = cache.persistentPath(state.shared, actor, localOf(state, index));
    const persistentPath = found instanceof Promise ? await found : found;
    for (const [at, next] of persistentPath.slice(1).entries()) {
      const local = persistentPath[at] ?? next;
      if (state.faults < faultsMax) {
        const silentPath = cache.silentPath(state.shared, actor, local);
        await survive(search, state, index, silentPath instanceof Promise ? await silentPath : silentPath, 1);
      }
      const locals = state.locals.map((other, place) => (place === index ? next : other));
      state = { ...state, locals, from: { state, transition: { type: 'persistent', local } } };
    }
  }
  return state;
}

/** A change of the shared state. */
interface SharedChange {
  readonly shared: SharedState;
  /** The actor that made the change, and its local state after it; undefined when a request landed. */
  readonly mover: { readonly index: number; readonly local: LocalState } | undefined;
  readonly inFlight: readonly RequestOf[];
}

/**
 * Enters a state for every combination of silent calls that the other actors make before a change that they would
 * notice.
 */
async function happen(
  { cache, actors, enter }: Search,
  state: GlobalState,
  silentPaths: readonly SilentPath[],
  { shared, mover, inFlight }: SharedChange,
  transition: Transition,
): Promise<void> {
  const isLeft = ({ local }: RequestOf): boolean => !cache.isDead(shared, local);
  const left = inFlight.every(isLeft) ? inFlight : inFlight.filter(isLeft);
  let ways: readonly (readonly LocalState[])[] = [[]];
  for (const [index, actor] of actors.entries()) {
    if (index === mover?.index) {
      ways = ways.map((way) => [...way, mover.local]);
      continue;
    }
    const here = localOf(state, index);
    const silentPath = silentPaths[index];
    const found = silentPath === undefined ? [] : cache.noticing(silentPath, actor, shared);
    const noticing = found instanceof Promise ? await found : found;
    ways = ways.flatMap((way) => [[...way, here], ...noticing.map((local) => [...way, local])]);
  }
  for (const locals of ways)
    enter({ shared, locals, inFlight: left, faults: state.faults }, { state, transition });
}

/** Enters a state for every fault that this actor survives. */
async function survive(
  search: Search,
  state: GlobalState,
  index: number,
  silentPath: SilentPath,
  calls = silentPath.locals.length,
): Promise<void> {
  const { cache, actors, enter } = search;
  const actor = actors[index];
  if (actor === undefined) return;
  search.trying = { state, transition: { type: 'run', index } };
  const found = cache.survivedFaults(silentPath, actor, state.shared);
  for (const { fault, at, local, next } of found instanceof Promise ? await found : found) {
    if (at >= calls) break;
    const stays = fault === 'timeout' && !cache.isDead(state.shared, local);
    const locals = state.locals.map((other, place) => (place === index ? next.local : other));
    const inFlight = stays ? byLocalState([...state.inFlight, { actor, local }]) : state.inFlight;
    const transition = { type: fault, index, at } as const;
    search.trying = { state, transition };
    throwBug(next.local, actor);
    enter({ shared: next.shared, locals, inFlight, faults: state.faults + 1 }, { state, transition });
  }
}

function byLocalState(inFlight: readonly RequestOf[]): readonly RequestOf[] {
  return [...inFlight].sort((a, b) => a.local.id - b.local.id);
}
