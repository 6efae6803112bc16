import { expect, test } from 'vitest';
import { fleetChange, fleetChangeView } from '../../../lib/cli/fleet/fleet-change.ts';
import type { FleetEndpoint, FleetRoute } from '../../../lib/plan/fleet-model.ts';
import { endpoint, fleetOf } from '../../plan/given-fleet.ts';
import { branches, failover, latency, routed, targets, to } from '../../plan/given-routes.ts';

const NAME = 'api.example.test';
const PAPER = { width: 200, color: false, boxes: false };
const ALL = targets(Array.from({ length: 60 }, (_, index) => `t${index}`));

/** What a push shows of an endpoint, without the name in front. */
function shown(before: FleetEndpoint, after: FleetEndpoint): readonly string[] {
  const change = fleetChange(fleetOf(ALL, [before]), fleetOf(ALL, [after]));
  return fleetChangeView([change], PAPER)
    .split('\n')
    .slice(1, -1)
    .map((line) => line.replace(`  ~ ${NAME} `, ''));
}

const between = (before: FleetRoute, after: FleetRoute) => shown(routed(before), routed(after));

function shares(blue: number, green: number, more: Readonly<Record<string, number>> = {}): FleetRoute {
  const added = Object.entries(more).map(([id, weight]) => [id, [{ weight }, to('t2', 't3')]] as const);
  return branches('weighted', {
    blue: [{ weight: blue }, to('t0')],
    green: [{ weight: green }, to('t1')],
    ...Object.fromEntries(added),
  });
}

test('a share, in the words of the file', () => {
  expect(between(shares(10, 90), shares(20, 80))).toEqual([
    'route.weighted.blue.share: 10 -> 20',
    'route.weighted.green.share: 90 -> 80',
  ]);
});

test('a branch that comes or goes, on one line with its targets', () => {
  expect(between(shares(10, 90), shares(10, 90, { red: 5 }))).toEqual([
    'route.weighted.red: none -> share 5, targets t2, t3',
  ]);
  expect(between(shares(10, 90, { red: 5 }), shares(10, 90))).toEqual([
    'route.weighted.red: share 5, targets t2, t3 -> none',
  ]);
});

test('what the targets of a nested branch gain and lose', () => {
  const before = latency({ 'eu-west-1': failover(to('t0', 't1'), to('t2')), 'us-east-1': to('t3') });
  const after = latency({ 'eu-west-1': failover(to('t1', 't4'), to('t2')), 'us-east-1': to('t3') });
  expect(between(before, after)).toEqual(['route.latency.eu-west-1.failover.primary.targets: + t4, - t0']);
  const many = latency({ 'eu-west-1': to(...ALL.map(({ id }) => id)), 'us-east-1': to('t3') });
  const few = latency({ 'eu-west-1': to('t0'), 'us-east-1': to('t3') });
  expect(between(few, many)).toEqual([
    expect.stringMatching(/^route\.latency\.eu-west-1\.targets: \+ t1, .* and 39 more$/),
  ]);
});

test('the answer, the floor and the grouping of targets', () => {
  const after: FleetRoute = { type: 'targets', targets: ['t0'], answer: 'multivalue', floor: 1 };
  expect(between(latency({ 'eu-west-1': to('t0') }), latency({ 'eu-west-1': after }))).toEqual([
    'route.latency.eu-west-1.answer: weighted -> multivalue',
    'route.latency.eu-west-1.floor: none -> 1',
  ]);
  expect(shown(endpoint(NAME, ['t0']), { ...endpoint(NAME, ['t0']), route: after })).toEqual([
    'route.answer: weighted -> multivalue',
    'route.floor: none -> 1',
  ]);
});

test('another policy, and targets that become branches', () => {
  const after = latency({ 'eu-west-1': to('t0'), 'us-east-1': to('t1') });
  expect(between(shares(10, 90), after)).toEqual([
    'route: weighted -> latency',
    'route.weighted.blue: share 10, targets t0 -> none',
    'route.weighted.green: share 90, targets t1 -> none',
    'route.latency.eu-west-1: none -> targets t0',
    'route.latency.us-east-1: none -> targets t1',
  ]);
  expect(shown(endpoint(NAME, ['t0']), routed(after))).toEqual([
    'targets: t0 -> t0, t1',
    'route: targets -> latency',
    'route.latency.eu-west-1: none -> targets t0',
    'route.latency.us-east-1: none -> targets t1',
  ]);
});

test('places, points and networks by the keys of the file', () => {
  const geo = (elsewhere: FleetRoute) =>
    branches('geolocation', {
      default: [{ GeoLocation: { CountryCode: '*' } }, elsewhere],
      'us-ca': [{ GeoLocation: { CountryCode: 'US', SubdivisionCode: 'CA' } }, elsewhere],
    });
  expect(between(geo(to('t0')), geo(to('t1')))).toEqual([
    'route.geolocation.US-CA.targets: + t1, - t0',
    'route.geolocation.default.targets: + t1, - t0',
  ]);
  const near = (AWSRegion: string, Bias?: number) =>
    branches('geoproximity', {
      dublin: [{ GeoProximityLocation: { AWSRegion, ...(Bias === undefined ? {} : { Bias }) } }, to('t0')],
    });
  expect(between(near('eu-west-1'), near('eu-west-2', 5))).toEqual([
    'route.geoproximity.dublin.region: eu-west-1 -> eu-west-2',
    'route.geoproximity.dublin.bias: none -> 5',
  ]);
  const networks = (CollectionId: string, id: string) =>
    branches('cidr', {
      lab: [{ CidrRoutingConfig: { CollectionId, LocationName: '_Lab_' } }, to(id)],
      default: [{ CidrRoutingConfig: { CollectionId, LocationName: '*' } }, to('t0')],
    });
  expect(between(networks('c-1', 't1'), networks('c-2', 't2'))).toEqual([
    'route.cidr.collection: c-1 -> c-2',
    'route.cidr.locations._Lab_.targets: + t2, - t1',
  ]);
});
