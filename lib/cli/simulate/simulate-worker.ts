import { parentPort, workerData } from 'node:worker_threads';
import type { SimulationReport, SimulationTask } from '../../simulator/task.ts';
import { performTask } from '../../simulator/task.ts';

const port = parentPort;
if (port !== null) {
  const report = await performTask(workerData as SimulationTask, Date.now, (progress) =>
    port.postMessage({ type: 'progress', progress }),
  );
  port.postMessage({ type: 'report', report } satisfies { type: 'report'; report: SimulationReport });
}
