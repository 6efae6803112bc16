import type { BranchRouting } from '../../plan/routing.ts';

/** How Route 53 comes to choose a branch, for a person. */
export function routingText(routing: BranchRouting): string {
  if ('weight' in routing) return `weight ${routing.weight}`;
  if ('Region' in routing) return `latency to ${routing.Region}`;
  if ('Failover' in routing) return routing.Failover === 'PRIMARY' ? 'first' : 'when the first is down';
  if ('CidrRoutingConfig' in routing) {
    const { CollectionId, LocationName } = routing.CidrRoutingConfig;
    return LocationName === '*'
      ? `other networks than of ${CollectionId}`
      : `networks ${LocationName} of ${CollectionId}`;
  }
  if ('GeoLocation' in routing) return placeText(routing.GeoLocation);
  const { Bias = 0, ...point } = routing.GeoProximityLocation;
  const where =
    'AWSRegion' in point ? point.AWSRegion : `${point.Coordinates.Latitude}, ${point.Coordinates.Longitude}`;
  return `near ${where}${Bias === 0 ? '' : `, bias ${Bias}`}`;
}

function placeText(place: Extract<BranchRouting, { readonly GeoLocation: unknown }>['GeoLocation']): string {
  if ('ContinentCode' in place) return `continent ${place.ContinentCode}`;
  if (place.CountryCode === '*') return 'everywhere else';
  const { CountryCode, SubdivisionCode } = place;
  return SubdivisionCode === undefined ? `country ${CountryCode}` : `${CountryCode}-${SubdivisionCode}`;
}
