import type { CellName } from '../plan/names.ts';
import type { WrittenBy } from '../plan/stored-format.ts';
import type { BodyDigest } from './decider/events.ts';

/** An event as it is stored, not parsed: everything that its hash covers, and the hash. */
export interface StoredEvent extends WrittenBy {
  readonly cell: CellName;
  readonly number: number;
  /** Milliseconds since 1970, by the writer's clock. */
  readonly at: number;
  readonly by: string;
  /** The event's JSON. */
  readonly eventText: string;
  /** Canonical JSON of the state after the event; empty where only the event was asked for. */
  readonly stateText: string;
  /** Fresh at every append, so that a writer whose answer was lost can distinguish its own event from an equal one. */
  readonly nonce: string;
  /** Hash of the event before; 64 zeros for the first. */
  readonly previous: string;
  readonly hash: string;
}

/** One place of the log as it is stored: whole, or what it lacks. */
export type StoredRow =
  | { readonly type: 'stored'; readonly number: number; readonly stored: StoredEvent }
  | { readonly type: 'unreadable'; readonly number: number; readonly what: string };

/** The ledger as it is stored, unchecked and uncached: what `verify` looks at. Every read is strongly consistent. */
export interface LedgerRecords {
  /** The ledger's identity. */
  readonly id: string;
  /** The cells in the list of cells. */
  listedCells(): Promise<readonly CellName[]>;
  /** Every cell that has anything stored. Reads the keys of the whole table. */
  storedCells(): Promise<readonly string[]>;
  /** The rows above a number, oldest first, at most `limit`. */
  rows(cell: CellName, after: number, limit: number): Promise<readonly StoredRow[]>;
  /** What is wrong with a stored body, a sentence that names the chunk; undefined when it is whole. */
  bodyProblem(cell: CellName, digest: BodyDigest): Promise<string | undefined>;
}
