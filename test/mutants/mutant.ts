/** One text that occurs exactly once in a file of the library, and the text that takes its place. */
export interface Replacement {
  /** The path below lib/. */
  readonly file: string;
  readonly find: string;
  readonly put: string;
}

/** A bug that a person could have written. */
export interface Mutant {
  readonly name: string;
  readonly replacements: readonly Replacement[];
  /** The number of decisions within which the simulator must find it. */
  readonly within: number;
  /** The scenario that shows it; all of them unless given. */
  readonly scenario?: string;
}
