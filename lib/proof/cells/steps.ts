import type { Step } from '../theory.ts';
import { BATCHES } from './batch-steps.ts';
import { EVENTS } from './event-steps.ts';
import { BETWEEN } from './handover-steps.ts';
import { READINGS } from './reading-steps.ts';
import { RESCUE } from './rescue-steps.ts';
import { SURROUNDINGS } from './surrounding-steps.ts';

export const STEPS: readonly Step[] = [
  ...BATCHES,
  ...BETWEEN,
  ...RESCUE,
  ...EVENTS,
  ...READINGS,
  ...SURROUNDINGS,
];
