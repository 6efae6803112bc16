/** A place in the file: the keys and list positions from the top. */
export type Path = readonly (string | number)[];

const SHOWN = 60;
const SENTENCE = 160;
const PLAIN_KEY = /^[A-Za-z0-9_-]+$/;
/** Characters that would move a terminal's cursor or reverse its text. */
const UNPRINTABLE = /[\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** The path as people read it: `cells.use1-a.endpoints["api.example.test"].targets[2]`. */
export function pathText(path: Path): string {
  return path.map((part, index) => segment(part, index === 0)).join('');
}

/** The path as the subject of a sentence. */
export function subject(path: Path): string {
  return path.length === 0 ? 'The file' : pathText(path);
}

/** A text in quotes, shortened, without control characters for a terminal. */
export function quoted(text: string): string {
  return printable(JSON.stringify(shortened(text)));
}

/** A value as a sentence names it. */
export function shown(value: unknown): string {
  if (value === null || value === undefined) return 'empty';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a map';
  return typeof value === 'string' ? quoted(value) : String(value);
}

/** A sentence from elsewhere on one line, shortened, without control characters for a terminal. */
export function oneLine(text: string): string {
  // JSON's escapes cover the control characters below a space; its quotes are removed.
  return printable(JSON.stringify(shortened(text, SENTENCE)).slice(1, -1).replaceAll('\\"', '"'));
}

function segment(part: string | number, first: boolean): string {
  if (typeof part === 'number') return `[${part}]`;
  if (!PLAIN_KEY.test(part)) return `[${quoted(part)}]`;
  return first ? shortened(part) : `.${shortened(part)}`;
}

function shortened(text: string, length = SHOWN): string {
  return text.length > length ? `${text.slice(0, length - 3)}...` : text;
}

function printable(text: string): string {
  return text.replace(UNPRINTABLE, (char) => `\\u${hex(char)}`);
}

/** The first control or bidirectional character as its code point, such as `U+202E`. */
export function unseenCharacter(text: string): string | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
  const found = /[\u0000-\u001f]/.exec(text)?.[0] ?? text.match(UNPRINTABLE)?.[0];
  return found === undefined ? undefined : `U+${hex(found).toUpperCase()}`;
}

function hex(char: string): string {
  return char.charCodeAt(0).toString(16).padStart(4, '0');
}
