import { Worker } from 'node:worker_threads';
import type { ComparisonResult, ComparisonWork } from './compare-worker.ts';

/** Plays the seeds of both worlds in a thread of its own. */
export function compareInThread(workerData: ComparisonWork): Promise<ComparisonResult> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./compare-worker.ts', import.meta.url), { workerData });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}
