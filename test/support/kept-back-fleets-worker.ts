import { parentPort, workerData } from 'node:worker_threads';
import { judgeRandomCells } from './kept-back-fleets.ts';

const { first, count, stride } = workerData as {
  readonly first: number;
  readonly count: number;
  readonly stride: number;
};

parentPort?.postMessage(judgeRandomCells(first, count, stride));
