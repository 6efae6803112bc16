import type { Source } from '../../fleet/sources/source.ts';
import type { LedgerEvent } from '../../ledger/decider/events.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { Release } from '../../ledger/stored-event.ts';
import { InvariantViolated } from '../../plan/invariant.ts';
import type { RecordSet } from '../../plan/records.ts';
import type { Zone } from '../../zone/zone.ts';
import type { ActorRelease } from './releases.ts';

/**
 * The far side of every port: where a request goes once it is let go. A call names no world, so it fits any copy of
 * one.
 */
export interface Backends {
  readonly zone: Zone;
  /** As this release reads and writes it. */
  readonly ledger: Ledger;
  /** The same ledger as another release reads and writes it. */
  seenBy(release: Release): Ledger;
  readonly source: Source;
  /** Lets time pass until this instant at least, milliseconds since 1970. */
  sleepUntil(ms: number): void;
}

/** One call of a port that an actor has made and is suspended in. */
export interface PendingCall {
  readonly actor: string;
  /** The port and verb: `zone.change`, `ledger.append`, `clock.sleep`. */
  readonly site: string;
  /** What a timeline shows: `flip use1-a@2`. */
  readonly detail: string;
  /**
   * `write`: may change what others see. `read`: may be changed by others. `local`: neither, because it reads or stores
   * what its own digest names. `time`: passes time.
   */
  readonly effect: 'write' | 'read' | 'local' | 'time';
  /**
   * Without what a write certainly does nothing: the fence that its batch deletes, or a log that ends before its event.
   */
  readonly expects?:
    | { readonly type: 'fence'; readonly fence: RecordSet }
    | { readonly type: 'event'; readonly number: number };
  /** The release of who calls. */
  readonly release?: ActorRelease;
  /** What an append would add to the log. */
  readonly event?: LedgerEvent;
  /** Does what the call asks of the world, once. */
  readonly perform: (backends: Backends) => Promise<unknown>;
  /** What the caller hears when no answer comes: a value of the port's own (`unknown`), or an error to throw. */
  readonly unanswered: () => Answer;
  /** What the caller hears when the service was too busy to look at the request: certainly nothing happened. */
  readonly refused: () => Answer;
}

/** How a suspended call ends for its caller. */
export type Answer =
  | { readonly type: 'value'; readonly value: unknown }
  | { readonly type: 'error'; readonly error: unknown };

/** What a suspending port calls. */
export type Suspend = (call: Omit<PendingCall, 'actor'>) => Promise<unknown>;

/** A bug found while a request is performed ends the whole run; anything else is the caller's answer. */
export async function answerOf(call: PendingCall, backends: Backends): Promise<Answer> {
  try {
    return { type: 'value', value: await call.perform(backends) };
  } catch (error) {
    if (error instanceof InvariantViolated) throw error;
    return { type: 'error', error };
  }
}

/** The call site as the fault matrix counts it: port, verb, and what is written. */
export function siteOf({ site, detail, effect }: PendingCall): string {
  return effect === 'write' ? `${site} ${detail.split(/[: ]/)[0] ?? ''}` : site;
}

/** The kind of an answer that has one: `accepted`, `lost`. */
export function outcomeOf(answer: Answer): string {
  if (answer.type === 'error') return 'error';
  const { value } = answer;
  return typeof value === 'object' && value !== null && 'type' in value ? String(value.type) : '';
}
