/** A part of a file's text: whole lines, or all of a file that is one document. */
export type TrailText =
  | {
      readonly type: 'lines';
      readonly lines: readonly string[];
      /** Of the first of them, from 1. */
      readonly number: number;
      /** Whether the last of them is the last of the file. */
      readonly isEnd: boolean;
    }
  | { readonly type: 'document'; readonly text: string };

/** A file is one document of more than `max` characters. */
export class DocumentTooLarge extends Error {
  override readonly name = 'DocumentTooLarge';
  readonly max: number;

  constructor(max: number) {
    super(`a document of more than ${max} characters`);
    this.max = max;
  }
}

/** A file of one document is read whole. CloudTrail's are smaller. */
const DOCUMENT_CHARS_MAX = 256_000_000;
/** So much of a first line shows whether it begins a document. */
const OPENING_CHARS = 4_096;

/**
 * The text of a file of a trail, a piece at a time: a line is searched for in each piece once, however long it is.
 *
 * @returns nothing for a file without a character.
 * @throws DocumentTooLarge, and what reading throws.
 */
export async function* trailText(stream: AsyncIterable<string>): AsyncGenerator<TrailText> {
  /** What was read of a line that has not ended, or of the document. */
  let open: string[] = [];
  let chars = 0;
  let number = 1;
  let isDocument: boolean | undefined;
  /** The last line that has ended waits until it is known whether another one follows. */
  let last: string | undefined;
  for await (const text of stream) {
    open.push(text);
    chars += text.length;
    if (isDocument === undefined && (chars >= OPENING_CHARS || text.includes('\n'))) {
      const opening = open.join('');
      isDocument = beginsDocument(opening);
      open = [opening];
    }
    if (isDocument === undefined) continue;
    if (isDocument) {
      if (chars > DOCUMENT_CHARS_MAX) throw new DocumentTooLarge(DOCUMENT_CHARS_MAX);
      continue;
    }
    if (!(open.length === 1 ? (open[0] ?? '') : text).includes('\n')) continue;
    const lines = open.join('').split('\n');
    open = [lines.pop() ?? ''];
    if (last !== undefined) lines.unshift(last);
    last = lines.pop();
    if (lines.length > 0) yield { type: 'lines', lines, number, isEnd: false };
    number += lines.length;
  }
  const rest = open.join('');
  if (isDocument ?? beginsDocument(rest)) {
    if (chars > 0) yield { type: 'document', text: rest };
    return;
  }
  const lines = [...(last === undefined ? [] : [last]), ...(rest === '' ? [] : [rest])];
  if (lines.length > 0) yield { type: 'lines', lines, number, isEnd: true };
}

/** A document of CloudTrail is one object with all records; a line of its own is a record whole. */
function beginsDocument(text: string): boolean {
  const [line = ''] = text.split('\n', 1);
  const start = line.trimStart();
  return /^\{\s*("Records"|$)/.test(start) || start === '';
}
