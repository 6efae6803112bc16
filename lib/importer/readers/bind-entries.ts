/** A word of a zone file. */
export interface ZoneWord {
  /** As it stands, with its escapes and without its quotes. */
  readonly text: string;
  readonly isQuoted: boolean;
}

/** A line of a zone file, or several that parentheses make one. */
export interface ZoneEntry {
  /** Of its first word, from 1. */
  readonly line: number;
  /** True when it begins with a blank: its owner is that of the entry before. */
  readonly isOwned: boolean;
  readonly words: readonly ZoneWord[];
}

/** The entries of a text, or the first place where it is none. */
export type ZoneEntries =
  | { readonly type: 'entries'; readonly entries: readonly ZoneEntry[] }
  | { readonly type: 'invalid'; readonly line: number; readonly message: string };

interface Scan {
  readonly entries: ZoneEntry[];
  words: ZoneWord[];
  line: number;
  begun: number;
  isOwned: boolean;
  /** The line of the open parenthesis. */
  open: number | undefined;
}

/** A word, quoted text, parenthesis, comment, or the blanks between them. An escape is a backslash with what it hides. */
const PIECE =
  /(?<quoted>"(?:\\[^\n]|[^"\\\n])*")|(?<special>[()])|(?<comment>;[^\n]*)|(?<word>(?:\\[^\n]|[^\s()";\\])+)/y;
const BLANK = /[ \t\r\f\v]+/y;

/** Takes the text of a zone file apart into entries (RFC 1035, 5.1). Pure. */
export function zoneEntries(text: string): ZoneEntries {
  const scan: Scan = { entries: [], words: [], line: 1, begun: 1, isOwned: false, open: undefined };
  let at = text.startsWith('\ufeff') ? 1 : 0;
  let isLineStart = true;
  while (at < text.length) {
    if (text[at] === '\n') {
      if (scan.open === undefined) endEntry(scan);
      scan.line += 1;
      at += 1;
      isLineStart = scan.open === undefined;
      continue;
    }
    const blank = matched(BLANK, text, at);
    if (blank !== undefined) {
      if (isLineStart) scan.isOwned = true;
      isLineStart = false;
      at += blank[0].length;
      continue;
    }
    isLineStart = false;
    const piece = matched(PIECE, text, at);
    const problem = piece === undefined ? unreadable(text[at] ?? '') : take(piece, scan);
    if (problem !== undefined) return { type: 'invalid', line: scan.line, message: problem };
    at += piece?.[0].length ?? 1;
  }
  if (scan.open !== undefined)
    return { type: 'invalid', line: scan.open, message: 'The parenthesis of this line is never closed.' };
  endEntry(scan);
  return { type: 'entries', entries: scan.entries };
}

function matched(shape: RegExp, text: string, at: number): RegExpExecArray | undefined {
  shape.lastIndex = at;
  return shape.exec(text) ?? undefined;
}

function unreadable(character: string): string {
  return character === '"'
    ? 'This line has a quote that is not closed.'
    : `This line has the character ${JSON.stringify(character)} where none can be.`;
}

/** @returns what is wrong, where something is. */
function take({ groups = {} }: RegExpExecArray, scan: Scan): string | undefined {
  const { quoted, special, word } = groups;
  if (special === '(') {
    if (scan.open !== undefined) return 'This line has a parenthesis within parentheses.';
    scan.open = scan.line;
  } else if (special === ')') {
    if (scan.open === undefined) return 'This line closes a parenthesis that was not opened.';
    scan.open = undefined;
  } else if (quoted !== undefined) add({ text: quoted.slice(1, -1), isQuoted: true }, scan);
  else if (word !== undefined) add({ text: word, isQuoted: false }, scan);
  return undefined;
}

function add(word: ZoneWord, scan: Scan): void {
  if (scan.words.length === 0) scan.begun = scan.line;
  scan.words.push(word);
}

function endEntry(scan: Scan): void {
  if (scan.words.length > 0)
    scan.entries.push({ line: scan.begun, isOwned: scan.isOwned, words: scan.words });
  scan.words = [];
  scan.isOwned = false;
}
