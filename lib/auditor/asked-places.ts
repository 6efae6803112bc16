import type { PlannedEndpoint } from '../plan/plan.ts';
import type { BranchRouting } from '../plan/routing.ts';

/** Places that an audit asks from, for each endpoint. */
const PLACES_MAX = 16;

/** Where the clients are that an endpoint's branches are for. */
export interface AskedPlaces {
  /** Regions, countries and states, in order: `DE`, `US-CA`, `eu-west-1`. */
  readonly places: readonly string[];
  /** False where clients elsewhere get no answer, as the fleet says itself (`elsewhere: none`, networks without a default). */
  readonly everywhere: boolean;
}

/** The places of an endpoint's branches; none where it has no branches. Continents and networks have no client of their own. Pure. */
export function askedPlaces({ nodes = [] }: PlannedEndpoint): AskedPlaces {
  const sets = nodes.flatMap(({ branches }) => (branches === undefined ? [] : [branches]));
  const places = new Set(sets.flat().flatMap(({ routing }) => placeOf(routing) ?? []));
  const everywhere = sets.every((branches) => {
    const isByPlace = branches.some(
      ({ routing }) => 'GeoLocation' in routing || 'CidrRoutingConfig' in routing,
    );
    return !isByPlace || branches.some(({ routing }) => isDefault(routing));
  });
  return { places: [...places].sort().slice(0, PLACES_MAX), everywhere };
}

function placeOf(routing: BranchRouting): string | undefined {
  if ('Region' in routing) return routing.Region;
  if ('GeoProximityLocation' in routing) {
    const point = routing.GeoProximityLocation;
    return 'AWSRegion' in point ? point.AWSRegion : undefined;
  }
  if (!('GeoLocation' in routing) || !('CountryCode' in routing.GeoLocation)) return undefined;
  const { CountryCode, SubdivisionCode } = routing.GeoLocation;
  if (CountryCode === '*') return undefined;
  return SubdivisionCode === undefined ? CountryCode : `${CountryCode}-${SubdivisionCode}`;
}

function isDefault(routing: BranchRouting): boolean {
  if ('CidrRoutingConfig' in routing) return routing.CidrRoutingConfig.LocationName === '*';
  return (
    'GeoLocation' in routing &&
    'CountryCode' in routing.GeoLocation &&
    routing.GeoLocation.CountryCode === '*'
  );
}
