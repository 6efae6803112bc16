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
import type { Actor, SharedState, SilentPath } from './shared-state.ts';
import { throwBug } from './shared-state.ts';
import type { SearchResult, SearchSettings } from './step-search.ts';
import type { Permutation } from './symmetry.ts';
import { permutationsOf } from './symmetry.ts';
import type { TransitionCache } from './transition-cache.ts';
import { createTransitionCache } from './transition-cache.ts';

/** One search. */
interface Search {
  readonly cache: TransitionCache;
  readonly actors: readonly Actor[];
  readonly faultsMax: number;
  readonly enter: (state: Omit<GlobalState, 'from' | 'depth'>, from: Edge) => void;
  /** What is being tried, for whoever asks after something was thrown. */
  trying: Edge | undefined;
}

/** Between two questions whether to stop, transitions. */
const STEPS_A_LOOK = 1_000;

/**
 * Whether a scenario can be searched here: nothing goes wrong but faults, and nobody thaws (the rule of freezes asks
 * what a thaw may have seen, so there even reading is not silent).
 */
export function isReducible({ budget, parts }: Scenario): boolean {
  const { tamperings, duplicates, outages, advances } = budget;
  return tamperings + duplicates + outages + advances === 0 && parts.every(({ type }) => type !== 'thaw');
}

/**
 * Finds every world that a scenario can reach, like {@link searchStepByStep}, in far fewer states. Five reductions
 * leave out the others. test/simulator/reduced-search.test.ts and test/exploration compare the worlds with those of the
 * search step by step, which uses none of them.
 *
 * **A dead actor is a slow one.** The quiet phase is played in every world, whoever is still at work: the actors are
 * abandoned there. An actor that dies while its request is in flight does what a slow one does: its call comes late, or
 * never, and it is not scheduled again. A fault after which a run ends at once (all that a throttled read leads to)
 * equals abandoning the actor before it. So neither is a decision, any number of actors may die at any point, and only
 * a fault that its actor survives counts. No rule hears of a death. Of ends only a freeze's matters to a rule, once it
 * has returned, and here that is a change of the world.
 *
 * **Silent transitions come late.** A call is silent when it changes neither the world nor what a rule remembers: a
 * read, a batch that is refused, a lost append. Another actor's call after it can as well come before it, unless that
 * changes the silent call's answer (or makes it not silent): both orders lead to the same state. So in any run every
 * silent call can be moved to just before the next call of its own actor or the first change that it would notice,
 * whichever comes first. Only runs of this form are searched: a transition is one change (or fault), before which its
 * own actor makes all its silent calls up to it, and each other actor none, or as many as end with one that notices the
 * change. Whether a call notices it is not assumed but tried: the call is played before and after. A silent call that
 * shows a bug is played at the latest as part of its own actor's next calls.
 *
 * **Persistent transitions come at once.** A batch whose fence is gone, an append whose place is taken, a question
 * after a change that is everywhere, a body that is read: such a call is silent, and gets the same answer whenever it
 * comes. So it comes at once, and before it there is nothing to try but its own faults.
 *
 * **Transitions are cached.** What a call does depends on the world and on its caller's local state, and is played once
 * for each pair (see {@link TransitionCache}).
 *
 * **Symmetry.** Actors of the same role can exchange their names (see {@link permutationsOf}): of states that differ in
 * nothing else one is searched.
 *
 * A dead request, which can never take effect any more, is dropped. One that has none now stays in flight.
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

function actorsOf({ seats }: Play): readonly Actor[] {
  return seats.map(({ name, role }) => ({ name, role }));
}

/** Equal for states that differ in nothing but in which of two equal actors has which name. */
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

/** The state with names exchanged, as numbers. */
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

/** Enters every state that comes right after this one. */
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
    // Without effect now: in flight it can still do all that could be done without it.
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

/** False when it is known that nobody is in a call that can be made at once. */
function hasPersistentCall({ shared, locals }: Pick<GlobalState, 'shared' | 'locals'>): boolean {
  return locals.some(({ id }) => shared.persistentPath.get(id)?.length !== 1);
}

/**
 * The state after all calls that can as well be made at once: nothing that anybody does matters to them, nor they to
 * anybody, so that nothing else need be tried before them but their own faults, which are entered.
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

/** A change of the world. */
interface SharedChange {
  readonly shared: SharedState;
  /** Whose call it is, and where that actor is then; nobody's when a request lands. */
  readonly mover: { readonly index: number; readonly local: LocalState } | undefined;
  readonly inFlight: readonly RequestOf[];
}

/** Enters a state for every combination of silent calls that others make before a change that they would notice. */
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
