import type { CellName } from '../plan/names.ts';
import type { BodyDigest, LedgerEvent, RecordedEvent } from './decider/events.ts';
import type { CellState } from './decider/state.ts';

/** The end of a cell's log as it was read: number 0, 64 zeros and the initial state before the first event. */
export interface Head {
  readonly cell: CellName;
  readonly number: number;
  readonly hash: string;
  readonly state: CellState;
  /** The newest event; absent before the first. */
  readonly last?: RecordedEvent;
}

/** What to append, by whom and when. */
export interface Entry {
  readonly event: LedgerEvent;
  readonly at: number;
  readonly by: string;
}

/**
 * The outcome of an append. `lost`: another writer's event took the number and nothing was written; `winner` is the
 * head that this event made, where the store returns it (there may be newer heads by now). `unknown`: nobody knows
 * whether it was appended; read the head again before deciding anything.
 */
export type AppendOutcome =
  | { readonly type: 'appended'; readonly head: Head }
  | { readonly type: 'lost'; readonly winner?: Head | undefined }
  | { readonly type: 'unknown'; readonly reason: string };

export interface EventRange {
  /** Events above this number; 0 for all. */
  readonly after: number;
  /** At most so many, 1 to 1,000. */
  readonly limit: number;
  /** `forward` from the oldest, `backward` from the newest. */
  readonly order: 'forward' | 'backward';
}

/**
 * The append-only log of every cell, with the bodies that its events name.
 * Every verb may throw {@link LedgerUnavailable}; nothing is ever updated or deleted.
 */
export interface Ledger {
  /** The ledger's identity, 8 hexadecimal digits, made with the table and carried by every fence. */
  readonly id: string;
  /** The cells that have ever had an event. Strongly consistent. */
  cells(): Promise<readonly CellName[]>;
  /** One strongly consistent read, however long the log is. */
  head(cell: CellName): Promise<Head>;
  /** One conditional write at `head.number + 1`: of any number of writers at one head exactly one wins. */
  append(head: Head, entry: Entry): Promise<AppendOutcome>;
  /** Strongly consistent, from one or several pages; without a gap. */
  events(cell: CellName, range: EventRange): Promise<readonly RecordedEvent[]>;
  /** Stores a text (at most 10 MB) under its digest, durable when this returns; storing it again is harmless. */
  putBody(cell: CellName, text: string): Promise<BodyDigest>;
  /** The text of that digest, checked against it. Throws {@link BodyDamaged} when it is missing or altered. */
  getBody(cell: CellName, digest: BodyDigest): Promise<string>;
}

/** The ledger cannot be reached, or refuses the caller. */
export class LedgerUnavailable extends Error {
  override readonly name = 'LedgerUnavailable';
}

/** The table is missing, has another key schema, or holds a ledger of another format. */
export class LedgerUnusable extends Error {
  override readonly name = 'LedgerUnusable';
}

/** An event, the state after it, or a body is larger than the ledger takes. Nothing was written. */
export class EntryTooLarge extends Error {
  override readonly name = 'EntryTooLarge';
}

/** A body is missing, incomplete or not what its digest says. */
export class BodyDamaged extends Error {
  override readonly name = 'BodyDamaged';
}
