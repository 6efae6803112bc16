import { describe, expect, it } from 'vitest';
import { desiredEndpoints } from '../../lib/plan/desired.ts';
import type { FleetRoute } from '../../lib/plan/fleet-model.ts';
import { lintPlaces, unansweredPlaces } from '../../lib/plan/lint-places.ts';
import type { DesiredEndpoint } from '../../lib/plan/tree-nodes.ts';
import { desiredOf, fleetOf } from './given-fleet.ts';
import { branches, latency, routed, targets, to } from './given-routes.ts';

const DEFAULT = { GeoLocation: { CountryCode: '*' } };
const EUROPE = { GeoLocation: { ContinentCode: 'EU' } };
const AMERICA = { GeoLocation: { CountryCode: 'US' } };
const CALIFORNIA = { GeoLocation: { CountryCode: 'US', SubdivisionCode: 'CA' } };
const NETWORKS = { CollectionId: '01234567-89ab-cdef-0123-456789abcdef' };
const ANYBODY = { CidrRoutingConfig: { ...NETWORKS, LocationName: '*' } };
const OFFICE = { CidrRoutingConfig: { ...NETWORKS, LocationName: 'office' } };

/** What an endpoint answers where these targets are out. */
function answer(route: FleetRoute, ...drained: readonly string[]): DesiredEndpoint {
  const fleet = fleetOf(targets(['t0', 't1', 't2', 't3']), [routed(route)]);
  const [endpoint] = desiredEndpoints(desiredOf(fleet, { drained }));
  if (endpoint === undefined) throw new Error('there is an endpoint');
  return endpoint;
}

const placesWithout = (route: FleetRoute, ...drained: readonly string[]): readonly string[] =>
  unansweredPlaces(route, answer(route, ...drained)).map(({ branch }) => branch);

describe('a place', () => {
  const world = branches('geolocation', {
    ca: [CALIFORNIA, to('t0')],
    default: [DEFAULT, to('t1')],
    us: [AMERICA, to('t2')],
  });

  it('gets the answer of a larger one, and the rest of the world only the default', () => {
    expect(placesWithout(world)).toEqual([]);
    expect(placesWithout(world, 't0', 't2')).toEqual([]);
    expect(placesWithout(world, 't1')).toEqual(['default']);
  });

  it('gets nothing where no larger one has a branch', () => {
    const some = branches('geolocation', {
      ca: [CALIFORNIA, to('t0')],
      eu: [EUROPE, to('t1')],
      us: [AMERICA, to('t2')],
    });
    expect(placesWithout(some, 't0')).toEqual([]);
    expect(placesWithout(some, 't1')).toEqual(['eu']);
    expect(placesWithout(some, 't0', 't2')).toEqual(['ca', 'us']);
  });

  it('is a network, for which the default alone stands in', () => {
    const networks = branches('cidr', { default: [ANYBODY, to('t0')], office: [OFFICE, to('t1')] });
    expect(placesWithout(networks, 't1')).toEqual([]);
    expect(placesWithout(networks, 't0')).toEqual(['default']);
  });

  it('is looked for at every depth, and not where nothing of the branch above is left', () => {
    const nested = latency({
      'eu-west-1': branches('geolocation', { default: [DEFAULT, to('t0')], eu: [EUROPE, to('t1')] }),
      'us-east-1': to('t2'),
    });
    expect(placesWithout(nested, 't0')).toEqual(['default.eu-west-1']);
    expect(placesWithout(nested, 't0', 't1')).toEqual([]);
    expect(placesWithout(latency({ 'eu-west-1': to('t0'), 'us-east-1': to('t2') }), 't0')).toEqual([]);
  });

  it('that would lose its answer waits for a person, and one without is a note', () => {
    const [whole, without] = [answer(world), answer(world, 't1')];
    const found = { code: 'no-answer-in-place', subject: whole.name, branch: 'default' };
    expect(lintPlaces(world, whole, without)).toEqual([{ ...found, severity: 'held' }]);
    expect(lintPlaces(world, undefined, without)).toEqual([{ ...found, severity: 'held' }]);
    expect(lintPlaces(world, answer(to('t1')), without)).toEqual([{ ...found, severity: 'held' }]);
    expect(lintPlaces(world, without, without)).toEqual([
      { code: 'no-answer-in-place', severity: 'note', subject: whole.name, branch: 'default' },
    ]);
    expect(lintPlaces(world, without, whole)).toEqual([]);
  });
});
