import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DesiredInput } from '../../lib/plan/desired.ts';
import { absence, desiredEndpoints, scaledWeight } from '../../lib/plan/desired.ts';
import type { FleetTarget } from '../../lib/plan/fleet-model.ts';
import { dnsName } from '../../lib/plan/names.ts';
import { apiFleet, desiredOf, endpoint, fleetOf, planOf, target } from './given-fleet.ts';

const LB = { zoneId: 'Z35SXDOTRQ7X7K', name: dnsName('lb.elb.amazonaws.com'), evaluateTargetHealth: true };

/** The ids that the first endpoint answers with. */
function answering(input: DesiredInput): readonly string[] {
  return desiredEndpoints(input)[0]?.leaves.map((leaf) => leaf.target) ?? [];
}

function leavesOf(targets: readonly FleetTarget[], more: Parameters<typeof endpoint>[2] = {}) {
  const ids = targets.map(({ id }) => id);
  const [made] = desiredEndpoints(desiredOf(fleetOf(targets, [endpoint('api.example.test', ids, more)])));
  return made?.leaves ?? [];
}

describe('the weight of a target', () => {
  it('is its share of the largest capacity in 255, to the nearest, and never 0', () => {
    expect(scaledWeight(100, 100)).toBe(255);
    expect(scaledWeight(50, 100)).toBe(128);
    expect(scaledWeight(1, 1_000_000)).toBe(1);
    const capacities = fc.integer({ min: 1, max: 1_000_000 });
    fc.assert(
      fc.property(capacities, capacities, (a, b) => {
        const [small, large] = a < b ? [a, b] : [b, a];
        const weight = scaledWeight(small, large);
        expect(Number.isInteger(weight) && weight >= 1 && weight <= 255).toBe(true);
        const exact = (small / large) * 255;
        expect(Math.abs(weight - Math.max(1, exact))).toBeLessThanOrEqual(0.5);
      }),
    );
  });

  it('is by what was observed, not by the file', () => {
    const desired = desiredOf(apiFleet(2), {
      observations: { t1: { health: 'healthy', capacity: 25 }, t2: { health: 'healthy', capacity: 50 } },
    });
    const weights = desiredEndpoints(desired)[0]?.leaves.map(({ weight, capacity }) => [weight, capacity]);
    expect(weights).toEqual([
      [128, 25],
      [255, 50],
    ]);
  });

  it('does not change when another target leaves, the largest one included', () => {
    const targets = [target('big', { capacity: 1_000 }), target('small', { capacity: 100 })];
    const desired = desiredOf(fleetOf(targets, [endpoint('api.example.test', ['big', 'small'])]));
    const before = desiredEndpoints(desired)[0]?.leaves.find((leaf) => leaf.target === 'small');
    const after = desiredEndpoints({ ...desired, drained: ['big'] })[0]?.leaves;
    expect(after).toEqual([before]);
  });
});

describe('a target', () => {
  const fleet = apiFleet(3);

  it.each([
    ['drained', { drained: ['t1'] }],
    ['evacuated with its zone', { evacuated: ['az9'] }],
    ['observed to be unhealthy', { observations: { t1: { health: 'unhealthy' as const, capacity: 100 } } }],
    ['observed to have no capacity', { observations: { t1: { health: 'healthy' as const, capacity: 0 } } }],
  ])('is left out, never given weight 0, when it is %s', (_, more) => {
    const moved = {
      ...fleet,
      targets: fleet.targets.map((each) => (each.id === 't1' ? { ...each, az: 'az9' } : each)),
    };
    expect(answering(desiredOf(fleet))).toEqual(['t1', 't2', 't3']);
    expect(answering({ ...desiredOf(moved), ...more, fleet: moved })).toEqual(['t2', 't3']);
  });

  it('is left out when the file declares it unhealthy and no source observed it', () => {
    const targets = [target('t1', { health: 'unhealthy' }), target('t2')];
    expect(leavesOf(targets).map((leaf) => leaf.target)).toEqual(['t2']);
  });

  it('says why it does not answer, an order before an observation', () => {
    const [api] = fleet.endpoints;
    const [t1] = fleet.targets;
    if (api === undefined || t1 === undefined) throw new Error('the fleet is empty');
    const sick = { observations: { t1: { health: 'unhealthy' as const, capacity: 0 } } };
    const why = (more: Partial<DesiredInput>) => absence(t1, api, desiredOf(fleet, more));
    expect(why({})).toBeUndefined();
    expect(why(sick)).toBe('unhealthy');
    expect(why({ ...sick, drained: ['t1'], evacuated: ['az1'] })).toBe('drained');
    expect(why({ ...sick, evacuated: ['az1'] })).toBe('evacuated');
    expect(why({ observations: { t1: { health: 'unknown', capacity: 0 } } })).toBe('no-capacity');
  });

  it('of unknown health keeps the place that it had in the newest approved plan, or had not', () => {
    const unknown = { t1: { health: 'unknown' as const, capacity: 100 } };
    const with1 = planOf(desiredOf(fleet));
    const without1 = planOf(desiredOf(fleet, { drained: ['t1'] }));
    expect(answering(desiredOf(fleet, { observations: unknown, base: with1 }))).toEqual(['t1', 't2', 't3']);
    expect(answering(desiredOf(fleet, { observations: unknown, base: without1 }))).toEqual(['t2', 't3']);
    expect(answering(desiredOf(fleet, { observations: unknown }))).toEqual(['t1', 't2', 't3']);
  });

  it.each(['constructor', 'toString', 'valueOf'])('may be called %s, unobserved like any other', (id) => {
    expect(leavesOf([target(id)]).map((leaf) => leaf.target)).toEqual([id]);
  });
});

describe('an endpoint', () => {
  it('with two families has a leaf a family for each target that has addresses in it, sorted', () => {
    const leaves = leavesOf(
      [
        target('b', { ipv4: ['192.0.2.9', '192.0.2.10'], ipv6: ['2001:db8::2', '2001:db8::1'] }),
        target('a', { ipv6: [] }),
      ],
      { families: ['A', 'AAAA'] },
    );
    expect(leaves.map(({ type, target: id, values }) => [type, id, values])).toEqual([
      ['A', 'a', ['192.0.2.1']],
      ['A', 'b', ['192.0.2.10', '192.0.2.9']],
      ['AAAA', 'b', ['2001:db8::1', '2001:db8::2']],
    ]);
  });

  it('with IPv6 only has no IPv4 leaf though its targets have such addresses', () => {
    const leaves = leavesOf([target('a', { ipv6: ['2001:db8::1'] })], { families: ['AAAA'] });
    expect(leaves.map(({ type }) => type)).toEqual(['AAAA']);
  });

  it('of hostnames has CNAME leaves, and none for a target without a hostname', () => {
    const leaves = leavesOf([target('a', { hostname: dnsName('a.example.com') }), target('b')], {
      kind: 'hostname',
    });
    expect(leaves).toEqual([
      { target: 'a', type: 'CNAME', weight: 255, capacity: 100, values: ['a.example.com'] },
    ]);
  });

  it('of aliases has an alias a family, as it is declared', () => {
    const leaves = leavesOf([target('a', { alias: LB }), target('b')], {
      kind: 'alias',
      families: ['A', 'AAAA'],
    });
    expect(leaves).toEqual([
      { target: 'a', type: 'A', weight: 255, capacity: 100, alias: LB },
      { target: 'a', type: 'AAAA', weight: 255, capacity: 100, alias: LB },
    ]);
  });

  it('gives the health check of a target to each of its leaves', () => {
    const leaves = leavesOf([target('a', { healthCheckId: 'hc1', ipv6: ['2001:db8::1'] }), target('b')], {
      families: ['A', 'AAAA'],
    });
    expect(leaves.map(({ target: id, healthCheckId }) => [id, healthCheckId])).toEqual([
      ['a', 'hc1'],
      ['b', undefined],
      ['a', 'hc1'],
    ]);
  });

  it('has no leaf for a target that the cell does not have, and stays, empty, without any', () => {
    const fleet = fleetOf([], [endpoint('api.example.test', ['ghost'])]);
    expect(desiredEndpoints(desiredOf(fleet))).toEqual([
      { name: 'api.example.test', kind: 'addresses', ttl: 60, leaves: [] },
    ]);
  });

  it('does not depend on the order in which the file names endpoints, targets or addresses', () => {
    const names = ['*.example.test', 'api.example.test', 'example.test'];
    const ids = ['a', 'b', 'c'];
    const shuffled = fc.tuple(
      fc.shuffledSubarray(names, { minLength: names.length }),
      fc.shuffledSubarray(ids, { minLength: ids.length }),
    );
    const of = (order: readonly string[], members: readonly string[]) =>
      desiredEndpoints(
        desiredOf(
          fleetOf(
            members.map((id) => target(id)),
            order.map((name) => endpoint(name, members)),
          ),
        ),
      );
    fc.assert(
      fc.property(shuffled, ([order, members]) => {
        expect(of(order, members)).toEqual(of(names, ids));
      }),
    );
    expect(of(names, ids).map(({ name }) => name)).toEqual(names);
  });
});
