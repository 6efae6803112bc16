import { describe, expect, it } from 'vitest';
import { dnsName } from '../../lib/plan/names.ts';
import { treeName } from '../../lib/plan/owned-names.ts';
import type { PlannedEndpoint } from '../../lib/plan/plan.ts';
import type { AliasTarget, RecordSet } from '../../lib/plan/records.ts';
import { treeRecords } from '../../lib/plan/tree-nodes.ts';
import { plannedTree } from '../../lib/plan/tree-reading.ts';
import { zoneView } from '../../lib/plan/zone-view.ts';
import { SCOPE } from './arbitrary-names.ts';

const name = dnsName('api.example.test');
const tree = treeName('g000145', name, SCOPE);
const lb: AliasTarget = { zoneId: 'Z35', name: dnsName('lb.example.net'), evaluateTargetHealth: true };
const leaf: RecordSet = {
  name: tree,
  type: 'A',
  setIdentifier: 'i-1',
  weight: 10,
  ttl: 30,
  values: ['192.0.2.1'],
};
const read = (...records: readonly RecordSet[]) => plannedTree(name, tree, zoneView(records), SCOPE);

describe('a tree', () => {
  it.each<readonly [string, PlannedEndpoint]>([
    [
      'addresses',
      {
        name,
        kind: 'addresses',
        tree,
        ttl: 30,
        leaves: [
          { target: 'i-1', type: 'A', weight: 10, capacity: 10, values: ['192.0.2.1', '192.0.2.2'] },
          { target: 'i-2', type: 'A', weight: 1, capacity: 1, values: ['192.0.2.3'], healthCheckId: 'h1' },
          { target: 'i-1', type: 'AAAA', weight: 255, capacity: 255, values: ['2001:db8::1'] },
        ],
      },
    ],
    [
      'a hostname',
      {
        name,
        kind: 'hostname',
        tree,
        ttl: 0,
        leaves: [{ target: 'i-1', type: 'CNAME', weight: 1, capacity: 1, values: ['a.example.net'] }],
      },
    ],
    [
      'aliases, whose TTL nobody knows',
      {
        name,
        kind: 'alias',
        tree,
        ttl: 60,
        leaves: [
          { target: 'i-1', type: 'A', weight: 1, capacity: 1, alias: lb },
          { target: 'i-1', type: 'AAAA', weight: 1, capacity: 1, alias: lb },
        ],
      },
    ],
  ])('of %s is read back as it was planned, in any order', (_, endpoint) => {
    const records = treeRecords(endpoint, SCOPE);
    expect(read(...records)).toStrictEqual({ endpoint, strange: 0 });
    const turned = [...records]
      .reverse()
      .map((record) =>
        record.values === undefined ? record : { ...record, values: [...record.values].reverse() },
      );
    expect(read(...turned)).toStrictEqual({ endpoint, strange: 0 });
  });

  it('is none without a leaf', () => {
    expect(read()).toBe(undefined);
    expect(read({ name: tree, type: 'TXT', ttl: 5, values: ['"x"'] })).toBe(undefined);
  });
});

describe('a record', () => {
  const { values: _values, ttl: _ttl, ...bare } = leaf;
  const { setIdentifier: _identifier, ...plain } = leaf;
  const { weight: _weight, ...unweighted } = leaf;

  it.each<readonly [string, RecordSet]>([
    ['of another type', { ...leaf, type: 'TXT', setIdentifier: 'i-2' }],
    ['without a set identifier', plain],
    ['without a weight', { ...unweighted, setIdentifier: 'i-2' }],
    ['with a routing policy', { ...leaf, setIdentifier: 'i-2', routing: { Region: 'eu-west-1' } }],
    ['with too long a set identifier', { ...leaf, setIdentifier: 'i'.repeat(129) }],
    ['with neither values nor an alias', { ...bare, setIdentifier: 'i-2' }],
    ['with both', { ...leaf, setIdentifier: 'i-2', alias: lb }],
    ['that is a CNAME alias', { ...bare, setIdentifier: 'i-2', type: 'CNAME', alias: lb }],
    ['of another kind than the first', { ...bare, setIdentifier: 'i-2', alias: lb }],
  ])('%s is left out, and counted', (_, other) => {
    expect(read(leaf, other)).toStrictEqual({ ...read(leaf), strange: 1 });
  });

  it('with a set identifier of 128 characters is a leaf', () => {
    const longest = { ...leaf, setIdentifier: 'i'.repeat(128) };
    expect(read(longest)).toMatchObject({ endpoint: { leaves: [{ target: 'i'.repeat(128) }] }, strange: 0 });
  });

  it.each([
    [0, 1, 1],
    [1, 1, 0],
    [255, 255, 0],
    [256, 255, 1],
  ])('with the weight %i is planned with %i, and counted as %i altered', (weight, planned, strange) => {
    expect(read({ ...leaf, weight })).toMatchObject({
      endpoint: { leaves: [{ weight: planned, capacity: planned }] },
      strange,
    });
  });

  it('with another TTL is given the first one, and counted', () => {
    const other = { ...leaf, setIdentifier: 'i-2', ttl: 31 };
    expect(read(leaf, other)).toMatchObject({ endpoint: { ttl: 30 }, strange: 1 });
    expect(read(leaf, { ...other, weight: 0 })).toMatchObject({ strange: 1 });
    const { ttl: _, ...without } = other;
    expect(read(leaf, without)).toMatchObject({ endpoint: { ttl: 30 }, strange: 0 });
  });
});
