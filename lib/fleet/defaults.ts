import type { TargetHealth } from '../plan/fleet-model.ts';

/** Seconds that resolvers keep an answer when the file does not say. */
export const DEFAULT_TTL_S = 60;

/** With a floor of one serving target an endpoint is never emptied without an approval. */
export const DEFAULT_FLOOR = 1;

/** Health of a target for which the file gives none. A source's observation replaces it. */
export const DEFAULT_HEALTH: TargetHealth = 'healthy';

/** Seconds that a wave bakes when neither the file nor the command says: longer than any alarm of a root cause takes. */
export const DEFAULT_BAKE_S = 900;
