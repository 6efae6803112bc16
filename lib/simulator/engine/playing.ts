import type { CellName } from '../../plan/names.ts';
import type { CommitWatch } from '../checkers/commit-watch.ts';
import type { Answer, PendingCall } from '../ports/port-call.ts';
import type { ActorRole } from './actor-roles.ts';
import type { LocalState } from './behaviour.ts';
import type { Budget, Decision, Port } from './decision.ts';
import type { Environment } from './environment.ts';
import type { PlaySettings } from './play-settings.ts';
import type { Sightings } from './sightings.ts';
import type { Choose } from './tampering-input.ts';

/** One actor of a play. */
export interface Seat {
  readonly name: string;
  readonly role: ActorRole;
  readonly local: LocalState;
  readonly state: 'live' | 'ended' | 'crashed';
  /** Whether the actor has made its first call. */
  readonly begun: boolean;
}

/** A request whose caller does not wait for it any more. It may still take effect, or never. */
export interface RequestInFlight {
  readonly call: PendingCall;
  /** The local state in which it was sent. With the actor it identifies the request. */
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

/** A run at some point: every actor's local state, the requests in flight, and how much may still go wrong. */
export interface Play {
  readonly environment: Environment;
  readonly watch: CommitWatch;
  readonly settings: PlaySettings;
  readonly sightings: Sightings;
  readonly seats: readonly Seat[];
  readonly inFlight: readonly RequestInFlight[];
  readonly spent: Budget;
  readonly down: ReadonlySet<Port>;
  /** The actor that moved last. */
  readonly current: string | undefined;
  /** The same run, looked at from this cell; from the first one unless given. */
  at(cell?: CellName): Play;
  callOf(actor: string): PendingCall | undefined;
  /** Adds an actor and runs it to its first call. */
  start(name: string, role: ActorRole): Promise<void>;
  /**
   * Carries out a decision.
   *
   * @param choose decides what the decision leaves open, such as how a hand tampers.
   * @throws InvariantViolated when a rule is broken.
   */
  apply(decision: Decision, choose: Choose): Promise<PlayedStep>;
  /**
   * The actor's local state after this answer to the call that it made at that local state. Its clock shows the time of
   * this play.
   */
  after(seat: Pick<Seat, 'name' | 'role' | 'local'>, answer: Answer): LocalState | Promise<LocalState>;
  /** Lets a request take effect, whoever sent it, and checks its result against every rule. */
  deliver(call: PendingCall): Promise<Answer>;
  /** Whether a request is dead: it can never take effect any more. */
  isDead(call: PendingCall): boolean;
  /** An independent copy. */
  clone(settings?: PlaySettings): Play;
  /** Equal for plays that nobody can tell apart, as long as they have the same settings. */
  key(): string;
}

/** A broken rule, or an error of a workflow that no service caused. */
export interface Violation {
  readonly message: string;
  readonly error: unknown;
}
