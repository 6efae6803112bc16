import type { BodyDigest } from '../../ledger/decider/events.ts';
import type { CellState } from '../../ledger/decider/state.ts';
import type { Head } from '../../ledger/ledger.ts';
import type { CellName } from '../../plan/names.ts';
import type { CellScope } from '../../plan/owned-names.ts';
import type { RecordSet } from '../../plan/records.ts';
import type { WrittenBy } from '../../plan/stored-format.ts';
import type { Restrictions } from './zone-obstacles.ts';

/** The zone before and after one commit, and the versions that name servers may answer with at that moment. */
export interface Commit {
  readonly scope: CellScope;
  /** The actor that sent it; empty for a change by hand. */
  readonly by: string;
  readonly before: readonly RecordSet[];
  readonly after: readonly RecordSet[];
  /**
   * The versions that some name server may answer with: the last commit that is everywhere, then each one that is not.
   */
  readonly answerable: readonly (readonly RecordSet[])[];
}

/** What the rules need to know of an actor. */
export interface Actor {
  readonly name: string;
  readonly role: string;
  /** The cell that it works on; the first one of the zone unless given. */
  readonly cell?: CellName | undefined;
}

/** How an event was written. */
export interface Writing extends Pick<WrittenBy, 'format' | 'readableFrom'> {
  /** The newest format that its writer knows. */
  readonly writerReads: number;
}

/** All cells of a zone. */
export interface ZoneLooks {
  readonly scopes: readonly CellScope[];
  /** The records that stand now. */
  readonly records: () => readonly RecordSet[];
  /** The state of a cell's log now. */
  readonly peekAt: (cell: CellName) => CellState;
}

/** What a checker may look at besides the arguments that it gets. */
export interface CellLooks {
  /** The log's state now. */
  readonly peek: () => CellState;
  /** The number of the log's newest event. */
  readonly events: () => number;
  /** What Route 53 refuses now. */
  readonly restrictions: () => Restrictions;
  /** The text of a body of the log, where it can be read at once. */
  readonly body: (digest: BodyDigest) => string | undefined;
  /** Whether Route 53 says that the change is INSYNC; a change that it does not know is not. */
  readonly isInsync: (change: string) => boolean;
  /** The change that the zone's contents came by; undefined before the first. */
  readonly newestChange: () => string | undefined;
  /** The whole zone, with all of its cells; absent where only one is looked at. */
  readonly zone?: ZoneLooks;
}

/**
 * The code of one rule. It keeps what it must remember, and throws InvariantViolated. It leaves out what does not
 * concern it.
 */
export interface Checker {
  readonly name: string;
  /** A batch of Pawl's has committed. */
  check(commit: Commit): void;
  /** Somebody changed the zone by hand: the rule starts anew from what stands there. */
  tampered(commit: Commit): void;
  /**
   * The zone went back to an earlier commit, and no writer is to blame. Whoever says nothing here demands the same as
   * before.
   */
  returned?(commit: Commit): void;
  /** Something was put in the way of the cell, or taken away, and no record was changed. */
  hindered?(zone: Commit, where: 'zone' | 'ports'): void;
  /** An event was appended to the log. */
  appended?(before: Head, head: Head, writing: Writing): void;
  /** An actor makes its first call. Before that it has seen nothing. */
  started?(actor: Actor): void;
  /** An actor ended by itself with this outcome. */
  ended?(actor: Actor, outcome: unknown): void;
  /** Nobody is at work any more. */
  rested?(zone: Commit): void;
  /** The same checker with the same memory, over a copy of the cell. */
  clone(cell: CellLooks): Checker;
  /** Equal for checkers with equal memories. */
  key(): string;
}
