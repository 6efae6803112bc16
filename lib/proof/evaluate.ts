import type { Formula } from './formula.ts';
import { parseFormula, parseVariables } from './formula.ts';
import type { Predicate } from './theory.ts';

// The second reader of the theories' formulas. Z3 is asked about all structures; this asks about one that is finite.

/** A member of a sort, or a truth. Members of different sorts are never compared. */
export type Value = string | boolean;

/** A finite structure: the members of each sort that matter, and what each symbol says of them. */
export interface Structure {
  readonly members: Readonly<Record<string, readonly string[]>>;
  readonly symbols: Readonly<Record<string, (...given: readonly string[]) => Value>>;
}

/** What a formula says of a structure, for the values of its variables in their order. */
export type Evaluation = (structure: Structure, ...given: readonly string[]) => Value;

type Compiled = (structure: Structure, frame: Value[]) => Value;

interface Scope {
  readonly predicates: ReadonlyMap<string, Evaluation>;
  /** What is the same in every structure that is asked about. */
  readonly bound: Structure['symbols'];
  /** The variables in scope; their place is that of their value. */
  readonly places: ReadonlyMap<string, number>;
  readonly next: number;
}

/**
 * Every predicate, ready to be asked.
 *
 * @param bound symbols that are the same in every structure that is asked about: these are not looked up again. A structure
 * need not have them.
 * @throws Error where a text is no formula, or counts numbers.
 */
export function evaluations(
  predicates: readonly Predicate[],
  bound: Structure['symbols'] = {},
): ReadonlyMap<string, Evaluation> {
  const known = new Map<string, Evaluation>();
  for (const { name, of, holds } of predicates) known.set(name, evaluation(of, holds, known, bound));
  return known;
}

/**
 * One formula, ready to be asked.
 *
 * @param of its variables, such as `r: Root, n: Node`.
 * @param predicates what it may use besides the symbols of the structure.
 * @param bound symbols that are the same in every structure.
 */
export function evaluation(
  of: string,
  holds: string,
  predicates: ReadonlyMap<string, Evaluation>,
  bound: Structure['symbols'] = {},
): Evaluation {
  const names = parseVariables(of).map(({ name }) => name);
  const places = new Map(names.map((name, place) => [name, place]));
  const compiled = compile(parseFormula(holds), { predicates, bound, places, next: names.length });
  return (structure, ...given) => compiled(structure, given as Value[]);
}

function compile(formula: Formula, scope: Scope): Compiled {
  switch (formula.type) {
    case 'apply':
      return compileName(formula.name, formula.given, scope);
    case 'connect':
      return compileConnected(formula, scope);
    case 'quantify': {
      const some = compileSome(formula, scope);
      return formula.by === 'exists' ? some : (structure, frame) => !some(structure, frame);
    }
  }
}

function compileName(name: string, given: readonly Formula[], scope: Scope): Compiled {
  const place = scope.places.get(name);
  if (place !== undefined) return (_, frame) => frame[place] ?? false;
  const parts = given.map((part) => compileTerm(part, scope));
  const predicate = scope.predicates.get(name);
  if (predicate !== undefined) return compilePredicate(predicate, parts);
  const bound = scope.bound[name];
  if (bound !== undefined) return compileBound(bound, parts);
  return (structure, frame) => {
    const symbol = structure.symbols[name];
    if (symbol === undefined) throw new Error(`the structure does not say what "${name}" is`);
    return symbol(...parts.map((part) => part(structure, frame)));
  };
}

type CompiledTerm = (structure: Structure, frame: Value[]) => string;

// Nearly everything that is asked has two places at most, and is asked a great many times: so it makes no list of values.

function compilePredicate(predicate: Evaluation, parts: readonly CompiledTerm[]): Compiled {
  const [first, second, third] = parts;
  if (first === undefined) return (structure) => predicate(structure);
  if (second === undefined) return (structure, frame) => predicate(structure, first(structure, frame));
  if (third === undefined)
    return (structure, frame) => predicate(structure, first(structure, frame), second(structure, frame));
  return (structure, frame) => predicate(structure, ...parts.map((part) => part(structure, frame)));
}

function compileBound(
  symbol: (...given: readonly string[]) => Value,
  parts: readonly CompiledTerm[],
): Compiled {
  const [first, second, third] = parts;
  if (first === undefined) return () => symbol();
  if (second === undefined) return (structure, frame) => symbol(first(structure, frame));
  if (third === undefined)
    return (structure, frame) => symbol(first(structure, frame), second(structure, frame));
  return (structure, frame) => symbol(...parts.map((part) => part(structure, frame)));
}

function compileTerm(formula: Formula, scope: Scope): CompiledTerm {
  const compiled = compile(formula, scope);
  return (structure, frame) => {
    const value = compiled(structure, frame);
    return typeof value === 'string' ? value : String(value);
  };
}

function compileConnected({ by, parts }: Formula & { type: 'connect' }, scope: Scope): Compiled {
  const all = parts.map((part) => compile(part, scope));
  const at = (index: number): Compiled => all[index] ?? (() => false);
  const [first, second, third] = [at(0), at(1), at(2)];
  switch (by) {
    case 'and':
      return (structure, frame) => {
        for (const part of all) if (part(structure, frame) !== true) return false;
        return true;
      };
    case 'or':
      return (structure, frame) => {
        for (const part of all) if (part(structure, frame) === true) return true;
        return false;
      };
    case 'not':
      return (structure, frame) => first(structure, frame) !== true;
    case '=>':
      return (structure, frame) => first(structure, frame) !== true || second(structure, frame) === true;
    case '=':
      return (structure, frame) => first(structure, frame) === second(structure, frame);
    case 'distinct':
      return (structure, frame) => first(structure, frame) !== second(structure, frame);
    case 'ite':
      return (structure, frame) =>
        first(structure, frame) === true ? second(structure, frame) : third(structure, frame);
    case '<=':
    case '<':
    case '+':
      throw new Error(`a finite structure has no numbers, so "${by}" has no meaning in it`);
  }
}

/** A part of what a quantifier looks for, asked as soon as its variables have values. */
interface Sought {
  readonly formula: Formula;
  readonly isDenied: boolean;
}

/** `exists`, and what `forall` denies. */
function compileSome(
  { by, variables, body }: Formula & { type: 'quantify' },
  { predicates, bound, places, next }: Scope,
): Compiled {
  const inner = { predicates, bound, places: new Map(places), next: next + variables.length };
  variables.forEach(({ name }, index) => {
    inner.places.set(name, next + index);
  });
  const sought = conjuncts({ formula: body, isDenied: by === 'forall' }).map(({ formula, isDenied }) => {
    const free = namesIn(formula);
    const depth = variables.reduce((last, { name }, index) => (free.has(name) ? index + 1 : last), 0);
    return { depth, isDenied, holds: compile(formula, inner) };
  });
  const atDepth = [0, ...variables.map((_, index) => index + 1)].map((depth) =>
    sought.filter((part) => part.depth === depth),
  );
  const search = (structure: Structure, frame: Value[], depth: number): boolean => {
    for (const { holds, isDenied } of atDepth[depth] ?? [])
      if ((holds(structure, frame) === true) === isDenied) return false;
    const variable = variables[depth];
    if (variable === undefined) return true;
    const members = structure.members[variable.sort];
    if (members === undefined) throw new Error(`the structure does not say what a ${variable.sort} is`);
    for (const member of members) {
      frame[next + depth] = member;
      if (search(structure, frame, depth + 1)) return true;
    }
    return false;
  };
  return (structure, frame) => search(structure, frame, 0);
}

/** Parts that must all hold, or be denied, where the whole does. */
function conjuncts({ formula, isDenied }: Sought): readonly Sought[] {
  if (formula.type !== 'connect') return [{ formula, isDenied }];
  const { by, parts } = formula;
  const each = (part: Formula | undefined, denied: boolean): readonly Sought[] =>
    part === undefined ? [] : conjuncts({ formula: part, isDenied: denied });
  if (by === 'not') return each(parts[0], !isDenied);
  if (by === (isDenied ? 'or' : 'and')) return parts.flatMap((part) => each(part, isDenied));
  if (by === '=>' && isDenied) return [...each(parts[0], false), ...each(parts[1], true)];
  return [{ formula, isDenied }];
}

function namesIn(formula: Formula): ReadonlySet<string> {
  switch (formula.type) {
    case 'apply':
      return new Set([formula.name, ...formula.given.flatMap((part) => [...namesIn(part)])]);
    case 'connect':
      return new Set(formula.parts.flatMap((part) => [...namesIn(part)]));
    case 'quantify':
      return namesIn(formula.body);
  }
}
