import { Worker } from 'node:worker_threads';
import type { SimulationProgress, SimulationReport, SimulationTask } from '../../simulator/task.ts';

type Message =
  | { readonly type: 'progress'; readonly progress: SimulationProgress }
  | { readonly type: 'report'; readonly report: SimulationReport };

/** The young generation's heap, for the garbage of a run: with the default a sixth of the time goes into its collection. */
const YOUNG_MB = 192;
/** The old generation's heap: an exhaustive search keeps the local states of every actor. */
const OLD_MB = 16_384;

/** The file of a thread: in a clone TypeScript as this one, in a package JavaScript as this one. */
const WORKER = new URL(import.meta.url.replace(/[^/]+([.][jt]s)$/, 'simulate-worker$1'));

/** The callbacks while tasks are performed. */
interface SimulationWatch {
  /** The progress of all tasks together, from time to time. */
  readonly progressed?: (progress: SimulationProgress) => void;
  /** Each report as soon as its task has ended. */
  readonly ended?: (report: SimulationReport) => void;
}

/** Performs each task in a thread of its own, at most `workers` at once; the reports come in the tasks' order. */
export async function simulate(
  tasks: readonly SimulationTask[],
  workers: number,
  { progressed, ended }: SimulationWatch = {},
): Promise<readonly SimulationReport[]> {
  const progress = new Map<number, SimulationProgress>();
  const reports: SimulationReport[] = [];
  let next = 0;
  const work = async (): Promise<void> => {
    for (let index = next; index < tasks.length; index = next) {
      next += 1;
      const task = tasks[index];
      if (task === undefined) return;
      const report = await inThread(task, (one) => {
        progress.set(index, one);
        progressed?.(sum([...progress.values()]));
      });
      progress.set(index, report);
      reports[index] = report;
      ended?.(report);
    }
  };
  await Promise.all(Array.from({ length: Math.min(workers, tasks.length) }, work));
  return reports;
}

function inThread(
  task: SimulationTask,
  progressed: (progress: SimulationProgress) => void,
): Promise<SimulationReport> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(WORKER, {
      workerData: task,
      resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB, maxOldGenerationSizeMb: OLD_MB },
    });
    let report: SimulationReport | undefined;
    worker.on('message', (message: Message) => {
      if (message.type === 'progress') progressed(message.progress);
      else report = message.report;
    });
    worker.on('error', reject);
    worker.on('exit', (code) => {
      if (report === undefined) reject(new Error(`a simulating thread ended with code ${code}`));
      else resolve(report);
    });
  });
}

function sum(all: readonly SimulationProgress[]): SimulationProgress {
  const add = (of: (one: SimulationProgress) => number) => all.reduce((total, one) => total + of(one), 0);
  return {
    runs: add(({ runs }) => runs),
    states: add(({ states }) => states),
    decisions: add(({ decisions }) => decisions),
  };
}
