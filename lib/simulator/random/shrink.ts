import type { Stage } from '../engine/scenario.ts';
import { playRun } from './play-run.ts';
import type { ReplayLine } from './replay-line.ts';
import { settingsOf } from './replay-line.ts';
import { replayed } from './replayed-choices.ts';

/** The largest number of runs that shrinking may take. */
const ATTEMPTS_MAX = 1_500;

/**
 * Makes a failing run shorter, with fewer disturbances. It leaves out choices or makes them 0 (go on with the actor
 * that moved last) wherever the run still fails in the same way, until it can leave out nothing more.
 */
export async function shrink(stage: Stage, line: ReplayLine, message: string): Promise<ReplayLine> {
  const wanted = kindOf(message);
  let attempts = 0;
  const fails = async (choices: readonly number[]): Promise<readonly number[] | undefined> => {
    if (attempts >= ATTEMPTS_MAX) return undefined;
    attempts += 1;
    const result = await playRun(stage, replayed(choices), settingsOf(line));
    const isSame = result.violation !== undefined && kindOf(result.violation.message) === wanted;
    return isSame ? trimmed(result.choices) : undefined;
  };
  let best = (await fails(line.choices)) ?? line.choices;
  for (let isShorter = true; isShorter; ) {
    isShorter = false;
    for (let size = Math.max(1, best.length >>> 1); size >= 1; size >>>= 1) {
      for (let from = 0; from < best.length; from += size) {
        for (const candidate of [without(best, from, size), zeroed(best, from, size)]) {
          if (cost(candidate) >= cost(best)) continue;
          const found = await fails(candidate);
          if (found === undefined || cost(found) >= cost(best)) continue;
          best = found;
          isShorter = true;
        }
      }
    }
  }
  return { ...line, choices: best };
}

/** The broken rule, without the numbers and the names of values in its message. */
function kindOf(message: string): string {
  return message
    .replace(/n=[a-z0-9]+/g, 'n=')
    .replace(/\d+/g, '#')
    .slice(0, 60);
}

/** One disturbance weighs more than any length. */
function cost(choices: readonly number[]): number {
  return trimmed(choices).length + 1_000 * choices.filter((choice) => choice !== 0).length;
}

function without(choices: readonly number[], from: number, size: number): readonly number[] {
  return [...choices.slice(0, from), ...choices.slice(from + size)];
}

function zeroed(choices: readonly number[], from: number, size: number): readonly number[] {
  return choices.map((choice, index) => (index >= from && index < from + size ? 0 : choice));
}

function trimmed(choices: readonly number[]): readonly number[] {
  let length = choices.length;
  while (length > 0 && choices[length - 1] === 0) length -= 1;
  return choices.slice(0, length);
}
