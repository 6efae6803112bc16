import { MAX_MISTAKES } from './bounds.ts';
import type { Path } from './wording.ts';
import { pathText } from './wording.ts';

/** One thing that is wrong with a fleet file. */
export interface FleetMistake {
  readonly file: string;
  /** `cells.use1-a.targets.api-1.ipv4`; empty when the file as a whole is meant. */
  readonly path: string;
  /** From 1; 0 when the file could not be read at all. */
  readonly line: number;
  /** From 1; 0 when the file could not be read at all. */
  readonly column: number;
  /** One sentence: what, where, what to do. */
  readonly message: string;
}

/** A mistake before its line is known: an offset into the text, in UTF-16 units. */
export interface Complaint {
  readonly path: Path;
  readonly offset: number;
  readonly message: string;
}

export interface LinePosition {
  readonly line: number;
  readonly column: number;
}

/**
 * Reports a mistake at `path`. `key` points at the key's own text, `value` (the default) at the value under it.
 */
export type ReportMistake = (path: Path, message: string, part?: 'key' | 'value') => void;

/** Mistakes in the order of the file, at most {@link MAX_MISTAKES} and one line that counts the others. */
export function inFileOrder(
  file: string,
  complaints: readonly Complaint[],
  place: (offset: number) => LinePosition,
): readonly FleetMistake[] {
  const sorted = [...complaints].sort((a, b) => a.offset - b.offset);
  const mistakes = sorted.slice(0, MAX_MISTAKES).map(({ path, offset, message }) => ({
    file,
    path: pathText(path),
    ...place(offset),
    message,
  }));
  const first = sorted[MAX_MISTAKES];
  if (first === undefined) return mistakes;
  const others = sorted.length - MAX_MISTAKES;
  const message =
    others === 1
      ? 'There is 1 more mistake from here on: mend those above first.'
      : `There are ${others} more mistakes from here on: mend those above first.`;
  return [...mistakes, { file, path: '', ...place(first.offset), message }];
}

/** A mistake about a file that could not be read at all. */
export function wholeFileMistake(file: string, message: string): FleetMistake {
  return { file, path: '', line: 0, column: 0, message };
}

/** The mistake as compilers print theirs: `fleet.yaml:12:9: sentence`. */
export function formatMistake(mistake: FleetMistake): string {
  const place = mistake.line === 0 ? '' : `:${mistake.line}:${mistake.column}`;
  return `${mistake.file}${place}: ${mistake.message}`;
}
