// A first-order formula, as the theories of this folder write it:
//
//   forall r: Root, n: Node. points(r, n) & !touched(r) -> there(n)
//
// `forall` and `exists` reach as far to the right as they can. In falling strength: `!`, `+`, `=` and its like (`!=`, `<=`,
// `<`), `&`, `|`, `->` (to the right), `<->`. `if a then b else c` stands wherever a term does. Z3 checks the sorts.

export type Formula =
  | { readonly type: 'apply'; readonly name: string; readonly given: readonly Formula[] }
  | { readonly type: 'connect'; readonly by: Connective; readonly parts: readonly Formula[] }
  | {
      readonly type: 'quantify';
      readonly by: 'forall' | 'exists';
      readonly variables: readonly Variable[];
      readonly body: Formula;
    };

/** SMT-LIB's names of what joins formulas. */
type Connective = 'and' | 'or' | 'not' | '=>' | '=' | 'distinct' | '<=' | '<' | '+' | 'ite';

/** A variable with its sort. */
export interface Variable {
  readonly name: string;
  readonly sort: string;
}

/** The words of a formula that are still to be read. */
interface Reader {
  readonly text: string;
  readonly words: readonly string[];
  at: number;
}

const WORD = /\s*(<->|->|!=|<=|[A-Za-z][\w-]*|\d+|[():,.=&|!<+])/y;

/** @throws Error that shows the text, where it is no formula. */
export function parseFormula(text: string): Formula {
  const reader: Reader = { text, words: wordsOf(text), at: 0 };
  const formula = readFormula(reader);
  if (reader.at < reader.words.length) throw mistake(reader, 'the end');
  return formula;
}

/** Reads `r: Root, n: Node`. */
export function parseVariables(text: string): readonly Variable[] {
  if (text === '') return [];
  return readVariables({ text, words: wordsOf(text), at: 0 });
}

function wordsOf(text: string): readonly string[] {
  const words: string[] = [];
  WORD.lastIndex = 0;
  const end = text.trimEnd().length;
  while (WORD.lastIndex < end) {
    const from = WORD.lastIndex;
    const [, word] = WORD.exec(text) ?? [];
    if (word === undefined)
      throw new Error(`"${text.slice(from).trim()}" is no part of a formula, in: ${text}`);
    words.push(word);
  }
  return words;
}

function mistake({ text, words, at }: Reader, wanted: string): Error {
  return new Error(`${wanted} is missing before "${words.slice(at).join(' ')}", in: ${text}`);
}

function takes(reader: Reader, word: string): boolean {
  if (reader.words[reader.at] !== word) return false;
  reader.at += 1;
  return true;
}

function expect(reader: Reader, word: string): void {
  if (!takes(reader, word)) throw mistake(reader, `"${word}"`);
}

function readName(reader: Reader): string {
  const word = reader.words[reader.at];
  if (word === undefined || !/^\w/.test(word)) throw mistake(reader, 'a name');
  reader.at += 1;
  return word;
}

function readVariables(reader: Reader): readonly Variable[] {
  const variables: Variable[] = [];
  do {
    const name = readName(reader);
    expect(reader, ':');
    variables.push({ name, sort: readName(reader) });
  } while (takes(reader, ','));
  return variables;
}

function readFormula(reader: Reader): Formula {
  const left = readImplication(reader);
  return takes(reader, '<->') ? connect('=', left, readImplication(reader)) : left;
}

function readImplication(reader: Reader): Formula {
  const left = readSome(reader, '|', 'or', (inner) => readSome(inner, '&', 'and', readEquation));
  return takes(reader, '->') ? connect('=>', left, readImplication(reader)) : left;
}

function readSome(
  reader: Reader,
  word: string,
  by: 'and' | 'or',
  readPart: (reader: Reader) => Formula,
): Formula {
  const first = readPart(reader);
  const parts = [first];
  while (takes(reader, word)) parts.push(readPart(reader));
  return parts.length === 1 ? first : { type: 'connect', by, parts };
}

const COMPARISONS = [
  ['=', '='],
  ['!=', 'distinct'],
  ['<=', '<='],
  ['<', '<'],
] as const;

function readEquation(reader: Reader): Formula {
  const left = readSum(reader);
  for (const [word, by] of COMPARISONS) if (takes(reader, word)) return connect(by, left, readSum(reader));
  return left;
}

function readSum(reader: Reader): Formula {
  const left = readPart(reader);
  return takes(reader, '+') ? connect('+', left, readSum(reader)) : left;
}

function readPart(reader: Reader): Formula {
  if (takes(reader, '!')) return connect('not', readPart(reader));
  if (takes(reader, '(')) {
    const inner = readFormula(reader);
    expect(reader, ')');
    return inner;
  }
  for (const by of ['forall', 'exists'] as const) {
    if (!takes(reader, by)) continue;
    const variables = readVariables(reader);
    expect(reader, '.');
    return { type: 'quantify', by, variables, body: readFormula(reader) };
  }
  if (takes(reader, 'if')) {
    const condition = readFormula(reader);
    expect(reader, 'then');
    const then = readFormula(reader);
    expect(reader, 'else');
    return connect('ite', condition, then, readFormula(reader));
  }
  const name = readName(reader);
  if (!takes(reader, '(')) return { type: 'apply', name, given: [] };
  const given: Formula[] = [];
  do given.push(readFormula(reader));
  while (takes(reader, ','));
  expect(reader, ')');
  return { type: 'apply', name, given };
}

function connect(by: Connective, ...parts: readonly Formula[]): Formula {
  return { type: 'connect', by, parts };
}

/**
 * The formula in SMT-LIB.
 *
 * @param nameOf what a name is written as: the same text with another `nameOf` speaks of the state after a step.
 */
export function toSmt(formula: Formula, nameOf: (name: string) => string): string {
  switch (formula.type) {
    case 'apply': {
      const name = nameOf(formula.name);
      const given = formula.given.map((each) => toSmt(each, nameOf));
      return given.length === 0 ? name : `(${[name, ...given].join(' ')})`;
    }
    case 'connect':
      return `(${[formula.by, ...formula.parts.map((part) => toSmt(part, nameOf))].join(' ')})`;
    case 'quantify':
      return `(${formula.by} ${variablesToSmt(formula.variables)} ${toSmt(formula.body, nameOf)})`;
  }
}

/** Variables in SMT-LIB: `((r Root) (n Node))`. */
export function variablesToSmt(variables: readonly Variable[]): string {
  return `(${variables.map(({ name, sort }) => `(${name} ${sort})`).join(' ')})`;
}
