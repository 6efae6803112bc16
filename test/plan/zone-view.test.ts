import { describe, expect, it } from 'vitest';
import { dnsName } from '../../lib/plan/names.ts';
import { fenceName, ownedSubtree, treeName } from '../../lib/plan/owned-names.ts';
import { aliasTo } from '../../lib/plan/plan.ts';
import type { RecordSet } from '../../lib/plan/records.ts';
import {
  pointedOwnedNames,
  pointedTree,
  recordsAtName,
  resolvesInView,
  zoneView,
} from '../../lib/plan/zone-view.ts';
import { SCOPE } from './arbitrary-names.ts';

const api = dnsName('api.example.test');
const web = dnsName('web.example.test');
const tree = treeName('g000145', api, SCOPE);
const root = aliasTo(api, 'A', tree, SCOPE);
const leaf: RecordSet = {
  name: tree,
  type: 'A',
  setIdentifier: 'a',
  weight: 1,
  ttl: 60,
  values: ['192.0.2.1'],
};

describe('a view', () => {
  it('has the records of each name, in the order in which they came', () => {
    const other: RecordSet = { ...leaf, setIdentifier: 'b' };
    const view = zoneView([leaf, root, other]);
    expect([...view]).toEqual([
      [tree, [leaf, other]],
      [api, [root]],
    ]);
    expect(recordsAtName(view, tree)).toEqual([leaf, other]);
    expect(recordsAtName(view, web)).toEqual([]);
  });
});

describe('a root', () => {
  it('points at a tree of the cell', () => {
    expect(pointedTree(root, SCOPE)).toEqual({ name: tree, label: 'g000145' });
  });

  it.each<readonly [string, Partial<RecordSet>]>([
    ['has another zone', { alias: { zoneId: 'Z2', name: tree, evaluateTargetHealth: false } }],
    ['evaluates health', { alias: { zoneId: 'Z1', name: tree, evaluateTargetHealth: true } }],
    ['has a set identifier', { setIdentifier: 'one' }],
    ['has a routing policy', { routing: { Region: 'eu-west-1' } }],
    ['points at a name of no tree', { alias: { zoneId: 'Z1', name: web, evaluateTargetHealth: false } }],
    ['points at the fence', { alias: { zoneId: 'Z1', name: fenceName(SCOPE), evaluateTargetHealth: false } }],
  ])('points at none when it %s', (_, other) => {
    expect(pointedTree({ ...root, ...other }, SCOPE)).toBe(undefined);
  });

  it('points at none when it is no alias', () => {
    expect(pointedTree(leaf, SCOPE)).toBe(undefined);
  });

  it('resolves when there is something of its type', () => {
    expect(resolvesInView(root, zoneView([root, leaf]))).toBe(true);
    expect(resolvesInView(root, zoneView([root]))).toBe(false);
    expect(resolvesInView(root, zoneView([{ ...leaf, type: 'AAAA' }]))).toBe(false);
    expect(resolvesInView(root, zoneView([{ ...leaf, type: 'AAAA' }, leaf]))).toBe(true);
    expect(resolvesInView(leaf, zoneView([leaf]))).toBe(false);
  });
});

it('knows every name of the cell that any alias points at', () => {
  const foreign: RecordSet = {
    name: web,
    type: 'A',
    alias: { zoneId: 'Z9', name: ownedSubtree(SCOPE), evaluateTargetHealth: true },
  };
  const away = aliasTo(dnsName('x.example.test'), 'A', web, SCOPE);
  const view = zoneView([root, foreign, away, leaf, { ...root, type: 'AAAA' }]);
  expect(pointedOwnedNames(view, SCOPE)).toEqual(new Set([tree, ownedSubtree(SCOPE)]));
});
