import type { CommitWatch } from '../checkers/commit-watch.ts';
import type { Answer, PendingCall } from '../ports/port-call.ts';
import type { ActorRole } from './actor-roles.ts';
import type { LocalState } from './behaviour.ts';
import type { Budget, Decision, Port } from './decision.ts';
import type { Environment } from './environment.ts';
import type { PlaySettings } from './play-settings.ts';
import type { Choose } from './tampering.ts';

/** One actor of a play. */
export interface Seat {
  readonly name: string;
  readonly role: ActorRole;
  readonly local: LocalState;
  readonly state: 'live' | 'ended' | 'crashed';
  /** Whether it has made its first call. */
  readonly begun: boolean;
}

/** A request whose caller is gone, and which may still reach the world, or never. */
export interface RequestInFlight {
  readonly call: PendingCall;
  /** The local state in which it was sent: with the actor it says which request this is. */
  readonly sentAt: number;
}

/** One thing that happened, for a timeline. */
export interface PlayedStep {
  readonly decision: Decision;
  readonly actor: string;
  readonly site: string;
  readonly detail: string;
  readonly answer: string;
}

/** A world in the middle of a run: where everybody is, what is in flight, how much may still go wrong. */
export interface Play {
  readonly environment: Environment;
  readonly watch: CommitWatch;
  readonly settings: PlaySettings;
  readonly seats: readonly Seat[];
  readonly inFlight: readonly RequestInFlight[];
  readonly spent: Budget;
  readonly down: ReadonlySet<Port>;
  /** Who moved last. */
  readonly current: string | undefined;
  callOf(actor: string): PendingCall | undefined;
  /** Adds an actor and lets it come to its first call. */
  start(name: string, role: ActorRole): Promise<void>;
  /**
   * Does what was decided.
   *
   * @param choose decides what a decision leaves open: how a hand tampers.
   * @throws InvariantViolated when something that must hold does not.
   */
  apply(decision: Decision, choose: Choose): Promise<PlayedStep>;
  /**
   * What this answer leads the actor to that made this call at that local state; its clock shows the time of everybody
   * here.
   */
  after(seat: Pick<Seat, 'name' | 'role' | 'local'>, answer: Answer): LocalState | Promise<LocalState>;
  /** Lets a request reach the world, whoever sent it, and holds what it did against every rule. */
  deliver(call: PendingCall): Promise<Answer>;
  /** Whether a request can never take effect any more. */
  isDead(call: PendingCall): boolean;
  /** A copy that goes its own way from here. */
  clone(settings?: PlaySettings): Play;
  /** Equal for plays that nobody can tell apart, as long as they have the same settings. */
  key(): string;
}

/** A rule that was broken, or a workflow that threw what no service caused. */
export interface Violation {
  readonly message: string;
  readonly error: unknown;
}
