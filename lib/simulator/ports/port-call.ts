import type { Source } from '../../fleet/sources/source.ts';
import type { LedgerEvent } from '../../ledger/decider/events.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Release } from '../../ledger/stored-event.ts';
import { InvariantViolated } from '../../plan/invariant.ts';
import type { CellName } from '../../plan/names.ts';
import type { RecordSet } from '../../plan/records.ts';
import type { Zone } from '../../zone/zone.ts';
import type { ActorRelease } from './releases.ts';

/**
 * The other side of every port: where a request takes effect. A call names no environment, so it can run in any copy of
 * one.
 */
export interface Backends {
  readonly zone: Zone;
  /** The ledger as this release reads and writes it. */
  readonly ledger: Ledger;
  /** The same ledger as another release reads and writes it. */
  seenBy(release: Release): Ledger;
  readonly source: Source;
  readonly mailbox: Mailbox;
  /** How many record sets the zone may hold. */
  limitNow(): number;
  /** Time passes, and from then on targets are as it says. */
  happen(event: TargetEvent): void;
  /** Lets time pass at least until this instant, milliseconds since 1970. */
  sleepUntil(ms: number): void;
}

/** What happens to targets, whoever looks. */
export interface TargetEvent {
  /** Milliseconds that pass before. */
  readonly afterMs: number;
  /** Ids of exactly those that do not serve from then on. */
  readonly failed: readonly string[];
}

/**
 * The queue of successors. A message says nothing that matters, so the queue holds only whether there is one. Nobody
 * takes it out: a queue may deliver a message twice, late, or never.
 */
export interface Mailbox {
  put(): void;
  holdsMessage(): boolean;
}

/** One call of a port that an actor has made and is suspended in. */
export interface PendingCall {
  readonly actor: string;
  /** The port and verb: `zone.change`, `ledger.append`, `clock.sleep`. */
  readonly site: string;
  /** The text of the call in a timeline: `flip use1-a@2`. */
  readonly detail: string;
  /**
   * `write`: the call may change what others see. `read`: others may change its answer. `local`: neither, because it
   * reads or stores a content that its own digest names. `time`: time passes.
   */
  readonly effect: 'write' | 'read' | 'local' | 'time';
  /**
   * The condition without which a write certainly does nothing: the fence that its batch deletes, or the log's length
   * before its event.
   */
  readonly expects?:
    | { readonly type: 'fence'; readonly fence: RecordSet }
    | { readonly type: 'event'; readonly cell: CellName; readonly number: number };
  /** The release of the caller. */
  readonly release?: ActorRelease;
  /** The event that an append adds to the log. */
  readonly event?: LedgerEvent;
  /** Whether the caller has what it waits for; absent: it waits for nothing. */
  readonly isReady?: (backends: Backends) => boolean;
  /** Carries out the request, once. */
  readonly perform: (backends: Backends) => Promise<unknown>;
  /** What the caller gets when no answer comes: a value of the port's own (`unknown`), or an error to throw. */
  readonly unanswered: () => Answer;
  /** What the caller gets when the service was too busy to look at the request, so that certainly nothing happened. */
  readonly refused: () => Answer;
}

/** How a suspended call ends for its caller. */
export type Answer =
  | { readonly type: 'value'; readonly value: unknown }
  | { readonly type: 'error'; readonly error: unknown };

/** What a suspending port calls. */
export type Suspend = (call: Omit<PendingCall, 'actor'>) => Promise<unknown>;

/** A bug found while a request takes effect ends the whole run. Any other error is the caller's answer. */
export async function answerOf(call: PendingCall, backends: Backends): Promise<Answer> {
  try {
    return { type: 'value', value: await call.perform(backends) };
  } catch (error) {
    if (error instanceof InvariantViolated) throw error;
    return { type: 'error', error };
  }
}

/** The name of a call site in the fault matrix: port, verb, and what is written. */
export function siteOf({ site, detail, effect }: PendingCall): string {
  return effect === 'write' ? `${site} ${detail.split(/[: ]/)[0] ?? ''}`.trimEnd() : site;
}

/** The type of an answer that has one: `accepted`, `lost`. */
export function outcomeOf(answer: Answer): string {
  if (answer.type === 'error') return 'error';
  const { value } = answer;
  return typeof value === 'object' && value !== null && 'type' in value ? String(value.type) : '';
}
