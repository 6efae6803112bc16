import { isWithin } from '../../plan/names.ts';
import { BUILT_IN_PLACES } from '../places/built-in-places.ts';
import type { Route53 } from '../route53.ts';
import type { AnswerSource } from './answer-source.ts';
import { zoneView } from './served-records.ts';

/** The verbs of the core that a name server needs; none of them counts as a request. */
export type ServedRoute53 = Pick<
  Route53,
  'zones' | 'served' | 'isHealthy' | 'hasAliasTarget' | 'cidrBlocks' | 'settings'
>;

/**
 * Answers from the contents that every name server has: a PENDING change is not visible before it is INSYNC.
 * Of zones with one name the oldest answers; Route 53 would give each its own name servers.
 */
export function route53AnswerSource(core: ServedRoute53): AnswerSource {
  return {
    zoneFor(name) {
      const above = core.zones().filter((zone) => isWithin(name, zone.name));
      const deepest = Math.max(...above.map((zone) => zone.name.length));
      const zone = above.find((candidate) => candidate.name.length === deepest);
      return zone === undefined ? undefined : zoneView(zone.id, zone.name, core.served(zone.id));
    },
    zoneById(id) {
      const zone = core.zones().find((candidate) => candidate.id === id);
      return zone === undefined ? undefined : zoneView(zone.id, zone.name, core.served(zone.id));
    },
    isElsewhere: (target) => core.hasAliasTarget(target),
    healthOf: (healthCheckId) => core.isHealthy(healthCheckId),
    get places() {
      return core.settings().places ?? BUILT_IN_PLACES;
    },
    cidrBlocks: (collectionId) => core.cidrBlocks(collectionId),
  };
}
