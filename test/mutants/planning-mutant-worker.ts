import { answer, givenWork } from '../support/own-process.ts';
import type { Replacement } from './mutant.ts';
import { replaceOnLoad } from './replace-on-load.ts';

/** Judges random cells by a library in which texts are replaced as they are loaded. Nothing is written to disk. */
export interface PlanningMutantWork {
  readonly replacements: readonly Replacement[];
  readonly cells: number;
  /** Who judges: `random` unless given. */
  readonly judge?: Judge;
}

/** Cells at random, cells in which one clock is wrong, and targets that come and go. */
export type Judge = 'random' | 'clocks' | 'flapping';

const { replacements, cells, judge = 'random' } = await givenWork<PlanningMutantWork>();
const stale = replaceOnLoad(replacements);
const judges: Readonly<Record<Judge, () => Promise<unknown>>> = {
  random: async () => (await import('../support/kept-back-fleets.ts')).judgeRandomCells(1, cells),
  clocks: async () => (await import('../support/skewed-clocks.ts')).judgeSkewedClocks(1, cells),
  flapping: async () => (await import('../support/flapping-targets.ts')).judgeFlapping(1, cells),
};

async function judged(): Promise<string> {
  let found: string | undefined;
  try {
    await judges[judge]();
  } catch (error) {
    found = `killed: ${String(error).split('\n')[0]}`;
  }
  const [message] = stale();
  return message === undefined ? (found ?? 'survived') : `stale: ${message}`;
}

answer(await judged());
