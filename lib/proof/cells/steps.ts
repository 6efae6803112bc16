import type { ProtocolStep } from '../theory.ts';
import { BATCHES } from './batch-steps.ts';
import { EVENTS } from './event-steps.ts';
import { BETWEEN } from './handover-steps.ts';
import { READINGS } from './reading-steps.ts';
import { RESCUE } from './rescue-protocol.ts';
import { SURROUNDINGS } from './surrounding-steps.ts';

export const STEPS: readonly ProtocolStep[] = [
  ...BATCHES,
  ...BETWEEN,
  ...RESCUE,
  ...EVENTS,
  ...READINGS,
  ...SURROUNDINGS,
];
