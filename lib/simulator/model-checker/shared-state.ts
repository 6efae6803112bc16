import type { ActorRole } from '../engine/actor-roles.ts';
import { isExpectedEnd } from '../engine/actor-roles.ts';
import type { LocalState } from '../engine/behaviour.ts';
import type { Play } from '../engine/playing.ts';

/** An actor of the searched scenario. */
export interface SearchedActor {
  readonly name: string;
  readonly role: ActorRole;
}

/**
 * The part of a global state that all actors share: the zone and the log, and what the checkers remember of them. It
 * never changes.
 */
export interface SharedState {
  /** Equal for shared states that nobody can tell apart. */
  readonly id: number;
  /** A play that holds this zone and this log. The search does not look at the actors in it. */
  readonly play: Play;
  /**
   * A number for each permutation of names. Two shared states have the same number when an exchange of names makes one
   * of them the other.
   */
  readonly images: readonly number[];
  /** The transition cache: where the calls made from here have led, by the caller's local state. */
  readonly steps: Map<number, Successor>;
  readonly silentPaths: Map<number, SilentPath>;
  /** For the request of a local state, whether it is dead. */
  readonly dead: Map<number, boolean>;
  /** The persistent transitions from a local state on; see {@link TransitionCache.persistentPath}. */
  readonly persistentPath: Map<number, readonly LocalState[]>;
}

/** The shared state after a call, and the local state of its caller. */
export interface Successor {
  readonly shared: SharedState;
  readonly local: LocalState;
}

/** All the calls that an actor can make, one after the other, while the shared state stays as it is. */
export interface SilentPath {
  /** The actor's local states on this path, the first one included. */
  readonly locals: readonly LocalState[];
  /**
   * Where the next call leads, which changes the shared state; undefined when the actor ends before it makes such a
   * call.
   */
  readonly act: Successor | undefined;
  /** The faults in these calls that the actor survives; undefined until the search asks for them. */
  survivedFaults: readonly SurvivedFault[] | undefined;
  /** For the id of a changed shared state, the local states right after a call that would notice that change. */
  noticing: Map<number, readonly LocalState[]> | undefined;
}

/** A fault in a call, after which the caller goes on. */
export interface SurvivedFault {
  readonly fault: 'timeout' | 'throttle';
  /** The number of the call's local state in the silent path. */
  readonly at: number;
  readonly local: LocalState;
  readonly next: Successor;
}

/** Where a call leads, from the transition cache or by playing it. @throws InvariantViolated when a rule is broken. */
export type TakeStep = (
  shared: SharedState,
  actor: SearchedActor,
  local: LocalState,
) => Successor | Promise<Successor>;

/** @throws the error of an actor that failed although no service caused it. */
export function throwBug({ stop }: LocalState, actor: SearchedActor): void {
  if (stop.type === 'failed' && isBug({ stop }, actor)) throw stop.error;
}

/** Whether an actor failed in a way that no actor may. */
export function isBug({ stop }: Pick<LocalState, 'stop'>, { role }: SearchedActor): boolean {
  return stop.type === 'failed' && !isExpectedEnd(stop.error, role);
}
