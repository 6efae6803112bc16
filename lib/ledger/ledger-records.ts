import type { CellName } from '../plan/names.ts';
import type { BodyDigest, RecordedEvent } from './decider/events.ts';

/** An event with what its hash was made from. */
export interface StoredEvent {
  readonly record: RecordedEvent;
  /** Canonical JSON of the state after the event. */
  readonly stateText: string;
  readonly nonce: string;
}

/** One place of the log as it is stored: readable, or why not. */
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
