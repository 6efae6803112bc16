import type { Step } from '../theory.ts';
import { BATCHES } from './batches.ts';
import { EVENTS } from './events.ts';
import { BETWEEN } from './handovers.ts';
import { READINGS } from './readings.ts';
import { RESCUE } from './rescues.ts';
import { SURROUNDINGS } from './surroundings.ts';

export const STEPS: readonly Step[] = [
  ...BATCHES,
  ...BETWEEN,
  ...RESCUE,
  ...EVENTS,
  ...READINGS,
  ...SURROUNDINGS,
];
