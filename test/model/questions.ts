import type { Variable } from '../../lib/proof/formula.ts';
import { parseFormula, parseVariables, toSmt, variablesToSmt } from '../../lib/proof/formula.ts';
import type { Predicate, ProtocolStep, Theory, TheoryPart } from '../../lib/proof/theory.ts';

/** The sorts of what a part is given. @throws Error where a text is no list of them. */
function sortsOf({ name, of }: TheoryPart): readonly string[] {
  const sorts = of === '' ? [] : of.split(', ');
  if (sorts.some((sort) => !/^[A-Z]\w*$/.test(sort))) throw new Error(`${name} is given "${of}"`);
  return sorts;
}

function declared(symbol: TheoryPart): string {
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
export function guarded(theory: Theory, { name, guards }: ProtocolStep): string {
  const known = new Map(theory.predicates.map((predicate) => [predicate.name, predicate]));
  return guards
    .map((guard) => {
      if (known.get(guard)?.of !== '') throw new Error(`${name} has no guard "${guard}"`);
      return `(assert ${guard})`;
    })
    .join('\n');
}

/** The state after a step, in terms of the one before it; and every predicate of the state after it. */
export function transition(theory: Theory, step: ProtocolStep): string {
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
