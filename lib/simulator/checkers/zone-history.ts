import type { CellScope } from '../../plan/owned-names.ts';
import type { RecordSet } from '../../plan/records.ts';

/** The zone before and after one commit, and what name servers may answer with meanwhile. */
export interface Commit {
  readonly scope: CellScope;
  readonly before: readonly RecordSet[];
  readonly after: readonly RecordSet[];
  /** What some name server may answer with: the last commit that is everywhere, then each one that is not. */
  readonly answerable: readonly (readonly RecordSet[])[];
}

/** A rule that is checked at every commit; it remembers what it must and throws InvariantViolated. */
export interface Checker {
  readonly name: string;
  check(commit: Commit): void;
  /** Somebody changed the zone by hand (`before` and `after` are the same): what the rule promises starts anew. */
  tampered(commit: Commit): void;
}
