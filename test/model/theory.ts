import type { Variable } from './formula.ts';
import { parseFormula, parseVariables, toSmt, variablesToSmt } from './formula.ts';

/** A relation, a function or a constant. */
export interface Part {
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
export interface Step {
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
  readonly fixed: readonly Part[];
  readonly state: readonly Part[];
  readonly given: readonly Part[];
  /** What is true of everything that is fixed. */
  readonly laws: readonly Predicate[];
  /** Of the first state. */
  readonly beginning: readonly Predicate[];
  /** Each may use those before it. */
  readonly predicates: readonly Predicate[];
  /** What holds at every instant. */
  readonly invariants: readonly Predicate[];
  readonly steps: readonly Step[];
}

/** The sorts of what a part is given. @throws Error where a text is no list of them. */
function sortsOf({ name, of }: Part): readonly string[] {
  const sorts = of === '' ? [] : of.split(', ');
  if (sorts.some((sort) => !/^[A-Z]\w*$/.test(sort))) throw new Error(`${name} is given "${of}"`);
  return sorts;
}

function declared(symbol: Part): string {
  return `(declare-fun ${symbol.name} (${sortsOf(symbol).join(' ')}) ${symbol.gives})`;
}

function defined(name: string, variables: readonly Variable[], gives: string, body: string): string {
  return `(define-fun ${name} ${variablesToSmt(variables)} ${gives} ${body})`;
}

/** The name of a part of the state after a step. */
function after(name: string): string {
  return `${name}.after`;
}

const AS_IT_STANDS = (name: string): string => name;

/** The beginning of every question about a theory: its sorts, symbols, laws and predicates. */
export function preamble({ sorts, fixed, state, given, laws, predicates }: Theory): string {
  return [
    ...sorts.map((sort) => `(declare-sort ${sort} 0)`),
    ...[...fixed, ...state, ...given].map(declared),
    ...predicates.map(({ name, of, holds }) =>
      defined(name, parseVariables(of), 'Bool', toSmt(parseFormula(holds), AS_IT_STANDS)),
    ),
    ...laws.map(asserted),
  ].join('\n');
}

/** That a predicate without variables holds now. */
export function asserted({ holds }: Pick<Predicate, 'holds'>): string {
  return `(assert ${toSmt(parseFormula(holds), AS_IT_STANDS)})`;
}

/** That one of them does not hold now. */
export function notAll(some: readonly Predicate[]): string {
  return denied(some, AS_IT_STANDS);
}

function denied(some: readonly Predicate[], nameOf: (name: string) => string): string {
  return `(assert (not (and ${some.map(({ holds }) => toSmt(parseFormula(holds), nameOf)).join(' ')})))`;
}

/** The guards of a step hold now. @throws Error when one of them is no predicate of the theory. */
export function guarded(theory: Theory, { name, guards }: Step): string {
  const known = new Map(theory.predicates.map((predicate) => [predicate.name, predicate]));
  return guards
    .map((guard) => {
      if (known.get(guard)?.of !== '') throw new Error(`${name} has no guard "${guard}"`);
      return `(assert ${guard})`;
    })
    .join('\n');
}

/** The state after a step, in terms of the one before it; and every predicate of the state after it. */
export function transition(theory: Theory, step: Step): string {
  const effects = new Map(step.effects.map((effect) => [effect.part, effect]));
  const changing = new Set(theory.state.map(({ name }) => name));
  for (const { part } of step.effects)
    if (!changing.has(part)) throw new Error(`${step.name} changes "${part}", which is no part of the state`);
  const parts = theory.state.map((symbol) => {
    const effect = effects.get(symbol.name);
    const variables =
      effect === undefined
        ? sortsOf(symbol).map((sort, index) => ({ name: `x${index}`, sort }))
        : parseVariables(effect.of);
    const given = variables.map(({ name }) => name).join(' ');
    const same = variables.length === 0 ? symbol.name : `(${symbol.name} ${given})`;
    const body = effect === undefined ? same : toSmt(parseFormula(effect.becomes), AS_IT_STANDS);
    return defined(after(symbol.name), variables, symbol.gives, body);
  });
  const said = theory.predicates.map(({ name, of, holds }) =>
    defined(after(name), parseVariables(of), 'Bool', toSmt(parseFormula(holds), namesAfter(theory))),
  );
  return [...parts, ...said].join('\n');
}

/** That one of them does not hold after the step of {@link transition}. */
export function notAllAfter(theory: Theory, some: readonly Predicate[]): string {
  return denied(some, namesAfter(theory));
}

function namesAfter({ state, predicates }: Theory): (name: string) => string {
  const changing = new Set([...state, ...predicates].map(({ name }) => name));
  return (name) => (changing.has(name) ? after(name) : name);
}
