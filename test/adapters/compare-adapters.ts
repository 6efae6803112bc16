import { ownProcess } from '../support/own-process.ts';
import type { ComparisonResult, ComparisonWork } from './compare-worker.ts';

/** Plays the seeds with and without adapters in a process of its own. */
export function compareAdapters(work: ComparisonWork): Promise<ComparisonResult> {
  return ownProcess(new URL('./compare-worker.ts', import.meta.url), work);
}
