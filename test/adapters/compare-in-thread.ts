import { inThread } from '../support/in-thread.ts';
import type { ComparisonResult, ComparisonWork } from './compare-worker.ts';

/** Plays the seeds with and without adapters in a thread of its own. */
export function compareInThread(work: ComparisonWork): Promise<ComparisonResult> {
  return inThread(new URL('./compare-worker.ts', import.meta.url), work);
}
