import type { CellName } from '../plan/names.ts';
import { cellName } from '../plan/names.ts';
import type { DeclaredRollout } from './declared-fleet.ts';
import type { ReportMistake } from './mistakes.ts';
import { rolloutSchema } from './schema.ts';
import { nearest } from './suggestion.ts';
import { quoted, subject } from './wording.ts';

/** What is wrong with waves, at a wave, or at a cell of one; both are counted from 0. */
export interface WaveMistake {
  readonly wave: number;
  /** Absent: the wave itself is meant. */
  readonly at?: number;
  /** A clause that follows the place: `is empty: name a cell in it, or remove it`. */
  readonly says: string;
}

/** Every mistake in the waves of a rollout. Pure. */
export function waveMistakes(
  waves: readonly (readonly string[])[],
  cells: readonly string[],
): readonly WaveMistake[] {
  const seen = new Map<string, number>();
  return waves.flatMap((names, wave) => {
    if (names.length === 0) return [{ wave, says: 'is empty: name a cell in it, or remove it' }];
    return names.flatMap((name, at) => {
      const before = seen.get(name);
      seen.set(name, before ?? wave);
      if (!cells.includes(name)) {
        const meant = nearest(name, cells);
        const advice = meant === undefined ? `it has ${cells.join(', ')}` : `did you mean ${quoted(meant)}?`;
        return [{ wave, at, says: `is ${quoted(name)}, which is no cell of the file: ${advice}` }];
      }
      if (before === undefined) return [];
      const where = before === wave ? 'twice in it' : `in wave ${before + 1} already`;
      return [{ wave, at, says: `is ${quoted(name)}, which is ${where}: name each cell once` }];
    });
  });
}

/** The cells of waves without a mistake. */
export function asCells(waves: readonly (readonly string[])[]): readonly (readonly CellName[])[] {
  return waves.map((names) => names.map(cellName));
}

/** Reads the `rollout` of a file, whose shape the schema's check has reported, and reports every mistake in it. */
export function readRollout(
  raw: unknown,
  cells: readonly string[],
  report: ReportMistake,
): DeclaredRollout | undefined {
  const input = rolloutSchema.strip().safeParse(raw).data;
  if (input === undefined) return undefined;
  const mistakes = waveMistakes(input.waves, cells);
  for (const { wave, at, says } of mistakes) {
    const path = ['rollout', 'waves', wave, ...(at === undefined ? [] : [at])];
    report(path, `${subject(path)} ${says}${says.endsWith('?') ? '' : '.'}`);
  }
  if (mistakes.length > 0) return undefined;
  return { waves: asCells(input.waves), bakeS: input.bake_s };
}
