import { parentPort, workerData } from 'node:worker_threads';
import type { Replacement } from './mutant.ts';
import { replaceOnLoad } from './replace-on-load.ts';

/** Judges random cells by a library in which texts are replaced as they are loaded. Nothing is written to disk. */
export interface PlanningMutantWork {
  readonly replacements: readonly Replacement[];
  readonly cells: number;
}

const { replacements, cells } = workerData as PlanningMutantWork;
const stale = replaceOnLoad(replacements);
const { judgeRandomCells } = await import('../support/kept-back-fleets.ts');

function judged(): string {
  const [message] = stale();
  if (message !== undefined) return `stale: ${message}`;
  try {
    judgeRandomCells(1, cells);
    return 'survived';
  } catch (error) {
    return `killed: ${String(error).split('\n')[0]}`;
  }
}

parentPort?.postMessage(judged());
