import { describe, expect, it } from 'vitest';
import type { FleetEndpoint } from '../../lib/plan/fleet-model.ts';
import { dnsName } from '../../lib/plan/names.ts';
import type { RecordSet } from '../../lib/plan/records.ts';
import type { RootsInput } from '../../lib/plan/roots.ts';
import { planRoots } from '../../lib/plan/roots.ts';
import { treeRecords } from '../../lib/plan/tree-nodes.ts';
import { plannedTree } from '../../lib/plan/tree-reading.ts';
import { zoneView } from '../../lib/plan/zone-view.ts';
import { SCOPE } from './arbitrary-names.ts';
import { desiredOf, endpoint, fleetOf, planOf, target } from './given-fleet.ts';
import { aliased, inPlace } from './given-zone.ts';

const API = dnsName('api.example.test');
const WEB = dnsName('web.example.test');
const fleet = (more: Partial<FleetEndpoint> = {}) =>
  fleetOf([target('a', { ipv6: ['2001:db8::1'] })], [endpoint(API, ['a'], more)]);
const BEFORE = planOf(desiredOf(fleet()));
const GOAL = planOf(desiredOf(fleet({ ttl: 30 }), { base: BEFORE }), 2);
const NOTHING = planOf(desiredOf(fleetOf([], []), { base: BEFORE }), 2);
const NEW_TREE = GOAL.endpoints.flatMap((each) => treeRecords(each, SCOPE));

const roots = (records: readonly RecordSet[], goal = GOAL, more: Partial<RootsInput> = {}) =>
  planRoots({
    scope: SCOPE,
    goal,
    view: zoneView(records),
    owned: new Set([API]),
    adopted: new Set(),
    complete: true,
    ...more,
  });

describe('an alias that points at a root', () => {
  it('does not hold a root that comes back at once', () => {
    const foreign = aliased('www.example.test', API);
    expect(roots([...inPlace(BEFORE), ...NEW_TREE, foreign])).toMatchObject({
      changed: [API],
      conflicts: [],
    });
  });

  it('does not hold one when it goes itself', () => {
    const records = [...inPlace(BEFORE), aliased(WEB, API)];
    expect(roots(records, NOTHING, { owned: new Set([WEB, API]) })).toMatchObject({
      changed: [API, WEB],
      conflicts: [],
    });
  });

  it('holds a stray rollback root, whichever of its types it points at', () => {
    const gone = 'rollback.gone.use1-a._pawl.example.test';
    const strays = [aliased(gone, API, 'A'), aliased(gone, API, 'AAAA')];
    const pointer = aliased('www.example.test', gone, 'AAAA');
    expect(roots([...inPlace(GOAL), ...strays, pointer]).groups).toEqual([]);
    expect(roots([...inPlace(GOAL), ...strays]).groups).toEqual([
      { name: gone, deletes: strays, creates: [] },
    ]);
  });
});

describe('an endpoint that goes', () => {
  it('is left alone when it was not asked for', () => {
    expect(roots(inPlace(BEFORE), NOTHING, { only: new Set([WEB]), complete: false })).toMatchObject({
      groups: [],
      changed: [],
    });
  });

  it('is no change when nothing of it is left', () => {
    expect(roots([], NOTHING)).toEqual({ groups: [], changed: [], conflicts: [], rollbacks: {} });
  });
});

it('says no label for a rollback root whose families differ', () => {
  const dual = planOf(desiredOf(fleet({ families: ['A', 'AAAA'] }), { base: BEFORE }), 2);
  const there = [...inPlace(BEFORE), ...dual.endpoints.flatMap((each) => treeRecords(each, SCOPE))];
  expect(roots(there, dual).rollbacks).toStrictEqual({});
  expect(roots(inPlace(dual), dual).rollbacks).toStrictEqual({ api: 'g000002' });
});

it('reads no CNAME alias as a leaf, which Pawl never writes', () => {
  const leaf = { ...aliased('g000001.api.use1-a._pawl.example.test', API), setIdentifier: 'a', weight: 1 };
  const read = plannedTree(API, leaf.name, zoneView([leaf, { ...leaf, type: 'CNAME' }]), SCOPE);
  expect(read).toMatchObject({ endpoint: { leaves: [{ type: 'A' }] }, strange: 1 });
  expect(read?.endpoint.leaves).toHaveLength(1);
});
