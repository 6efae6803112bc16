/** A relation, a function or a constant. */
export interface TheoryPart {
  readonly name: string;
  /** The sorts of what it is given, such as `Root, Node`; empty for a constant. */
  readonly of: string;
  /** The sort of what it gives; `Bool` for a relation. */
  readonly gives: string;
  /** One sentence. */
  readonly says: string;
}

/** A formula with a name and a sentence. */
export interface Predicate {
  readonly name: string;
  /** Its variables, such as `n: Node`; empty for a guard, a law and an invariant. */
  readonly of: string;
  readonly says: string;
  readonly holds: string;
}

/** A predicate without variables, as tables write it. */
export function said(name: string, says: string, holds: string): Predicate {
  return { name, of: '', says, holds };
}

/** What a step makes of a part of the state: for all values of `of`, the part becomes `becomes`, said of the state before. */
export interface Effect {
  readonly part: string;
  readonly of: string;
  readonly becomes: string;
}

/** An effect, as tables write it. */
export function effect(part: string, of: string, becomes: string): Effect {
  return { part, of, becomes };
}

/** What may happen at one instant. */
export interface ProtocolStep {
  readonly name: string;
  readonly says: string;
  /** The file of the production code that does it. */
  readonly code: string;
  /** Names of predicates: all hold just before the step, or it does not happen. */
  readonly guards: readonly string[];
  /** Ways in which it happens, as formulas: each must be possible, because a proof of what cannot happen proves nothing. */
  readonly happens: readonly string[];
  readonly effects: readonly Effect[];
}

/**
 * A protocol, for any number of everything: a sort has as many members as anybody likes. What is `fixed` never changes,
 * `state` does, and `given` is what a step is about (who, which fence), anything at each step.
 */
export interface Theory {
  readonly name: string;
  readonly sorts: readonly string[];
  readonly fixed: readonly TheoryPart[];
  readonly state: readonly TheoryPart[];
  readonly given: readonly TheoryPart[];
  /** What is true of everything that is fixed. */
  readonly laws: readonly Predicate[];
  /** Of the first state. */
  readonly beginning: readonly Predicate[];
  /** Each may use those before it. */
  readonly predicates: readonly Predicate[];
  /** What holds at every instant. */
  readonly invariants: readonly Predicate[];
  readonly steps: readonly ProtocolStep[];
}
