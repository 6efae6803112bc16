import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DesiredInput } from '../../lib/plan/desired.ts';
import { desiredEndpoints } from '../../lib/plan/desired.ts';
import type { CellFleet, FleetTarget } from '../../lib/plan/fleet-model.ts';
import { dnsName } from '../../lib/plan/names.ts';
import type { EndpointKind } from '../../lib/plan/plan.ts';
import { planDifference } from '../../lib/plan/plan-difference.ts';
import { laneOf, summaryOf } from '../../lib/plan/plan-summary.ts';
import { apiFleet, desiredOf, endpoint, fleetOf, planOf, target } from './given-fleet.ts';

/** The difference between the plan of `first` and `then`. */
function change(first: CellFleet, then: CellFleet, more: Partial<DesiredInput> = {}) {
  const base = planOf(desiredOf(first));
  const desired = desiredOf(then, { base, ...more });
  const endpoints = desiredEndpoints(desired);
  const difference = planDifference(base, endpoints);
  const lane = laneOf(desired, difference, endpoints);
  return { difference, lane, summary: summaryOf({ endpoints }, difference) };
}

describe('the difference between a plan and what is proposed', () => {
  it('names what comes, changes and goes', () => {
    const targets = [target('a'), target('b')];
    const first = fleetOf(targets, [
      endpoint('api.example.test', ['a']),
      endpoint('old.example.test', ['a']),
    ]);
    const then = fleetOf(targets, [
      endpoint('api.example.test', ['a', 'b']),
      endpoint('new.example.test', ['a']),
    ]);
    const { difference, summary } = change(first, then);
    expect(difference).toMatchObject({
      added: ['new.example.test'],
      changed: ['api.example.test'],
      removed: ['old.example.test'],
    });
    expect(difference.removedPermille.size).toBe(0);
    expect(summary).toEqual({
      endpoints: 2,
      added: ['new.example.test'],
      changed: ['api.example.test'],
      removed: ['old.example.test'],
      removedPermille: 0,
    });
  });

  it('is everything when there was no plan', () => {
    const endpoints = desiredEndpoints(desiredOf(apiFleet(2)));
    expect(planDifference(undefined, endpoints)).toMatchObject({
      added: ['api.example.test'],
      changed: [],
      removed: [],
    });
  });

  it('counts a dual-stack target once, and the family that loses most', () => {
    const both = { ipv6: ['2001:db8::1'] };
    const endpoints = [endpoint('api.example.test', ['a', 'b'], { families: ['A', 'AAAA'] })];
    const first = fleetOf([target('a', both), target('b', both)], endpoints);
    expect(change(first, first, { drained: ['a'] }).summary.removedPermille).toBe(500);
    const half = fleetOf([target('a'), target('b', both)], endpoints);
    expect(change(first, half).summary.removedPermille).toBe(500);
    expect(change(half, first).summary.removedPermille).toBe(0);
    expect(change(half, half, { drained: ['b'] }).summary.removedPermille).toBe(1_000);
  });

  it('counts capacity that shrinks, and not what other targets gain', () => {
    const first = apiFleet(2);
    const observations = {
      t1: { health: 'healthy' as const, capacity: 50 },
      t2: { health: 'healthy' as const, capacity: 900 },
    };
    expect(change(first, first, { observations }).summary.removedPermille).toBe(250);
  });

  it('compares what clients get, and not the ids of targets', () => {
    const at = (ids: readonly string[], net: string, capacity = 100) => {
      const members = ids.map((id, index) => target(id, { capacity, ipv4: [`${net}.${index + 1}`] }));
      return fleetOf(members, [endpoint('api.example.test', ids)]);
    };
    const first = at(['a', 'b', 'c', 'd'], '192.0.2');
    expect(change(first, at(['a', 'b', 'c', 'd'], '203.0.113')).summary.removedPermille).toBe(1_000);
    expect(change(first, at(['w', 'x', 'y', 'z'], '192.0.2')).summary.removedPermille).toBe(0);
    expect(change(first, at(['w', 'x', 'y'], '192.0.2')).summary.removedPermille).toBe(250);
    expect(change(first, at(['w', 'x', 'y', 'z'], '192.0.2', 400)).summary.removedPermille).toBe(0);
  });

  it('knows an address in whichever record it is', () => {
    const of = (records: Readonly<Record<string, readonly string[]>>) =>
      fleetOf(
        Object.entries(records).map(([id, ipv4]) => target(id, { ipv4, capacity: 10 * ipv4.length })),
        [endpoint('api.example.test', Object.keys(records))],
      );
    const apart = of({ a: ['192.0.2.1'], b: ['192.0.2.2'] });
    const together = of({ ab: ['192.0.2.1', '192.0.2.2'] });
    expect(change(apart, together).summary.removedPermille).toBe(0);
    expect(change(together, apart).summary.removedPermille).toBe(0);
    expect(change(together, of({ ab: ['192.0.2.1', '192.0.2.9'] })).summary.removedPermille).toBe(500);
    const more = fleetOf(
      [
        target('a', { ipv4: ['192.0.2.1', '192.0.2.3'], capacity: 10 }),
        target('b', { ipv4: ['192.0.2.2'], capacity: 10 }),
      ],
      [endpoint('api.example.test', ['a', 'b'])],
    );
    expect(change(apart, more).summary.removedPermille).toBe(0);
  });

  it('takes another kind, another hostname, and an alias with another flag for other answers', () => {
    const name = dnsName('lb.example.net');
    const alias = { zoneId: 'Z000000009LB', name, evaluateTargetHealth: false };
    const of = (kind: EndpointKind, more: Partial<FleetTarget>) =>
      fleetOf([target('a', more)], [endpoint('api.example.test', ['a'], { kind })]);
    const first = of('alias', { alias });
    const other = { ...alias, evaluateTargetHealth: true };
    expect(change(first, first).summary.removedPermille).toBe(0);
    expect(change(first, of('alias', { alias: other })).summary.removedPermille).toBe(1_000);
    expect(change(first, of('addresses', { alias })).summary.removedPermille).toBe(1_000);
    const host = of('hostname', { hostname: name });
    expect(change(host, of('hostname', { hostname: dnsName('wrong.example.org') })).summary).toMatchObject({
      removedPermille: 1_000,
    });
  });

  it('gives the exact share that goes if it is a whole number of thousandths, and rounds up if not', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), (gone) => {
        const first = fleetOf(
          [target('a', { capacity: 100 - gone || 1 }), target('b', { capacity: gone === 100 ? 99 : gone })],
          [endpoint('api.example.test', ['a', 'b'])],
        );
        const { removedPermille } = change(first, first, { drained: ['b'] }).summary;
        expect(removedPermille).toBe((gone === 100 ? 99 : gone) * 10);
      }),
    );
    expect(change(apiFleet(3), apiFleet(3), { drained: ['t1'] }).summary.removedPermille).toBe(334);
  });

  it('gives the largest share of any endpoint in its summary', () => {
    const targets = [target('a'), target('b'), target('c')];
    const fleet = fleetOf(targets, [
      endpoint('api.example.test', ['a', 'b']),
      endpoint('web.example.test', ['a', 'b', 'c']),
    ]);
    const { difference, summary } = change(fleet, fleet, { drained: ['a'] });
    expect(Object.fromEntries(difference.removedPermille)).toEqual({
      'api.example.test': 500,
      'web.example.test': 334,
    });
    expect(summary.removedPermille).toBe(500);
  });
});

describe('the lane of a plan', () => {
  const fleet = apiFleet(3);

  it.each([
    ['drained', { drained: ['t1'] }],
    ['evacuated', { evacuated: ['az1'] }],
  ])('is urgent when a target that answers was %s', (_, more) => {
    expect(change(fleet, fleet, more).lane).toBe('urgent');
  });

  it('is routine when a target turned unhealthy, which nobody ordered', () => {
    const observations = { t1: { health: 'unhealthy' as const, capacity: 100 } };
    expect(change(fleet, fleet, { observations }).lane).toBe('routine');
  });

  it('is routine when the drained target did not answer before', () => {
    const base = planOf(desiredOf(fleet, { drained: ['t1'] }));
    const desired = desiredOf(apiFleet(4), { base, drained: ['t1'] });
    const difference = planDifference(base, desiredEndpoints(desired));
    expect(difference.changed).toEqual(['api.example.test']);
    expect(laneOf(desired, difference, desiredEndpoints(desired))).toBe('routine');
  });

  it('is routine when a drained target comes back', () => {
    const base = planOf(desiredOf(fleet, { drained: ['t1'] }));
    const desired = desiredOf(fleet, { base });
    const endpoints = desiredEndpoints(desired);
    expect(laneOf(desired, planDifference(base, endpoints), endpoints)).toBe('routine');
  });

  it('is routine for a first plan', () => {
    const desired = desiredOf(fleet, { drained: ['t1'] });
    const endpoints = desiredEndpoints(desired);
    expect(laneOf(desired, planDifference(undefined, endpoints), endpoints)).toBe('routine');
  });
});
