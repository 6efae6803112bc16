import { describe, expect, it } from 'vitest';
import { generation } from '../../lib/plan/generation.ts';
import { dnsName } from '../../lib/plan/names.ts';
import { treeName } from '../../lib/plan/owned-names.ts';
import type { LeafType, Plan, PlannedEndpoint } from '../../lib/plan/plan.ts';
import { rollbackRecord, rootRecords } from '../../lib/plan/plan.ts';
import { predictRollbacks, predictView } from '../../lib/plan/predicted-view.ts';
import { treeRecords } from '../../lib/plan/tree-nodes.ts';
import { zoneView } from '../../lib/plan/zone-view.ts';
import { SCOPE } from './arbitrary-names.ts';

const VALUES: Readonly<Record<LeafType, string>> = {
  A: '192.0.2.1',
  AAAA: '2001:db8::1',
  CNAME: 'a.example.net',
};

function endpoint(name: string, label: string, ...types: readonly LeafType[]): PlannedEndpoint {
  const own = dnsName(`${name}.example.test`);
  return {
    name: own,
    kind: 'addresses',
    tree: treeName(label, own, SCOPE),
    ttl: 60,
    leaves: types.map((type) => ({ target: 't', type, weight: 1, capacity: 1, values: [VALUES[type]] })),
  };
}

function plan(number: number, ...endpoints: readonly PlannedEndpoint[]): Plan {
  return { ...SCOPE, format: 1, generation: generation(number), parent: number - 1, endpoints };
}

const api1 = endpoint('api', 'g000001', 'A');
const api2 = endpoint('api', 'g000002', 'A');
const web1 = endpoint('web', 'g000001', 'A');
const fresh = endpoint('fresh', 'g000002', 'A');

describe('what stands where a flip will write', () => {
  it('is the old root, its tree and its rollback root, and every tree that is new', () => {
    const predicted = predictView(plan(1, api1, web1), plan(2, api2, fresh, web1), { api: 'g000000' }, SCOPE);
    const records = [
      ...rootRecords(api1, SCOPE),
      ...treeRecords(api1, SCOPE),
      rollbackRecord(api1.name, 'A', treeName('g000000', api1.name, SCOPE), SCOPE),
      ...treeRecords(api2, SCOPE),
      ...treeRecords(fresh, SCOPE),
    ];
    expect(predicted?.view).toEqual(zoneView(records));
    expect(predicted?.changed).toEqual(new Set([api1.name, fresh.name]));
  });

  it('is nothing when nothing changes', () => {
    const predicted = predictView(plan(1, api1, web1), plan(2, api1, web1), {}, SCOPE);
    expect(predicted).toEqual({ view: new Map(), changed: new Set() });
  });

  it('is not known when an endpoint or a family goes, or nobody knows its rollback root', () => {
    const dual = endpoint('api', 'g000001', 'A', 'AAAA');
    expect(predictView(plan(1, api1), plan(2), { api: 'g000001' }, SCOPE)).toBe(undefined);
    expect(predictView(plan(1, dual), plan(2, api2), { api: 'g000001' }, SCOPE)).toBe(undefined);
    expect(predictView(plan(1, api1), plan(2, api2), { web: 'g000001' }, SCOPE)).toBe(undefined);
    expect(predictView(plan(1, api1), plan(2, api2), { api: undefined }, SCOPE)).toBe(undefined);
  });
});

describe('where rollback roots point after a flip', () => {
  const label = (of: PlannedEndpoint) => of.tree.slice(0, 7);
  const rollbacksAfter = (
    live: Plan | undefined,
    goal: Plan,
    before: Readonly<Record<string, string | undefined>> = {},
  ) => predictRollbacks(live, goal, before, label, SCOPE);

  it('is the old tree of an endpoint that changes, the new tree of a new one, and unchanged for the others', () => {
    expect(
      rollbacksAfter(plan(1, api1, web1), plan(2, api2, fresh, web1), { api: 'g000000', web: 'g000000' }),
    ).toStrictEqual({ api: 'g000001', fresh: 'g000002', web: 'g000000' });
    expect(rollbacksAfter(undefined, plan(1, api1))).toStrictEqual({ api: 'g000001' });
  });

  it('is left out where it is not known, or where families differ', () => {
    const dual = endpoint('api', 'g000002', 'A', 'AAAA');
    expect(rollbacksAfter(plan(1, web1), plan(2, web1))).toStrictEqual({});
    expect(rollbacksAfter(plan(1, web1), plan(2, web1), { web: undefined })).toStrictEqual({});
    expect(rollbacksAfter(plan(1, api1), plan(2, dual), { api: 'g000000' })).toStrictEqual({});
    expect(rollbacksAfter(plan(1, endpoint('api', 'g000001', 'A', 'AAAA')), plan(2, dual))).toStrictEqual({
      api: 'g000001',
    });
  });
});
