import { InvariantViolated, invariant } from '../plan/invariant.ts';
import type { Actor, Atlas, Stroll, World } from './atlas.ts';
import { createAtlas, throwBug } from './atlas.ts';
import type { Moment } from './behaviour.ts';
import type { Exchange } from './exchange.ts';
import { exchangesOf } from './exchange.ts';
import type { Exhausted, ExhaustSettings } from './exhaust.ts';
import { SEARCHED } from './exhaust.ts';
import type { Mixed } from './fingerprint.ts';
import { mixNumbers } from './fingerprint.ts';
import type { Arrival, Flying, Passage, State } from './passage.ts';
import { momentOf, wayTo } from './passage.ts';
import type { Play } from './playing.ts';
import { quietPhase } from './quiet-phase.ts';
import { retrace } from './retrace.ts';
import type { Scenario, Stage } from './scenario.ts';
import { createStateCache } from './state-cache.ts';

/** One search. */
interface Search {
  readonly atlas: Atlas;
  readonly actors: readonly Actor[];
  readonly faultsMax: number;
  readonly enter: (state: Omit<State, 'from' | 'depth'>, from: Arrival) => void;
  /** What is being tried, for whoever asks after something was thrown. */
  trying: Arrival | undefined;
}

/** Between two questions whether to stop, transitions. */
const STEPS_A_LOOK = 1_000;

/**
 * Whether a scenario can be searched here: nothing goes wrong but faults, and nobody thaws (the rule of freezes asks
 * what a thaw may have seen, so there even reading is not silent).
 */
export function isExplorable({ budget, parts }: Scenario): boolean {
  const { tamperings, duplicates, outages, advances } = budget;
  return tamperings + duplicates + outages + advances === 0 && parts.every(({ type }) => type !== 'thaw');
}

/**
 * Every world that a scenario can come to, like {@link exhaust}, from far fewer states. Five arguments leave out the
 * others; test/simulator/explore-worlds.test.ts and test/exploration compare the worlds with those of the search step
 * by step, which knows none of them.
 *
 * **Who is dead is no other than who is slow.** The quiet phase is played in every world, whoever is still at work: they
 * are abandoned there. An actor that dies while its request is in flight does what one does that makes the call late,
 * or never, and is not scheduled again; a fault after which a run ends at once (all that a throttled read leads to) is
 * the same as abandoning it before. So neither is a decision, any number of actors may die at any point, and only a
 * fault that its actor survives counts. No rule is told of a death; of ends only a freeze's that has returned matters
 * to one, and that is a change of the world here.
 *
 * **What leaves the world as it is may come late.** A call is silent when it changes neither the world nor what a rule
 * remembers: a read, a batch that is refused, a lost append. Another actor's call after it can as well come before it
 * unless that changes what the silent call is answered (or makes it not silent): both orders lead to the same state.
 * So in any run every silent call can be moved to just before the next call of its own actor or the first change that
 * it would notice, whichever comes first. Only runs of this form are searched: a transition is one change (or fault),
 * before which its own actor makes all its silent calls up to it, and each other actor none, or as many as end with
 * one that notices the change. Whether it does is not assumed but tried: it is played before and after. A silent call
 * that shows a bug is played at the latest as part of its own actor's next calls.
 *
 * **What nothing matters to any more is done at once.** A batch whose fence is gone, an append whose place is taken, a
 * question after a change that is everywhere, a body that is read: such a call is silent, and is answered the same
 * whenever it comes. So it comes at once, and before it there is nothing to try but its own faults.
 *
 * **What a call does depends on the world and its caller's moment**, and is played once for each (see {@link Atlas}).
 *
 * **Who has which name makes no difference** among actors of the same role (see {@link exchangesOf}): of states that
 * are each other's mirror image one is searched.
 *
 * A request in flight that can never take effect any more is dropped. One that has none now stays in flight.
 */
export async function exploreWorlds(
  stage: Stage,
  settings: Omit<ExhaustSettings, 'preemptions'> = {},
): Promise<Exhausted> {
  invariant(isExplorable(stage.scenario), `${stage.scenario.name} holds more than faults, or a thaw`);
  const { statesMax = Number.POSITIVE_INFINITY, stop, progress, visited } = settings;
  const exchanges = exchangesOf(actorsOf(await stage.begin()));
  const lenses = exchanges.map(({ lens }) => lens);
  stage.behaviours.exchange(lenses);
  const begun = await stage.begin({ ...SEARCHED, budget: stage.scenario.budget });
  const seen = createStateCache();
  const rested = new Set<World>();
  const open: State[] = [];
  let transitions = 0;
  let depth = 0;
  const search: Search = {
    atlas: createAtlas(begun, lenses),
    actors: actorsOf(begun),
    faultsMax: stage.scenario.budget.faults,
    enter: (state, from) => {
      transitions += 1;
      if (!mayPass(state) && !seen.add(keyOf(state, exchanges))) return;
      open.push({ ...state, from, depth: from.state.depth + 1 });
    },
    trying: undefined,
  };
  const result = (complete: boolean): Exhausted => {
    return { complete, states: seen.size(), decisions: transitions, endings: rested.size, depth };
  };
  const first: State = {
    world: search.atlas.first,
    moments: begun.seats.map(({ moment }) => moment),
    flying: [],
    faults: 0,
    depth: 0,
    from: undefined,
  };
  if (!mayPass(first)) seen.add(keyOf(first, exchanges));
  let lookAt = 0;
  try {
    for (let entered: State | undefined = first; entered !== undefined; entered = open.pop()) {
      let state = entered;
      if (mayPass(entered)) {
        state = await settle(search, entered);
        if (!seen.add(keyOf(state, exchanges))) continue;
      }
      depth = Math.max(depth, state.depth);
      if (!rested.has(state.world)) {
        rested.add(state.world);
        search.trying = { state, passage: { type: 'rest' } };
        visited?.(state.world.play);
        await quietPhase(state.world.play);
      }
      await expand(search, state);
      if (transitions < lookAt) continue;
      lookAt = transitions + STEPS_A_LOOK;
      progress?.(seen.size(), transitions, rested.size);
      if (seen.size() >= statesMax || stop?.() === true) return result(open.length === 0);
    }
  } catch (error) {
    const message = error instanceof InvariantViolated ? error.message : `a workflow threw ${String(error)}`;
    const choices = await retrace(stage, wayTo(search.actors, search.trying));
    return { ...result(false), violation: { message, error, choices } };
  }
  return result(true);
}

function actorsOf({ seats }: Play): readonly Actor[] {
  return seats.map(({ name, role }) => ({ name, role }));
}

/** Equal for states that differ in nothing but in which of two equal actors has which name. */
function keyOf(state: Omit<State, 'from' | 'depth'>, exchanges: readonly Exchange[]): Mixed {
  const { images } = state.world;
  const least = Math.min(...images);
  let key: Mixed | undefined;
  for (const [index, { to }] of exchanges.entries()) {
    if (images[index] !== least) continue;
    const image = mixNumbers(imageOf(state, index, to));
    if (key === undefined || image.high < key.high || (image.high === key.high && image.low < key.low))
      key = image;
  }
  invariant(key !== undefined, 'every world has a least image');
  return key;
}

/** The state with names exchanged, as numbers. */
function imageOf(
  { world, moments, flying, faults }: Omit<State, 'from' | 'depth'>,
  index: number,
  to: readonly number[],
): readonly number[] {
  const numbers = [world.images[index] ?? 0, faults];
  for (const [actor, { images }] of moments.entries()) numbers[2 + (to[actor] ?? actor)] = images[index] ?? 0;
  if (flying.length === 0) return numbers;
  const requests = flying.map(({ moment }) => moment.images[index] ?? 0);
  return [...numbers, ...requests.sort((a, b) => a - b)];
}

/** Enters every state that comes right after this one. */
async function expand(search: Search, state: State): Promise<void> {
  const { atlas, actors } = search;
  const { world, flying } = state;
  const strolls: Stroll[] = [];
  for (const [index, actor] of actors.entries()) {
    search.trying = { state, passage: { type: 'run', index } };
    const stroll = atlas.stroll(world, actor, momentOf(state, index));
    strolls.push(stroll instanceof Promise ? await stroll : stroll);
  }
  for (const [index, stroll] of strolls.entries()) {
    const { act } = stroll;
    if (act !== undefined) {
      const moved = { world: act.world, mover: { index, moment: act.moment }, flying };
      await happen(search, state, strolls, moved, { type: 'run', index });
    }
    if (state.faults < search.faultsMax) await survive(search, state, index, stroll);
  }
  for (const request of flying) {
    const passage: Passage = { type: 'land', request };
    search.trying = { state, passage };
    const step = atlas.step(world, request.actor, request.moment);
    const landed = step instanceof Promise ? await step : step;
    // Without effect now: in flight it can still do all that could be done without it.
    if (landed.world === world) continue;
    const left = flying.filter((other) => other !== request);
    await happen(search, state, strolls, { world: landed.world, mover: undefined, flying: left }, passage);
  }
}

/** False when it is known that nobody is in a call that can be made at once. */
function mayPass({ world, moments }: Pick<State, 'world' | 'moments'>): boolean {
  return moments.some(({ id }) => world.passes.get(id)?.length !== 1);
}

/**
 * The state after all calls that can as well be made at once: nothing that anybody does matters to them, nor they to
 * anybody, so that nothing else need be tried before them but their own faults, which are entered.
 */
async function settle(search: Search, from: State): Promise<State> {
  const { atlas, actors, faultsMax } = search;
  let state = from;
  for (const [index, actor] of actors.entries()) {
    search.trying = { state, passage: { type: 'run', index } };
    const found = atlas.passes(state.world, actor, momentOf(state, index));
    const passes = found instanceof Promise ? await found : found;
    for (const [at, next] of passes.slice(1).entries()) {
      const moment = passes[at] ?? next;
      if (state.faults < faultsMax) {
        const stroll = atlas.stroll(state.world, actor, moment);
        await survive(search, state, index, stroll instanceof Promise ? await stroll : stroll, 1);
      }
      const moments = state.moments.map((other, place) => (place === index ? next : other));
      state = { ...state, moments, from: { state, passage: { type: 'pass', moment } } };
    }
  }
  return state;
}

/** A change of the world. */
interface Change {
  readonly world: World;
  /** Whose call it is, and where that actor is then; nobody's when a request lands. */
  readonly mover: { readonly index: number; readonly moment: Moment } | undefined;
  readonly flying: readonly Flying[];
}

/** Enters a state for every combination of silent calls that others make before a change that they would notice. */
async function happen(
  { atlas, actors, enter }: Search,
  state: State,
  strolls: readonly Stroll[],
  { world, mover, flying }: Change,
  passage: Passage,
): Promise<void> {
  const isLeft = ({ moment }: Flying): boolean => !atlas.isVain(world, moment);
  const left = flying.every(isLeft) ? flying : flying.filter(isLeft);
  let ways: readonly (readonly Moment[])[] = [[]];
  for (const [index, actor] of actors.entries()) {
    if (index === mover?.index) {
      ways = ways.map((way) => [...way, mover.moment]);
      continue;
    }
    const here = momentOf(state, index);
    const stroll = strolls[index];
    const found = stroll === undefined ? [] : atlas.halts(stroll, actor, world);
    const halts = found instanceof Promise ? await found : found;
    ways = ways.flatMap((way) => [[...way, here], ...halts.map((halt) => [...way, halt])]);
  }
  for (const moments of ways)
    enter({ world, moments, flying: left, faults: state.faults }, { state, passage });
}

/** Enters a state for every fault that this actor survives. */
async function survive(
  search: Search,
  state: State,
  index: number,
  stroll: Stroll,
  calls = stroll.moments.length,
): Promise<void> {
  const { atlas, actors, enter } = search;
  const actor = actors[index];
  if (actor === undefined) return;
  search.trying = { state, passage: { type: 'run', index } };
  const found = atlas.survivals(stroll, actor, state.world);
  for (const { fault, at, moment, next } of found instanceof Promise ? await found : found) {
    if (at >= calls) break;
    const stays = fault === 'timeout' && !atlas.isVain(state.world, moment);
    const moments = state.moments.map((other, place) => (place === index ? next.moment : other));
    const flying = stays ? byMoment([...state.flying, { actor, moment }]) : state.flying;
    const passage = { type: fault, index, at } as const;
    search.trying = { state, passage };
    throwBug(next.moment);
    enter({ world: next.world, moments, flying, faults: state.faults + 1 }, { state, passage });
  }
}

function byMoment(flying: readonly Flying[]): readonly Flying[] {
  return [...flying].sort((a, b) => a.moment.id - b.moment.id);
}
