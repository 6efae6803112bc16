import type { TargetHealth } from '../plan/fleet-model.ts';

/** Seconds that resolvers keep an answer when the file does not say. */
export const DEFAULT_TTL_S = 60;

/** One serving target is the least that answers at all, so an endpoint is never emptied without an approval. */
export const DEFAULT_FLOOR = 1;

/** Health of a target whose file does not say; a source that measures it knows better. */
export const DEFAULT_HEALTH: TargetHealth = 'healthy';
