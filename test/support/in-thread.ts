import { Worker } from 'node:worker_threads';

/** Gives a thread of its own some work, and its one message back. */
export function inThread<Result>(file: URL, workerData: unknown): Promise<Result> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(file, { workerData });
    worker.once('message', resolve);
    worker.once('error', reject);
  });
}
