/** Text that YAML takes for a string without quotes: a name or an id that begins with a letter, a place, or an IPv4 address. */
const PLAIN = /^(?:[a-z][a-z0-9]*(?:[.-][a-z0-9-]+)*|[A-Z][A-Z0-9]*(?:-[A-Z0-9]+)*|\d{1,3}(?:\.\d{1,3}){3})$/;
/** Words that some reader of YAML does not read as strings. */
const WORDS: ReadonlySet<string> = new Set([
  'y',
  'n',
  'yes',
  'no',
  'on',
  'off',
  'true',
  'false',
  'null',
  'inf',
  'nan',
]);
const INDENT = '  ';

export function oneOrList(values: readonly string[]): string {
  const [only, ...others] = values.map(scalar);
  return only !== undefined && others.length === 0 ? only : `[${[only, ...others].join(', ')}]`;
}

export function scalar(text: string): string {
  return PLAIN.test(text) && !WORDS.has(text.toLowerCase()) ? text : quoted(text);
}

/** A double-quoted YAML scalar. A JSON string is one (YAML 1.2.2, 1.3) when it has no unprintable characters. */
export function quoted(text: string): string {
  return /^[ -~]*$/.test(text) && !/["\\]/.test(text) && !text.includes("'")
    ? `'${text}'`
    : JSON.stringify(text);
}

export function comment(remark: string | undefined): string {
  return remark === undefined ? '' : ` # ${tame(remark)}`;
}

/** A text from elsewhere as a comment on one line, without control characters for YAML or a terminal. */
export function tame(text: string): string {
  return text.replaceAll(/[^\u0020-\u007e\u00a1-\u024f]/g, '?');
}

export function indented(block: readonly string[]): readonly string[] {
  return block.map((line) => INDENT + line);
}
