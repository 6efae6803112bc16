import { describe, expect, it } from 'vitest';
import { InvariantViolated } from '../../lib/plan/invariant.ts';
import { dnsName } from '../../lib/plan/names.ts';
import type { PlannedEndpoint } from '../../lib/plan/plan.ts';
import type { RecordSet } from '../../lib/plan/records.ts';
import { regressedRoots, rootFloor } from '../../lib/plan/regression.ts';
import { treeRecords } from '../../lib/plan/tree-nodes.ts';
import { treeCondition, treeId, treeRepair } from '../../lib/plan/trees.ts';
import {
  pointedOwnedNames,
  pointedTree,
  recordsAtName,
  resolvesInView,
  zoneView,
} from '../../lib/plan/zone-view.ts';
import { SCOPE } from './arbitrary-names.ts';
import { apiFleet, desiredOf, planOf } from './given-fleet.ts';
import { aliased, inPlace, plain } from './given-zone.ts';

const PLAN = planOf(desiredOf(apiFleet(2)), 145);
const TREE = 'g000145.api.use1-a._pawl.example.test';

function api(): PlannedEndpoint {
  const [planned] = PLAN.endpoints;
  if (planned === undefined) throw new Error('the plan is empty');
  return planned;
}

const RECORDS = treeRecords(api(), SCOPE);

describe('a tree', () => {
  it('is called by its label and its endpoint in events', () => {
    expect(treeId(api(), SCOPE)).toBe('g000145.api');
    expect(() => treeId({ ...api(), tree: dnsName('x.example.test') }, SCOPE)).toThrow(InvariantViolated);
  });

  const conditions: readonly (readonly [string, readonly RecordSet[], string])[] = [
    ['missing when nothing is there', [], 'missing'],
    ['intact when it is exactly there, in any order', [...RECORDS].reverse(), 'intact'],
    ['drifted when a leaf is missing', RECORDS.slice(1), 'drifted'],
    ['drifted when a leaf is altered', RECORDS.map((leaf) => ({ ...leaf, weight: 1 })), 'drifted'],
    [
      'drifted when there is a leaf more',
      [...RECORDS, { ...plain(TREE), setIdentifier: 'x', weight: 1 }],
      'drifted',
    ],
    ['drifted when another type is there', [...RECORDS, plain(TREE, 'TXT', '"x"')], 'drifted'],
    ['drifted when only something else is there', [plain(TREE, 'CNAME', 'x.example.com')], 'drifted'],
  ];
  it.each(conditions)('is %s', (_, records, condition) => {
    expect(treeCondition(api(), zoneView(records), SCOPE)).toBe(condition);
  });

  it('is repaired by taking away all that is there and making all of it', () => {
    const there = [...RECORDS.slice(1), plain(TREE, 'TXT', '"x"')];
    expect(treeRepair(api(), zoneView(there), SCOPE)).toEqual({ deletes: there, creates: RECORDS });
  });
});

describe('a view of a zone', () => {
  it('groups records by name in their order', () => {
    const view = zoneView([
      plain('a.example.test'),
      plain('b.example.test'),
      plain('a.example.test', 'TXT', '"x"'),
    ]);
    expect(recordsAtName(view, dnsName('a.example.test')).map(({ type }) => type)).toEqual(['A', 'TXT']);
    expect(recordsAtName(view, dnsName('c.example.test'))).toEqual([]);
  });

  it('takes for a root only what Pawl writes for one', () => {
    const root = aliased('api.example.test', TREE);
    const target = root.alias;
    if (target === undefined) throw new Error('a root is an alias');
    expect(pointedTree(root, SCOPE)).toEqual({ name: TREE, label: 'g000145' });
    for (const record of [
      plain('api.example.test'),
      { ...root, alias: { ...target, evaluateTargetHealth: true } },
      { ...root, alias: { ...target, zoneId: 'Z2' } },
      { ...root, setIdentifier: 'x', weight: 1 },
      { ...root, setIdentifier: 'x', routing: { Region: 'eu-west-1' } },
      aliased('api.example.test', 'rollback.api.use1-a._pawl.example.test'),
      aliased('api.example.test', 'www.example.test'),
    ]) {
      expect(pointedTree(record, SCOPE)).toBeUndefined();
    }
  });

  it('says that an alias resolves when its own type is there', () => {
    const root = aliased('api.example.test', TREE);
    expect(resolvesInView(root, zoneView([plain(TREE)]))).toBe(true);
    expect(resolvesInView(root, zoneView([plain(TREE, 'AAAA', '2001:db8::1')]))).toBe(false);
    expect(resolvesInView(plain('api.example.test'), zoneView([plain('api.example.test')]))).toBe(false);
  });

  it('names what any alias points at below the subtree of the cell, whoever made it', () => {
    const weighted = { ...aliased('www.example.test', TREE), setIdentifier: 'x', weight: 0 };
    const beside = aliased('ftp.example.test', 'g000001.api.use1-b._pawl.example.test');
    expect([...pointedOwnedNames(zoneView([weighted, beside]), SCOPE)]).toEqual([TREE]);
  });
});

describe('a root that went back', () => {
  const older = 'g000144.api.use1-a._pawl.example.test';

  it('is found by the tree that it points at', () => {
    expect(regressedRoots(PLAN, zoneView([aliased('api.example.test', older)]), SCOPE)).toEqual([
      { name: 'api.example.test', found: older, expected: TREE },
    ]);
  });

  it('is reported once an endpoint, however many of its families went back', () => {
    const records = [aliased('api.example.test', older), aliased('api.example.test', older, 'AAAA')];
    expect(regressedRoots(PLAN, zoneView(records), SCOPE)).toHaveLength(1);
  });

  it.each([
    ['it is where it was applied', [aliased('api.example.test', TREE)]],
    ['it is ahead', [aliased('api.example.test', 'g000146.api.use1-a._pawl.example.test')]],
    ['it is gone', []],
    ['it is a plain record', [plain('api.example.test')]],
    [
      'it points at the tree of a rescue',
      [aliased('api.example.test', 'r000001.api.use1-a._pawl.example.test')],
    ],
  ])('is not reported when %s', (_, records) => {
    expect(regressedRoots(PLAN, zoneView(records), SCOPE)).toEqual([]);
  });
});

describe('the floor of generations', () => {
  it('is the highest generation among the trees that roots point at', () => {
    expect(rootFloor(zoneView([]), SCOPE)).toBe(0);
    expect(rootFloor(zoneView(inPlace(PLAN)), SCOPE)).toBe(145);
    const forged = aliased('api.example.test', 'g000900.api.use1-a._pawl.example.test');
    expect(rootFloor(zoneView([...inPlace(PLAN), forged]), SCOPE)).toBe(900);
  });

  it('does not rise by a tree that nothing points at, nor by the tree of a rescue', () => {
    const unpointed = plain('g000900.api.use1-a._pawl.example.test');
    const rescue = aliased('api.example.test', 'r000900.api.use1-a._pawl.example.test');
    expect(rootFloor(zoneView([unpointed, rescue]), SCOPE)).toBe(0);
  });
});
