import type { z } from 'zod';
import { nearest } from '../../fleet/suggestion.ts';
import type { Path } from '../../fleet/wording.ts';
import { pathText, quoted, shown, subject } from '../../fleet/wording.ts';

/** Mistakes that are shown of one file; the rest are counted. */
const MISTAKES_MAX = 20;

/** A mistake of a value in a file. */
export interface PlacedMistake {
  readonly path: Path;
  readonly message: string;
}

/** A text as JSON, or the sentence that says why it is none. */
export function parseJson(text: string): { readonly value: unknown } | { readonly mistake: string } {
  try {
    return { value: JSON.parse(text) };
  } catch (error) {
    const why = error instanceof Error ? error.message : 'no reason given';
    return { mistake: `The file is not JSON (${shortened(why)}): give it as the tool printed it.` };
  }
}

/**
 * What a schema found, in sentences. `above` is the place of `root` in the file. Error texts of the schema are noun phrases that complete "use …" or "add …", as in
 * lib/fleet/shapes.ts.
 */
export function shapeMistakes(
  issues: readonly z.core.$ZodIssue[],
  root: unknown,
  above: Path = [],
): readonly PlacedMistake[] {
  return issues.flatMap((issue): readonly PlacedMistake[] => {
    const within = issue.path.map((part) => (typeof part === 'symbol' ? String(part) : part));
    const path = [...above, ...within];
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => unknownKey([...path, key], key, issue.message.split(' ')));
    const value = within.reduce<unknown>(below, root);
    const name = path.at(-1);
    if (value === undefined && within.length > 0 && name !== undefined) {
      const message = `${subject(path.slice(0, -1))} has no ${pathText([name])}: add ${issue.message}.`;
      return [{ path, message }];
    }
    return [{ path, message: `${subject(path)} is ${shown(value)}: use ${issue.message}.` }];
  });
}

function unknownKey(path: Path, key: string, known: readonly string[]): PlacedMistake {
  const meant = nearest(key, known);
  const advice = meant === undefined ? `use ${known.join(', ')}.` : `did you mean ${quoted(meant)}?`;
  return { path, message: `${subject(path.slice(0, -1))} has the unknown key ${quoted(key)}: ${advice}` };
}

/** The sentences of one file, each with its place in front, the first ones only. */
export function inBounds(mistakes: readonly string[], file: string): readonly string[] {
  const more = mistakes.length - MISTAKES_MAX;
  const shownOnes = mistakes.slice(0, MISTAKES_MAX);
  return more <= 0
    ? shownOnes
    : [...shownOnes, `${file}: There are ${more} more mistakes: mend these first.`];
}

function below(value: unknown, part: string | number): unknown {
  return value !== null && typeof value === 'object' && Object.hasOwn(value, part)
    ? Reflect.get(value, part)
    : undefined;
}

function shortened(text: string): string {
  const line = text.replaceAll(/\s+/g, ' ');
  return line.length > 120 ? `${line.slice(0, 117)}...` : line;
}
