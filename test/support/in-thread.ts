import { Worker } from 'node:worker_threads';

/**
 * Runs work in a thread of its own, and returns its one message after the thread has ended. A thread that nobody waits
 * for may keep a client or a server open, and a process that ends before its threads can crash.
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
