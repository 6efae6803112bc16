import { branchPlace, isDefault } from '../plan/place-names.ts';
import type { PlannedEndpoint } from '../plan/plan.ts';

/** Where the clients are that an endpoint's branches are for. */
export interface AskedPlaces {
  /** Places by the names of lib/plan/place-names.ts, each once, in order: `DE`, `EU`, `US-CA`, `eu-west-1`. */
  readonly places: readonly string[];
  /**
   * Places of which the fleet does not say that a client there gets an answer, each once, in order: a Region or a point is
   * only the nearest one to some client, who may be elsewhere, where there is none.
   */
  readonly notOwed: readonly string[];
  /** False where clients elsewhere get no answer, as the fleet says itself (`elsewhere: none`, networks without a default). */
  readonly everywhere: boolean;
}

/** The places of an endpoint's branches; none where it has no branches. Pure. */
export function askedPlaces({ nodes = [] }: PlannedEndpoint): AskedPlaces {
  const sets = nodes.flatMap(({ branches }) => (branches === undefined ? [] : [branches]));
  const everywhere = sets.every((branches) => {
    const isByPlace = branches.some(
      ({ routing }) => 'GeoLocation' in routing || 'CidrRoutingConfig' in routing,
    );
    return !isByPlace || branches.some(({ routing }) => isDefault(routing));
  });
  const [places, notOwed] = [new Set<string>(), new Set<string>()];
  for (const { routing } of sets.flat()) {
    const place = branchPlace(routing);
    const isNearest = 'Region' in routing || 'GeoProximityLocation' in routing;
    if (place !== undefined) (everywhere || !isNearest ? places : notOwed).add(place);
  }
  return { places: [...places].sort(), notOwed: [...notOwed].sort(), everywhere };
}
