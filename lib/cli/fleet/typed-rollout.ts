import { BAKE_MIN_S, DAY_S } from '../../fleet/bounds.ts';
import type { DeclaredRollout, FleetFile } from '../../fleet/declared-fleet.ts';
import { DEFAULT_BAKE_S } from '../../fleet/defaults.ts';
import { asCells, waveMistakes } from '../../fleet/rollout-reading.ts';
import { BadInput } from '../command/failures.ts';

/** What a person types about a rollout. */
export interface RolloutFlags {
  readonly waves?: string;
  /** Seconds. */
  readonly bake?: number;
  readonly allAtOnce?: boolean;
}

/** The rollout that is meant, and who says so. */
export interface MeantRollout extends DeclaredRollout {
  readonly bakeS: number;
  readonly by: 'command' | 'file';
}

/**
 * The rollout that a person means: what is typed, else what the file says; undefined: every cell at once.
 *
 * @throws BadInput for waves that cannot be.
 */
export function meantRollout(
  { rollout, cells }: Pick<FleetFile, 'rollout' | 'cells'>,
  { waves, bake, allAtOnce }: RolloutFlags,
): MeantRollout | undefined {
  if (allAtOnce === true) {
    const beside = waves !== undefined ? '--waves' : bake !== undefined ? '--bake' : undefined;
    if (beside === undefined) return undefined;
    throw new BadInput(`--all-at-once and ${beside} exclude each other: give one of them.`);
  }
  if (waves !== undefined) {
    const names = cells.map(({ cell }) => cell);
    return {
      waves: typedWaves(waves, names),
      bakeS: bake ?? rollout?.bakeS ?? DEFAULT_BAKE_S,
      by: 'command',
    };
  }
  if (rollout === undefined) {
    if (bake === undefined) return undefined;
    throw new BadInput(
      '--bake says how long a wave bakes, and nothing says which waves: give --waves, or write a rollout in the file.',
    );
  }
  return { waves: rollout.waves, bakeS: bake ?? rollout.bakeS ?? DEFAULT_BAKE_S, by: 'file' };
}

/** `use1-a; euw1-a,apse2-a`: waves are divided by semicolons, cells by commas. */
function typedWaves(text: string, cells: readonly string[]): DeclaredRollout['waves'] {
  const parts = text.split(';').map((wave) => wave.trim());
  const waves = parts.map((wave) => (wave === '' ? [] : wave.split(',').map((name) => name.trim())));
  const [first] = waveMistakes(waves, cells);
  if (first === undefined) return asCells(waves);
  const { wave, says } = first;
  throw new BadInput(`--waves, wave ${wave + 1} ${saidOfWave(says)}`);
}

/** A cell's mistake says what it is; the wave has it. */
function saidOfWave(says: string): string {
  const sentence = says.replace(/^is "/, 'names "').replace(', which is twice in it', ' twice');
  return sentence.endsWith('?') ? sentence : `${sentence}.`;
}

const UNITS_S: Readonly<Record<string, number>> = { s: 1, m: 60, min: 60, h: 3_600 };

/**
 * Seconds of a bake as a person types it: `15m`, `90s`, `2h`.
 *
 * @throws BadInput when it is none, or out of range.
 */
export function typedBake(text: string): number {
  const [, digits = '', unit = ''] = /^(\d{1,9}) ?(s|m|min|h)$/.exec(text) ?? [];
  const seconds = Number(digits) * (UNITS_S[unit] ?? Number.NaN);
  if (seconds >= BAKE_MIN_S && seconds <= DAY_S) return seconds;
  throw new BadInput(`"${text}" is no time for a bake: use 1s to 24h, such as 90s, 15m or 2h.`);
}
