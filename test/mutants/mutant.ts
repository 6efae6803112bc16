/** One text that stands exactly once in a file of the library, and what it becomes. */
export interface Replacement {
  /** Below lib/. */
  readonly file: string;
  readonly find: string;
  readonly put: string;
}

/** A bug that somebody could have written. */
export interface Mutant {
  readonly name: string;
  readonly replacements: readonly Replacement[];
  /** Decisions within which the simulator must find it. */
  readonly within: number;
}
