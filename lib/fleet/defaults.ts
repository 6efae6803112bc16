import type { CellPolicy, TargetHealth } from '../plan/fleet-model.ts';

/** Seconds that resolvers keep an answer when the file does not say. */
export const DEFAULT_TTL_S = 60;

/** One serving target is the least that answers at all, so an endpoint is never emptied without an approval. */
export const DEFAULT_FLOOR = 1;

/** Health of a target whose file does not say; a source that measures it knows better. */
export const DEFAULT_HEALTH: TargetHealth = 'healthy';

/**
 * How careful a cell is when its owner says nothing. Each value errs towards asking a person:
 * one of three equal targets may go by itself, two may not; a plan that touches more than half of the
 * cell waits for an approval; and a source that loses half of the targets at once is not believed.
 */
export const DEFAULT_POLICY: CellPolicy = {
  coalesceS: 30,
  capacityRemovedPercent: 34,
  capacityWindowS: 600,
  endpointsChangedPercent: 50,
  blindPercent: 50,
  retainGenerations: 5,
  retainMinutes: 60,
  unknownChangeS: 600,
};
