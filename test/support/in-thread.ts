import { Worker } from 'node:worker_threads';

/**
 * Gives a thread of its own some work, and its one message back when the thread has ended: one that is left to itself
 * may hold a client or a server open, and a process that ends before its threads can crash.
 */
export function inThread<Result>(file: URL, workerData: unknown): Promise<Result> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(file, { workerData });
    worker.once('message', (result: Result) => {
      worker.terminate().then(() => resolve(result), reject);
    });
    worker.once('error', reject);
  });
}
