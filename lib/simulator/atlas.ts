import { LedgerUnavailable } from '../ledger/ledger.ts';
import { invariant } from '../plan/invariant.ts';
import { ZoneUnavailable } from '../zone/zone.ts';
import type { AnswerLens } from './answer-key.ts';
import type { Moment } from './behaviour.ts';
import type { Play } from './playing.ts';
import type { PendingCall } from './port-call.ts';
import { answerOf } from './port-call.ts';
import type { Role } from './roles.ts';

/** Somebody who may be at work in a world. */
export interface Actor {
  readonly name: string;
  readonly role: Role;
}

/** A zone and a log as they stand, with what the rules remember of them; nothing in it ever changes. */
export interface World {
  /** The same for worlds that nobody can tell apart. */
  readonly id: number;
  /** What stands there; who is in it, and where, is not looked at. */
  readonly play: Play;
  /** For each exchange of names a number, the same for worlds of which one is the other with the names exchanged. */
  readonly images: readonly number[];
  /** By the caller's moment: where calls that were made here have led. */
  readonly steps: Map<number, Step>;
  readonly strolls: Map<number, Stroll>;
  /** Whether requests can never take effect any more. */
  readonly vain: Map<number, boolean>;
  /** Calls that can as well be made at once; see {@link Atlas.passes}. */
  readonly passes: Map<number, readonly Moment[]>;
}

/** Where a call leads the world and its caller. */
export interface Step {
  readonly world: World;
  readonly moment: Moment;
}

/** All the calls that an actor can make, one after the other, that leave the world as it is. */
export interface Stroll {
  /** Its moments, the one in which it begins first. */
  readonly moments: readonly Moment[];
  /** Where the call after them leads, which changes the world; none when the actor ends before it makes one. */
  readonly act: Step | undefined;
  /** Faults in its calls that the actor survives; absent until somebody asks. */
  survived: readonly Survival[] | undefined;
  /** By the world that a change leads to: where the actor may stand when it would notice the change. */
  halts: Map<number, readonly Moment[]> | undefined;
}

/** A fault in a call, after which its caller goes on. */
export interface Survival {
  readonly fault: 'timeout' | 'throttle';
  /** The number of the moment in its stroll. */
  readonly at: number;
  readonly moment: Moment;
  readonly next: Step;
}

/**
 * The worlds that a scenario comes to, each of them once, and where every call in each of them leads. All of it comes
 * from playing; but what a call does is a function of its moment and of the world alone, so it is played once, however
 * many others may stand wherever they do meanwhile.
 */
export interface Atlas {
  readonly first: World;
  /** @throws InvariantViolated when something that must hold does not. */
  step(world: World, actor: Actor, moment: Moment): Step | Promise<Step>;
  stroll(world: World, actor: Actor, moment: Moment): Stroll | Promise<Stroll>;
  /** The faults in the calls of a stroll, its act included, after which the actor does more than end. */
  survivals(stroll: Stroll, actor: Actor, world: World): readonly Survival[] | Promise<readonly Survival[]>;
  /**
   * The moments of a stroll right after a call that the change to `changed` does not leave as it is: what it is
   * answered is something else afterwards, or it would change that world.
   */
  halts(stroll: Stroll, actor: Actor, changed: World): readonly Moment[] | Promise<readonly Moment[]>;
  /** Whether the request of this moment can never take effect any more. */
  isVain(world: World, moment: Moment): boolean;
  /**
   * This moment and those after it in order, for as long as their calls leave every world from here on as it is and are
   * answered the same in each, and at last the first one of which that is not so: alone when there is none before it.
   */
  passes(world: World, actor: Actor, moment: Moment): readonly Moment[] | Promise<readonly Moment[]>;
  /** Forgets where calls have led, when that is a great deal; it is played again where it is asked for again. */
  trim(): void;
}

/** Calls between two that change the world; no workflow makes as many. */
const STROLL_MAX = 500;

/** Calls of which it is remembered where they led, before they are forgotten by {@link Atlas.trim}: about a gigabyte. */
const STEPS_MAX = 2_000_000;

/** @param begun a play in which nobody has made a call yet. */
export function createAtlas(begun: Play, lenses: readonly AnswerLens[]): Atlas {
  const worlds = new Map<string, World>();
  const intern = internWorlds(worlds, lenses);
  let steps = 0;
  const learn = async (world: World, actor: Actor, moment: Moment): Promise<Step> => {
    const call = callIn(moment);
    const isLook = call.effect === 'read' || call.effect === 'local';
    const play = isLook ? world.play : world.play.clone();
    const answer = isLook ? await answerOf(call, play.ground) : await play.deliver(call);
    const next = await play.after({ ...actor, moment }, answer);
    throwBug(next);
    const step = arrive(isLook ? world : intern(play), actor, next, intern);
    world.steps.set(moment.id, step);
    steps += 1;
    return step;
  };
  const step = (world: World, actor: Actor, moment: Moment): Step | Promise<Step> =>
    world.steps.get(moment.id) ?? learn(world, actor, moment);
  const first = begun.clone();
  // Told at once, so that a first call is no other than the next; only a thaw's beginning means anything to a rule.
  for (const { name, role } of begun.seats) first.watch.started({ name, role: role.type });
  return {
    first: intern(first),
    step,
    stroll: (world, actor, moment) => world.strolls.get(moment.id) ?? walk(world, actor, moment, step),
    survivals: (stroll, actor, world) => stroll.survived ?? findSurvivals(stroll, actor, world, intern),
    halts: (stroll, actor, changed) =>
      stroll.halts?.get(changed.id) ?? findHalts(stroll, actor, changed, step),
    isVain: (world, moment) => {
      const known = world.vain.get(moment.id);
      if (known !== undefined) return known;
      const vain = world.play.isVain(callIn(moment));
      world.vain.set(moment.id, vain);
      return vain;
    },
    passes: (world, actor, moment) => world.passes.get(moment.id) ?? findPasses(world, actor, moment, step),
    trim: () => {
      if (steps < STEPS_MAX) return;
      steps = 0;
      for (const world of worlds.values()) {
        for (const known of [world.steps, world.strolls, world.vain, world.passes]) known.clear();
      }
    },
  };
}

type Intern = (play: Play) => World;

function internWorlds(worlds: Map<string, World>, lenses: readonly AnswerLens[]): Intern {
  const images = new Map<string, number>();
  const imageOf = ({ ground, watch }: Play, lens: AnswerLens): number => {
    const key = `${ground.key(true, lens)}/${lens.text(watch.key())}`;
    const known = images.get(key) ?? images.size;
    images.set(key, known);
    return known;
  };
  return (play) => {
    const key = `${play.ground.key(true)}/${play.watch.key()}`;
    const known = worlds.get(key);
    if (known !== undefined) return known;
    const world = {
      id: worlds.size,
      play,
      images: lenses.map((lens) => imageOf(play, lens)),
      steps: new Map(),
      strolls: new Map(),
      vain: new Map(),
      passes: new Map(),
    };
    worlds.set(key, world);
    return world;
  };
}

/** @throws what an actor failed with that no service caused. */
export function throwBug({ stop }: Moment): void {
  if (stop.type === 'failed' && isBug({ stop })) throw stop.error;
}

function isBug({ stop }: Pick<Moment, 'stop'>): boolean {
  if (stop.type !== 'failed') return false;
  return !(stop.error instanceof ZoneUnavailable || stop.error instanceof LedgerUnavailable);
}

/** Tells the rules of an end: of all ends only a freeze's means anything to one. */
function arrive(world: World, { name, role }: Actor, moment: Moment, intern: Intern): Step {
  const { stop } = moment;
  if (stop.type !== 'done' || role.type !== 'freeze') return { world, moment };
  const play = world.play.clone();
  play.watch.ended({ name, role: role.type }, stop.outcome);
  return { world: intern(play), moment };
}

async function walk(world: World, actor: Actor, from: Moment, step: Atlas['step']): Promise<Stroll> {
  const moments = [from];
  let act: Step | undefined;
  for (let at = from; at.stop.type === 'call' && act === undefined; ) {
    invariant(
      moments.length < STROLL_MAX,
      `${actor.name} goes round in circles in a world that stands still`,
    );
    const next = await step(world, actor, at);
    if (next.world === world) {
      at = next.moment;
      moments.push(at);
    } else act = next;
  }
  const stroll = { moments, act, survived: undefined, halts: undefined };
  world.strolls.set(from.id, stroll);
  return stroll;
}

async function findSurvivals(
  stroll: Stroll,
  actor: Actor,
  world: World,
  intern: Intern,
): Promise<readonly Survival[]> {
  const found: Survival[] = [];
  for (const [at, moment] of stroll.moments.entries()) {
    if (moment.stop.type !== 'call') continue;
    const { call } = moment.stop;
    for (const fault of faultsIn(call)) {
      const answer = fault === 'throttle' ? call.refused() : call.unanswered();
      const next = arrive(world, actor, await world.play.after({ ...actor, moment }, answer), intern);
      const goesOn = next.moment.stop.type === 'call' || next.world !== world || isBug(next.moment);
      if (goesOn) found.push({ fault, at, moment, next });
    }
  }
  stroll.survived = found;
  return found;
}

function faultsIn({ effect }: PendingCall): readonly Survival['fault'][] {
  if (effect === 'write') return ['timeout', 'throttle'];
  return effect === 'read' ? ['throttle'] : [];
}

async function findPasses(
  world: World,
  actor: Actor,
  from: Moment,
  step: Atlas['step'],
): Promise<readonly Moment[]> {
  const passes = [from];
  for (let { stop } = from; stop.type === 'call' && (await isSettledCall(world.play, stop.call)); ) {
    const moment = passes.at(-1) ?? from;
    const next = await step(world, actor, moment);
    // An end may be told to a rule.
    if (next.world !== world) break;
    passes.push(next.moment);
    ({ stop } = next.moment);
  }
  world.passes.set(from.id, passes);
  return passes;
}

/** A body that is there stays as it is; what has lost once has lost for ever; what is everywhere stays everywhere. */
async function isSettledCall(play: Play, call: PendingCall): Promise<boolean> {
  if (call.effect === 'local') return true;
  if (call.effect === 'write') return play.isVain(call);
  if (call.site !== 'zone.changeStatus') return false;
  const answer = await answerOf(call, play.ground);
  return answer.type === 'value' && answer.value === 'insync';
}

async function findHalts(
  stroll: Stroll,
  actor: Actor,
  changed: World,
  step: Atlas['step'],
): Promise<readonly Moment[]> {
  const found: Moment[] = [];
  for (const [at, to] of stroll.moments.entries()) {
    const from = stroll.moments[at - 1];
    if (from !== undefined && (await isNoticed(changed, actor, from, to, step))) found.push(to);
  }
  stroll.halts ??= new Map();
  stroll.halts.set(changed.id, found);
  return found;
}

/** Whether a call that was silent before a change, and led to `to`, does anything else after it. */
async function isNoticed(
  changed: World,
  actor: Actor,
  from: Moment,
  to: Moment,
  step: Atlas['step'],
): Promise<boolean> {
  try {
    const after = await step(changed, actor, from);
    return after.world !== changed || after.moment !== to;
  } catch {
    // A bug that shows after the change: it shows again, with the way to it, when the actor walks on from before.
    return false;
  }
}

/** @throws InvariantViolated when the actor has ended there. */
function callIn({ stop }: Moment): PendingCall {
  invariant(stop.type === 'call', 'nobody is suspended in a call there');
  return stop.call;
}
