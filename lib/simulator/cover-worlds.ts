import { canonicalJson } from '../plan/canonical.ts';
import { InvariantViolated, invariant } from '../plan/invariant.ts';
import type { Actor, Atlas, Stroll, World } from './atlas.ts';
import { createAtlas, throwBug } from './atlas.ts';
import type { Moment } from './behaviour.ts';
import { SEARCHED } from './exhaust.ts';
import { isExplorable } from './explore-worlds.ts';
import type { Local, Move, Place, Places, Tally } from './places.ts';
import { createPlaces, localsOf } from './places.ts';
import type { Play } from './playing.ts';
import { quietPhase } from './quiet-phase.ts';
import type { Stage } from './scenario.ts';

export interface CoverSettings {
  /** Asked now and then; true ends the search. */
  readonly stop?: () => boolean;
  /** Told every world once, those that may not be reachable included. */
  readonly visited?: (play: Play) => void;
  /** Told now and then. */
  readonly progress?: (pairs: number, transitions: number, worlds: number) => void;
}

export interface Covered {
  /** True when no rule is broken in any world that was found, and none was left out: so in no world that there is. */
  readonly complete: boolean;
  /** Pairs of a place and somewhere that an actor may be there. */
  readonly pairs: number;
  /** What was tried: each move of somebody, for each pair that it may happen to. */
  readonly transitions: number;
  /** Worlds, each followed by a quiet phase. */
  readonly worlds: number;
  /** A rule that would be broken in a world of which it is not known whether anything leads to it. */
  readonly doubt?: { readonly message: string; readonly error: unknown };
}

/** One actor, somewhere that it may be in a place. */
interface Pair {
  readonly place: Place;
  readonly index: number;
  readonly local: Local;
}

/** One search. */
interface Cover {
  readonly atlas: Atlas;
  readonly actors: readonly Actor[];
  readonly places: Places;
  readonly open: Pair[];
  /** By actor: the one of its role before it, if any. */
  readonly elders: readonly (number | undefined)[];
  readonly faultsMax: number;
  readonly settings: CoverSettings;
  readonly rested: Set<World>;
  transitions: number;
}

/** Between two questions whether to stop, pairs. */
const PAIRS_A_LOOK = 1_000;

/**
 * Holds every world that a scenario can come to against the rules, and perhaps some that it cannot, without going
 * through who may be where *at the same time*: that is what makes states so many.
 *
 * Thread-modular (C. Flanagan and S. Qadeer, Thread-Modular Model Checking, 2003): of each actor alone it is found where
 * it may be in each place, and what it may do there; whatever one may do in a place happens to everybody who may be
 * there. Every state of {@link exploreWorlds} is a place and for each actor somewhere that it may be there, and each of
 * its transitions is one of these moves: so no world is left out. The other way round it need not hold, since two actors
 * who may both be somewhere may never be there together. Therefore a place is more than its world (auxiliary variables,
 * S. Owicki and D. Gries, 1976): who has changed it how often is told apart, and so are whose faults were survived. What
 * is found to be broken all the same is a doubt, and {@link exploreWorlds} says whether it is more.
 *
 * Of the arguments of {@link exploreWorlds} all hold here too but for the one of names, which is another: actors of one
 * role begin alike, so of all orders in which they make their first changes (or survive their first faults) one is
 * enough.
 */
export async function coverWorlds(stage: Stage, settings: CoverSettings = {}): Promise<Covered> {
  invariant(isExplorable(stage.scenario), `${stage.scenario.name} holds more than faults, or a thaw`);
  stage.behaviours.exchange([]);
  const begun = await stage.begin({ ...SEARCHED, budget: stage.scenario.budget });
  const actors = begun.seats.map(({ name, role }) => ({ name, role }));
  const cover: Cover = {
    atlas: createAtlas(begun, []),
    actors,
    places: createPlaces(actors.length),
    open: [],
    elders: eldersOf(actors),
    faultsMax: stage.scenario.budget.faults,
    settings,
    rested: new Set(),
    transitions: 0,
  };
  const result = (complete: boolean): Covered => {
    return {
      complete,
      pairs: cover.places.size(),
      transitions: cover.transitions,
      worlds: cover.rested.size,
    };
  };
  try {
    await begin(cover, begun);
    let looked = 0;
    for (let pair = cover.open.pop(); pair !== undefined; pair = cover.open.pop()) {
      await expand(cover, pair);
      looked += 1;
      if (looked % PAIRS_A_LOOK !== 0) continue;
      cover.atlas.trim();
      settings.progress?.(cover.places.size(), cover.transitions, cover.rested.size);
      if (settings.stop?.() === true) return result(cover.open.length === 0);
    }
  } catch (error) {
    const message = error instanceof InvariantViolated ? error.message : `a workflow threw ${String(error)}`;
    return { ...result(false), doubt: { message, error } };
  }
  return result(true);
}

function eldersOf(actors: readonly Actor[]): readonly (number | undefined)[] {
  const kinds = actors.map(({ role }) => canonicalJson(role));
  return kinds.map((kind, index) => {
    const elder = kinds.slice(0, index).lastIndexOf(kind);
    return elder < 0 ? undefined : elder;
  });
}

async function begin(cover: Cover, { seats }: Play): Promise<void> {
  const nothing = seats.map(() => 0);
  const first = cover.places.at(cover.atlas.first, { changes: nothing, faults: nothing });
  await rest(cover, first);
  for (const [index, { moment }] of seats.entries()) await enter(cover, first, index, moment, []);
}

/** Plays the quiet phase in every world once. */
async function rest({ rested, settings }: Cover, { world }: Place): Promise<void> {
  if (rested.has(world)) return;
  rested.add(world);
  settings.visited?.(world.play);
  await quietPhase(world.play);
}

/**
 * Notes where an actor may be, once it has made the calls that nothing matters to any more (see {@link exploreWorlds}).
 * Who does nothing any more is let go.
 */
function enter(
  cover: Cover,
  place: Place,
  index: number,
  moment: Moment,
  flying: readonly Moment[],
): undefined | Promise<void> {
  const { atlas, actors } = cover;
  const actor = actors[index];
  if (actor === undefined) return undefined;
  const isLeft = (request: Moment): boolean => !atlas.isVain(place.world, request);
  const left = flying.every(isLeft) ? flying : flying.filter(isLeft);
  const passes = atlas.passes(place.world, actor, moment);
  return passes instanceof Promise
    ? passes.then((found) => stay(cover, place, index, found, left))
    : stay(cover, place, index, passes, left);
}

/** @param passes the moments of calls that are made at once, and the one after them. */
function stay(
  cover: Cover,
  place: Place,
  index: number,
  passes: readonly Moment[],
  flying: readonly Moment[],
): undefined | Promise<void> {
  const moment = passes.at(-1);
  if (moment === undefined) return undefined;
  const isOver = moment.stop.type !== 'call' && flying.length === 0;
  const local = isOver ? undefined : cover.places.enter(place, index, moment, flying);
  if (local !== undefined) cover.open.push({ place, index, local });
  const mayFail = passes.length > 1 && !isSpent(cover, place.tally) && !isTooEarly(cover, place.tally, index);
  return mayFail ? failPassing(cover, place, index, passes, flying) : undefined;
}

async function failPassing(
  cover: Cover,
  place: Place,
  index: number,
  passes: readonly Moment[],
  flying: readonly Moment[],
): Promise<void> {
  const { atlas, actors } = cover;
  const actor = actors[index];
  if (actor === undefined) return;
  for (const moment of passes.slice(0, -1)) {
    const stroll = await atlas.stroll(place.world, actor, moment);
    await survive(cover, { place, index, local: { moment, flying } }, actor, stroll, 1);
  }
}

/** Finds all that an actor may do here, and lets all that others may do here happen to it. */
async function expand(cover: Cover, pair: Pair): Promise<void> {
  const { atlas, actors } = cover;
  const { place, index, local } = pair;
  const actor = actors[index];
  if (actor === undefined) return;
  const walked = atlas.stroll(place.world, actor, local.moment);
  const stroll = walked instanceof Promise ? await walked : walked;
  for (const move of [...place.moves]) {
    if (move.mover !== index) await happen(cover, place, move, index, [local]);
  }
  if (isTooEarly(cover, place.tally, index)) return;
  await survive(cover, pair, actor, stroll, stroll.moments.length);
  const { act } = stroll;
  if (act !== undefined) {
    const to = cover.places.at(act.world, { ...place.tally, changes: plusOne(place.tally.changes, index) });
    await enter(cover, to, index, act.moment, local.flying);
    await connect(cover, place, index, to);
  }
  for (const flight of local.flying.keys()) await land(cover, pair, actor, stroll, flight);
}

function isSpent({ faultsMax }: Cover, { faults }: Tally): boolean {
  return faults.reduce((sum, count) => sum + count, 0) >= faultsMax;
}

/** Whether another one of the same role has to be the first to do something. */
function isTooEarly({ elders }: Cover, { changes, faults }: Tally, index: number): boolean {
  const elder = elders[index];
  return elder !== undefined && (changes[elder] ?? 0) + (faults[elder] ?? 0) === 0;
}

function plusOne(counts: readonly number[], index: number): readonly number[] {
  return counts.map((count, at) => (at === index ? count + 1 : count));
}

/** Enters what comes after every fault in the first calls of a stroll that the actor survives. */
async function survive(
  cover: Cover,
  { place, index, local }: Pair,
  actor: Actor,
  stroll: Stroll,
  calls: number,
): Promise<void> {
  const { atlas, places } = cover;
  const { tally } = place;
  if (isSpent(cover, tally)) return;
  const found = atlas.survivals(stroll, actor, place.world);
  for (const { fault, at, moment, next } of found instanceof Promise ? await found : found) {
    if (at >= calls) break;
    throwBug(next.moment);
    const to = places.at(next.world, { ...tally, faults: plusOne(tally.faults, index) });
    const flying = fault === 'timeout' ? inOrder([...local.flying, moment]) : local.flying;
    await enter(cover, to, index, next.moment, flying);
    await connect(cover, place, index, to);
  }
}

function inOrder(flying: readonly Moment[]): readonly Moment[] {
  return [...flying].sort((a, b) => a.id - b.id);
}

/** Lets a request in flight reach the world, which its own sender may notice as everybody else may. */
async function land(
  cover: Cover,
  { place, index, local }: Pair,
  actor: Actor,
  stroll: Stroll,
  flight: number,
): Promise<void> {
  const { atlas, places } = cover;
  const request = local.flying[flight];
  if (request === undefined) return;
  const step = atlas.step(place.world, actor, request);
  const { world } = step instanceof Promise ? await step : step;
  if (world === place.world) return;
  const to = places.at(world, { ...place.tally, changes: plusOne(place.tally.changes, index) });
  // Of two requests that were sent in the same moment one is left.
  const left = local.flying.filter((_, other) => other !== flight);
  await enter(cover, to, index, local.moment, left);
  const halts = atlas.halts(stroll, actor, world);
  for (const halt of halts instanceof Promise ? await halts : halts)
    await enter(cover, to, index, halt, left);
  await connect(cover, place, index, to);
}

/** Notes a move, and lets it happen to everybody else who may be here. */
async function connect(cover: Cover, place: Place, mover: number, to: Place): Promise<void> {
  const move = cover.places.connect(place, mover, to);
  if (move === undefined) return;
  await rest(cover, to);
  for (const index of cover.actors.keys()) {
    if (index !== mover) await happen(cover, place, move, index, [...localsOf(place, index)]);
  }
}

/** Where an actor may be after a move of somebody else: where it was, or where it notices the move. */
async function happen(
  cover: Cover,
  { world }: Place,
  { to }: Move,
  index: number,
  locals: readonly Local[],
): Promise<void> {
  const { atlas, actors } = cover;
  const actor = actors[index];
  if (actor === undefined) return;
  for (const { moment, flying } of locals) {
    cover.transitions += 1;
    const stayed = enter(cover, to, index, moment, flying);
    if (stayed !== undefined) await stayed;
    if (to.world === world) continue;
    const walked = atlas.stroll(world, actor, moment);
    const stroll = walked instanceof Promise ? await walked : walked;
    const halts = atlas.halts(stroll, actor, to.world);
    for (const halt of halts instanceof Promise ? await halts : halts) {
      const halted = enter(cover, to, index, halt, flying);
      if (halted !== undefined) await halted;
    }
  }
}
