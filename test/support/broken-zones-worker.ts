import { parentPort, workerData } from 'node:worker_threads';
import { sweepBrokenZones } from './broken-zones.ts';

const { first, count, stride } = workerData as {
  readonly first: number;
  readonly count: number;
  readonly stride: number;
};

parentPort?.postMessage(await sweepBrokenZones(first, count, stride));
