import fc from 'fast-check';
import { expect, it } from 'vitest';
import { endpointRouteLines } from '../../lib/importer/route-yaml.ts';
import type { FleetRoute } from '../../lib/plan/fleet-model.ts';
import { cellText, fleetIn } from '../fleet/fleet-text.ts';
import { anyRoute, branches } from '../plan/given-routes.ts';

const TARGETS = Array.from({ length: 8 }, (_, id) => `t${id}: { az: z1, capacity: 1, ipv4: 192.0.2.${id} }`);
const CollectionId = 'c8c04fd2-44b6-4c2e-9d0c-5a5ff3a0c001';

/** A route whose first level is one of the policies that anyRoute does not have. */
const placed = fc
  .tuple(anyRoute, anyRoute, anyRoute, fc.integer({ min: -99, max: 99 }))
  .chain(([a, b, c, bias]) => {
    const Bias = bias === 0 ? {} : { Bias: bias };
    return fc.constantFrom(
      branches('geolocation', {
        default: [{ GeoLocation: { CountryCode: '*' } }, a],
        'continent-sa': [{ GeoLocation: { ContinentCode: 'SA' } }, b],
        'us-ca': [{ GeoLocation: { CountryCode: 'US', SubdivisionCode: 'CA' } }, c],
      }),
      branches('geolocation', {
        'country-na': [{ GeoLocation: { CountryCode: 'NA' } }, a],
        no: [{ GeoLocation: { CountryCode: 'NO' } }, b],
      }),
      branches('geoproximity', {
        north: [{ GeoProximityLocation: { AWSRegion: 'eu-north-1', ...Bias } }, a],
        south: [
          { GeoProximityLocation: { Coordinates: { Latitude: '-33.90', Longitude: '18.00' }, ...Bias } },
          b,
        ],
      }),
      branches('cidr', {
        default: [{ CidrRoutingConfig: { CollectionId, LocationName: '*' } }, a],
        'main-office': [{ CidrRoutingConfig: { CollectionId, LocationName: 'Main_Office' } }, b],
      }),
      branches('cidr', { lab: [{ CidrRoutingConfig: { CollectionId, LocationName: 'lab' } }, a] }),
    );
  });

/** As the reader gives it: the targets of a list in order. */
function ordered(route: FleetRoute): FleetRoute {
  if (route.type === 'targets') return { ...route, targets: [...route.targets].sort() };
  return { ...route, branches: route.branches.map((each) => ({ ...each, route: ordered(each.route) })) };
}

it('a route that the importer writes is read as the same route', () => {
  fc.assert(
    fc.property(fc.oneof(anyRoute, placed), (route) => {
      const lines = endpointRouteLines(route).map((line) => `  ${line}`);
      const text = cellText(TARGETS, ['api.example.test:', '  kind: addresses', ...lines]);
      const read = fleetIn(text).cells[0]?.endpoints[0]?.route;
      const isPlain = route.type === 'targets' && route.answer === 'weighted';
      expect(read).toEqual(isPlain ? undefined : ordered(route));
    }),
    { numRuns: 200 },
  );
});
