import type { Moment } from './behaviour.ts';
import type { CommitWatch } from './commit-watch.ts';
import type { Budget, Decision, Port } from './decision.ts';
import type { Ground } from './ground.ts';
import type { Answer, PendingCall } from './port-call.ts';
import type { Role } from './roles.ts';
import type { Choose } from './tampering.ts';

/** One actor of a play. */
export interface Seat {
  readonly name: string;
  readonly role: Role;
  readonly moment: Moment;
  readonly state: 'live' | 'ended' | 'crashed';
  /** Whether it has made its first call. */
  readonly begun: boolean;
}

/** A request whose caller is gone, and which may still reach the world, or never. */
export interface RequestInFlight {
  readonly call: PendingCall;
  /** The moment in which it was sent: with the actor it says which request this is. */
  readonly sentAt: number;
}

export interface PlaySettings {
  readonly budget: Budget;
  /** Runs calls that nobody else can notice at once. */
  readonly reduce: boolean;
  /** Whether everybody may be abandoned at any moment, and not only when nobody is at work any more. */
  readonly restsAnywhere?: boolean;
  /** Whether a lost answer is a decision of its own; it is a timeout with a landing right after it. */
  readonly lostAnswers: boolean;
  /** Drops requests in flight that can never take effect any more; not sound when a hand may bring a fence back. */
  readonly dropsVain: boolean;
  /** Tells actors always the time at which the run began: what is everywhere yet and what is not goes on as ever. */
  readonly timeless: boolean;
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
  readonly ground: Ground;
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
  start(name: string, role: Role): Promise<void>;
  /**
   * Does what was decided.
   *
   * @param choose decides what a decision leaves open: how a hand tampers.
   * @throws InvariantViolated when something that must hold does not.
   */
  apply(decision: Decision, choose: Choose): Promise<PlayedStep>;
  /** What this answer leads the actor to that made this call at that moment; told the time as everybody here is. */
  after(seat: Pick<Seat, 'name' | 'role' | 'moment'>, answer: Answer): Moment | Promise<Moment>;
  /** Lets a request reach the world, whoever sent it, and holds what it did against every rule. */
  deliver(call: PendingCall): Promise<Answer>;
  /** Whether a request can never take effect any more. */
  isVain(call: PendingCall): boolean;
  /** A copy that goes its own way from here. */
  clone(settings?: PlaySettings): Play;
  /** Equal for plays that nobody can tell apart, as long as they have the same settings. */
  key(): string;
}
