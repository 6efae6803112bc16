import { describe, expect, it } from 'vitest';
import { desiredEndpoints } from '../../lib/plan/desired.ts';
import { generation } from '../../lib/plan/generation.ts';
import { contentOf, makePlan, sameContent } from '../../lib/plan/make-plan.ts';
import { dnsName } from '../../lib/plan/names.ts';
import { treeName } from '../../lib/plan/owned-names.ts';
import type { Plan } from '../../lib/plan/plan.ts';
import { planDigest, rootRecords, rootTypes } from '../../lib/plan/plan.ts';
import type { DesiredEndpoint } from '../../lib/plan/tree-nodes.ts';
import { treeRecords } from '../../lib/plan/tree-nodes.ts';
import { SCOPE } from './arbitrary-names.ts';
import { desiredOf, endpoint, fleetOf, target } from './given-fleet.ts';

const NAMES = ['*.example.test', 'api.example.test', 'example.test'];

function endpointsWith(ttls: readonly number[] = [60, 60, 60]): readonly DesiredEndpoint[] {
  const endpoints = NAMES.map((name, index) => endpoint(name, ['a', 'b'], { ttl: ttls[index] ?? 60 }));
  return desiredEndpoints(desiredOf(fleetOf([target('a'), target('b')], endpoints)));
}

function made(
  number: number,
  endpoints: readonly DesiredEndpoint[],
  base?: Plan,
  others: readonly Plan[] = [],
) {
  return makePlan({
    scope: SCOPE,
    generation: generation(number),
    endpoints,
    base,
    others,
    isUnretired: () => true,
  });
}

function trees(plan: Plan): readonly string[] {
  return plan.endpoints.map(({ tree }) => tree.split('.use1-a.')[0] ?? '');
}

describe('a plan', () => {
  it('gives every endpoint of a first plan a tree of its own, and names them all', () => {
    const { plan, newTrees } = made(1, endpointsWith());
    expect(trees(plan)).toEqual(['g000001._any', 'g000001.api', 'g000001._apex']);
    expect(newTrees).toEqual({ _any: 'g000001', api: 'g000001', _apex: 'g000001' });
    expect(plan).toMatchObject({ format: 1, ...SCOPE, generation: 1, parent: 0 });
  });

  it('keeps the older tree where the content is the same, and makes a new one where it is not', () => {
    const first = made(1, endpointsWith()).plan;
    const { plan, newTrees } = made(7, endpointsWith([60, 30, 60]), first);
    expect(trees(plan)).toEqual(['g000001._any', 'g000007.api', 'g000001._apex']);
    expect(newTrees).toEqual({ api: 'g000007' });
    expect(plan.parent).toBe(1);
  });

  it('keeps a tree over any number of plans, and does not return to the tree of one that is not its base', () => {
    const first = made(1, endpointsWith()).plan;
    const second = made(2, endpointsWith([60, 30, 60]), first).plan;
    const third = made(3, endpointsWith(), second).plan;
    expect(trees(third)).toEqual(['g000001._any', 'g000003.api', 'g000001._apex']);
  });

  it('takes up the tree of another plan that it is offered, the best first', () => {
    const first = made(1, endpointsWith()).plan;
    const second = made(2, endpointsWith([60, 30, 60]), first).plan;
    const { plan, newTrees } = made(3, contentOf(first), second, [first]);
    expect(trees(plan)).toEqual(trees(first));
    expect(newTrees).toEqual({});
    expect(trees(made(4, contentOf(first), undefined, [plan, first]).plan)).toEqual(trees(first));
  });

  it('never uses the name of a tree again that was retired', () => {
    const first = made(1, endpointsWith()).plan;
    const { plan, newTrees } = makePlan({
      scope: SCOPE,
      generation: generation(2),
      endpoints: contentOf(first),
      base: first,
      isUnretired: (relative, label) => !(relative === 'api' && label === 'g000001'),
    });
    expect(newTrees).toEqual({ api: 'g000002' });
    expect(trees(plan)).toEqual(['g000001._any', 'g000002.api', 'g000001._apex']);
  });

  it('makes a new tree in the place of one that somebody named like nothing of the cell', () => {
    const first = made(1, endpointsWith()).plan;
    const strange = {
      ...first,
      endpoints: first.endpoints.map((each) => ({ ...each, tree: dnsName('elsewhere.example.test') })),
    };
    expect(Object.values(made(2, contentOf(first), strange).newTrees)).toEqual([
      'g000002',
      'g000002',
      'g000002',
    ]);
  });

  it('keeps the tree when only the capacity behind the same weights changed, because no record does', () => {
    const first = made(1, endpointsWith()).plan;
    const doubled = endpointsWith().map((each) => ({
      ...each,
      leaves: each.leaves.map((leaf) => ({ ...leaf, capacity: leaf.capacity * 2 })),
    }));
    expect(made(2, doubled, first).newTrees).toEqual({});
    expect(sameContent(contentOf(first), doubled)).toBe(true);
  });

  it('is the same, and has the same digest, in whatever order its endpoints were given', () => {
    const forwards = made(1, endpointsWith()).plan;
    const backwards = made(1, [...endpointsWith()].reverse()).plan;
    expect(backwards).toEqual(forwards);
    expect(planDigest(backwards)).toBe(planDigest(forwards));
    expect(planDigest({ ...forwards, generation: generation(2) })).not.toBe(planDigest(forwards));
  });
});

describe('the content of a plan', () => {
  it('is what it was made from', () => {
    expect(contentOf(made(1, endpointsWith()).plan)).toEqual(endpointsWith());
  });

  it('differs when an endpoint is added, taken away or altered', () => {
    const all = endpointsWith();
    expect(sameContent(all, [...all].reverse())).toBe(true);
    expect(sameContent(all, all.slice(1))).toBe(false);
    expect(sameContent(all.slice(1), all)).toBe(false);
    expect(sameContent(all, endpointsWith([60, 30, 60]))).toBe(false);
  });
});

describe('the records of a plan', () => {
  const alias = {
    zoneId: 'Z35SXDOTRQ7X7K',
    name: dnsName('lb.elb.amazonaws.com'),
    evaluateTargetHealth: true,
  };

  it('are leaves under the tree and a root a family that does not evaluate health', () => {
    const fleet = fleetOf(
      [target('a', { ipv6: ['2001:db8::1'], healthCheckId: 'hc' }), target('b')],
      [endpoint('api.example.test', ['a', 'b'], { families: ['A', 'AAAA'] })],
    );
    const [planned] = made(1, desiredEndpoints(desiredOf(fleet))).plan.endpoints;
    if (planned === undefined) throw new Error('the plan is empty');
    const name = treeName('g000001', planned.name, SCOPE);
    const leaf = { name, weight: 255, ttl: 60 };
    expect(treeRecords(planned, SCOPE)).toEqual([
      { ...leaf, type: 'A', setIdentifier: 'a', values: ['192.0.2.1'], healthCheckId: 'hc' },
      { ...leaf, type: 'A', setIdentifier: 'b', values: ['192.0.2.1'] },
      { ...leaf, type: 'AAAA', setIdentifier: 'a', values: ['2001:db8::1'], healthCheckId: 'hc' },
    ]);
    const root = { name: 'api.example.test', alias: { zoneId: 'Z1', name, evaluateTargetHealth: false } };
    expect(rootRecords(planned, SCOPE)).toEqual([
      { ...root, type: 'A' },
      { ...root, type: 'AAAA' },
    ]);
  });

  it.each([
    ['addresses in one family', {}, ['A']],
    ['IPv6 addresses alone', { families: ['AAAA' as const] }, ['AAAA']],
    ['hostnames', { kind: 'hostname' as const }, ['CNAME']],
    ['aliases', { kind: 'alias' as const, families: ['A' as const, 'AAAA' as const] }, ['A', 'AAAA']],
  ])('have the roots that %s need', (_, more, types) => {
    const whole = target('a', { ipv6: ['2001:db8::1'], hostname: dnsName('a.example.com'), alias });
    const [desired] = desiredEndpoints(
      desiredOf(fleetOf([whole], [endpoint('api.example.test', ['a'], more)])),
    );
    expect(desired === undefined ? [] : rootTypes(desired)).toEqual(types);
  });

  it('of an alias endpoint have no TTL, because Route 53 allows none', () => {
    const fleet = fleetOf([target('a', { alias })], [endpoint('api.example.test', ['a'], { kind: 'alias' })]);
    const [planned] = made(1, desiredEndpoints(desiredOf(fleet))).plan.endpoints;
    expect(planned === undefined ? [] : treeRecords(planned, SCOPE)).toEqual([
      { name: 'g000001.api.use1-a._pawl.example.test', type: 'A', setIdentifier: 'a', weight: 255, alias },
    ]);
  });
});
