import type { CellState } from '../../ledger/decider/state.ts';
import type { Head } from '../../ledger/ledger.ts';
import type { CellScope } from '../../plan/owned-names.ts';
import type { RecordSet } from '../../plan/records.ts';
import type { WrittenBy } from '../../plan/stored-format.ts';

/** The zone before and after one commit, and what name servers may answer with meanwhile. */
export interface Commit {
  readonly scope: CellScope;
  /** Who sent it; empty for a change by hand. */
  readonly by: string;
  readonly before: readonly RecordSet[];
  readonly after: readonly RecordSet[];
  /** What some name server may answer with: the last commit that is everywhere, then each one that is not. */
  readonly answerable: readonly (readonly RecordSet[])[];
}

/** What an actor is, as far as rules differ. */
export interface Actor {
  readonly name: string;
  readonly role: string;
}

/** How an event was written. */
export interface Writing extends Pick<WrittenBy, 'format' | 'readableFrom'> {
  /** The newest format that its writer knows. */
  readonly writerReads: number;
}

/** What a rule may look at besides what it is told. */
export interface CellLooks {
  /** The log as it stands. */
  readonly peek: () => CellState;
}

/** A rule; it remembers what it must and throws InvariantViolated. What it is not told of it does not care for. */
export interface Checker {
  readonly name: string;
  /** A batch of Pawl's went through. */
  check(commit: Commit): void;
  /** Somebody changed the zone by hand: what the rule promises starts anew. */
  tampered(commit: Commit): void;
  /** An event entered the log. */
  appended?(before: Head, head: Head, writing: Writing): void;
  /** An actor makes its first call: it has seen nothing yet. */
  started?(actor: Actor): void;
  /** An actor ended by itself, and said this. */
  ended?(actor: Actor, outcome: unknown): void;
  /** Nobody is at work any more. */
  rested?(zone: Commit): void;
  /** The same rule with the same memory, over a copy of the cell. */
  clone(cell: CellLooks): Checker;
  /** Equal when the memories are. */
  key(): string;
}
