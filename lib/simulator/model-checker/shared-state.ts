import type { ActorRole } from '../engine/actor-roles.ts';
import { isExpectedEnd } from '../engine/actor-roles.ts';
import type { LocalState } from '../engine/behaviour.ts';
import type { Play } from '../engine/playing.ts';

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

/** Where a call leads: from the cache, or by playing it. @throws InvariantViolated when something that must hold does not. */
export type TakeStep = (
  shared: SharedState,
  actor: Actor,
  local: LocalState,
) => Successor | Promise<Successor>;

/** @throws what an actor failed with that no service caused. */
export function throwBug({ stop }: LocalState, actor: Actor): void {
  if (stop.type === 'failed' && isBug({ stop }, actor)) throw stop.error;
}

/** Whether an actor failed as none may. */
export function isBug({ stop }: Pick<LocalState, 'stop'>, { role }: Actor): boolean {
  return stop.type === 'failed' && !isExpectedEnd(stop.error, role);
}
