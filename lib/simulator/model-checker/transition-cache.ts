import { LedgerUnavailable } from '../../ledger/ledger.ts';
import { invariant } from '../../plan/invariant.ts';
import { ZoneUnavailable } from '../../zone/zone.ts';
import type { ActorRole } from '../engine/actor-roles.ts';
import type { AnswerLens } from '../engine/answer-key.ts';
import type { LocalState } from '../engine/behaviour.ts';
import type { Play } from '../engine/playing.ts';
import type { PendingCall } from '../ports/port-call.ts';
import { answerOf } from '../ports/port-call.ts';

/** Somebody who may be at work in a world. */
export interface Actor {
  readonly name: string;
  readonly role: ActorRole;
}

/**
 * The part of a state that all actors share, which docs/verification.md counts as a world: the zone and the log as they
 * stand, with what the rules remember of them. Nothing in it ever changes.
 */
export interface SharedState {
  /** The same for worlds that nobody can tell apart. */
  readonly id: number;
  /** What stands there; who is in it, and where, is not looked at. */
  readonly play: Play;
  /** For each permutation of names a number, the same for worlds of which one is the other with the names exchanged. */
  readonly images: readonly number[];
  /** By the caller's local state: where calls that were made here have led. */
  readonly steps: Map<number, Successor>;
  readonly silentPaths: Map<number, SilentPath>;
  /** Whether requests can never take effect any more. */
  readonly dead: Map<number, boolean>;
  /** Calls that can as well be made at once; see {@link TransitionCache.persistentPath}. */
  readonly persistentPath: Map<number, readonly LocalState[]>;
}

/** Where a call leads the world and its caller. */
export interface Successor {
  readonly shared: SharedState;
  readonly local: LocalState;
}

/** All the calls that an actor can make, one after the other, that leave the world as it is. */
export interface SilentPath {
  /** Its local states, the one in which it begins first. */
  readonly locals: readonly LocalState[];
  /** Where the call after them leads, which changes the world; none when the actor ends before it makes one. */
  readonly act: Successor | undefined;
  /** Faults in its calls that the actor survives; absent until somebody asks. */
  survivedFaults: readonly SurvivedFault[] | undefined;
  /** By the world that a change leads to: where the actor may stand when it would notice the change. */
  noticing: Map<number, readonly LocalState[]> | undefined;
}

/** A fault in a call, after which its caller goes on. */
export interface SurvivedFault {
  readonly fault: 'timeout' | 'throttle';
  /** The number of the local state in its silent path. */
  readonly at: number;
  readonly local: LocalState;
  readonly next: Successor;
}

/**
 * The worlds that a scenario comes to, each of them once, and where every call in each of them leads. All of it comes
 * from playing; but what a call does is a function of its local state and of the world alone, so it is played once,
 * however many others may stand wherever they do meanwhile.
 */
export interface TransitionCache {
  readonly first: SharedState;
  /** @throws InvariantViolated when something that must hold does not. */
  step(shared: SharedState, actor: Actor, local: LocalState): Successor | Promise<Successor>;
  silentPath(shared: SharedState, actor: Actor, local: LocalState): SilentPath | Promise<SilentPath>;
  /** The faults in the calls of a silent path, its act included, after which the actor does more than end. */
  survivedFaults(
    silentPath: SilentPath,
    actor: Actor,
    shared: SharedState,
  ): readonly SurvivedFault[] | Promise<readonly SurvivedFault[]>;
  /**
   * The local states of a silent path right after a call that the change to `changed` does not leave as it is: what it
   * is answered is something else afterwards, or it would change that world.
   */
  noticing(
    silentPath: SilentPath,
    actor: Actor,
    changed: SharedState,
  ): readonly LocalState[] | Promise<readonly LocalState[]>;
  /** Whether the request of this local state can never take effect any more. */
  isDead(shared: SharedState, local: LocalState): boolean;
  /**
   * This local state and those after it in order, for as long as their calls leave every world from here on as it is
   * and are answered the same in each, and at last the first one of which that is not so: alone when there is none
   * before it.
   */
  persistentPath(
    shared: SharedState,
    actor: Actor,
    local: LocalState,
  ): readonly LocalState[] | Promise<readonly LocalState[]>;
  /** Forgets where calls have led, when that is a great deal; it is played again where it is asked for again. */
  trim(): void;
}

/** Calls between two that change the world; no workflow makes as many. */
const SILENT_CALLS_MAX = 500;

/**
 * Calls of which it is remembered where they led, before they are forgotten by {@link TransitionCache.trim}: about a
 * gigabyte.
 */
const STEPS_MAX = 2_000_000;

/** @param begun a play in which nobody has made a call yet. */
export function createTransitionCache(begun: Play, lenses: readonly AnswerLens[]): TransitionCache {
  const sharedStates = new Map<string, SharedState>();
  const intern = internStates(sharedStates, lenses);
  let steps = 0;
  const learn = async (shared: SharedState, actor: Actor, local: LocalState): Promise<Successor> => {
    const call = callIn(local);
    const isLook = call.effect === 'read' || call.effect === 'local';
    const play = isLook ? shared.play : shared.play.clone();
    const answer = isLook ? await answerOf(call, play.environment) : await play.deliver(call);
    const next = await play.after({ ...actor, local }, answer);
    throwBug(next);
    const step = arrive(isLook ? shared : intern(play), actor, next, intern);
    shared.steps.set(local.id, step);
    steps += 1;
    return step;
  };
  const step = (shared: SharedState, actor: Actor, local: LocalState): Successor | Promise<Successor> =>
    shared.steps.get(local.id) ?? learn(shared, actor, local);
  const first = begun.clone();
  // Started at once, so that a first call is no other than the next; only a thaw's beginning means anything to a rule.
  for (const { name, role } of begun.seats) first.watch.started({ name, role: role.type });
  return {
    first: intern(first),
    step,
    silentPath: (shared, actor, local) =>
      shared.silentPaths.get(local.id) ?? walk(shared, actor, local, step),
    survivedFaults: (silentPath, actor, shared) =>
      silentPath.survivedFaults ?? findSurvivedFaults(silentPath, actor, shared, intern),
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

/** @throws what an actor failed with that no service caused. */
export function throwBug({ stop }: LocalState): void {
  if (stop.type === 'failed' && isBug({ stop })) throw stop.error;
}

function isBug({ stop }: Pick<LocalState, 'stop'>): boolean {
  if (stop.type !== 'failed') return false;
  return !(stop.error instanceof ZoneUnavailable || stop.error instanceof LedgerUnavailable);
}

/** Lets the rules hear of an end: of all ends only a freeze's means anything to one. */
function arrive(shared: SharedState, { name, role }: Actor, local: LocalState, intern: Intern): Successor {
  const { stop } = local;
  if (stop.type !== 'done' || role.type !== 'freeze') return { shared, local };
  const play = shared.play.clone();
  play.watch.ended({ name, role: role.type }, stop.outcome);
  return { shared: intern(play), local };
}

async function walk(
  shared: SharedState,
  actor: Actor,
  from: LocalState,
  step: TransitionCache['step'],
): Promise<SilentPath> {
  const locals = [from];
  let act: Successor | undefined;
  for (let at = from; at.stop.type === 'call' && act === undefined; ) {
    invariant(
      locals.length < SILENT_CALLS_MAX,
      `${actor.name} calls for ever in a shared state that never changes`,
    );
    const next = await step(shared, actor, at);
    if (next.shared === shared) {
      at = next.local;
      locals.push(at);
    } else act = next;
  }
  const silentPath = { locals, act, survivedFaults: undefined, noticing: undefined };
  shared.silentPaths.set(from.id, silentPath);
  return silentPath;
}

async function findSurvivedFaults(
  silentPath: SilentPath,
  actor: Actor,
  shared: SharedState,
  intern: Intern,
): Promise<readonly SurvivedFault[]> {
  const found: SurvivedFault[] = [];
  for (const [at, local] of silentPath.locals.entries()) {
    if (local.stop.type !== 'call') continue;
    const { call } = local.stop;
    for (const fault of faultsIn(call)) {
      const answer = fault === 'throttle' ? call.refused() : call.unanswered();
      const next = arrive(shared, actor, await shared.play.after({ ...actor, local }, answer), intern);
      const goesOn = next.local.stop.type === 'call' || next.shared !== shared || isBug(next.local);
      if (goesOn) found.push({ fault, at, local, next });
    }
  }
  silentPath.survivedFaults = found;
  return found;
}

function faultsIn({ effect }: PendingCall): readonly SurvivedFault['fault'][] {
  if (effect === 'write') return ['timeout', 'throttle'];
  return effect === 'read' ? ['throttle'] : [];
}

async function findPersistentPath(
  shared: SharedState,
  actor: Actor,
  from: LocalState,
  step: TransitionCache['step'],
): Promise<readonly LocalState[]> {
  const persistentPath = [from];
  for (let { stop } = from; stop.type === 'call' && (await isPersistent(shared.play, stop.call)); ) {
    const local = persistentPath.at(-1) ?? from;
    const next = await step(shared, actor, local);
    // An end may matter to a rule.
    if (next.shared !== shared) break;
    persistentPath.push(next.local);
    ({ stop } = next.local);
  }
  shared.persistentPath.set(from.id, persistentPath);
  return persistentPath;
}

/** A body that is there stays as it is; what has lost once has lost for ever; what is everywhere stays everywhere. */
async function isPersistent(play: Play, call: PendingCall): Promise<boolean> {
  if (call.effect === 'local') return true;
  if (call.effect === 'write') return play.isDead(call);
  if (call.site !== 'zone.changeStatus') return false;
  const answer = await answerOf(call, play.environment);
  return answer.type === 'value' && answer.value === 'insync';
}

async function findNoticing(
  silentPath: SilentPath,
  actor: Actor,
  changed: SharedState,
  step: TransitionCache['step'],
): Promise<readonly LocalState[]> {
  const found: LocalState[] = [];
  for (const [at, to] of silentPath.locals.entries()) {
    const from = silentPath.locals[at - 1];
    if (from !== undefined && (await isNoticed(changed, actor, from, to, step))) found.push(to);
  }
  silentPath.noticing ??= new Map();
  silentPath.noticing.set(changed.id, found);
  return found;
}

/** Whether a call that was silent before a change, and led to `to`, does anything else after it. */
async function isNoticed(
  changed: SharedState,
  actor: Actor,
  from: LocalState,
  to: LocalState,
  step: TransitionCache['step'],
): Promise<boolean> {
  try {
    const after = await step(changed, actor, from);
    return after.shared !== changed || after.local !== to;
  } catch {
    // A bug that shows after the change: it shows again, with the way to it, when the actor walks on from before.
    return false;
  }
}

/** @throws InvariantViolated when the actor has ended there. */
function callIn({ stop }: LocalState): PendingCall {
  invariant(stop.type === 'call', 'nobody is suspended in a call there');
  return stop.call;
}
