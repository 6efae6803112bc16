import { describe, expect, it } from 'vitest';
import { assertBatch } from '../../lib/plan/batch-kinds.ts';
import type { Fence } from '../../lib/plan/fence.ts';
import { fenceRecord } from '../../lib/plan/fence.ts';
import { generation, seq } from '../../lib/plan/generation.ts';
import { dnsName } from '../../lib/plan/names.ts';
import { treeName } from '../../lib/plan/owned-names.ts';
import type { PlannedEndpoint } from '../../lib/plan/plan.ts';
import { create, remove } from '../../lib/plan/records.ts';
import { treeRecords } from '../../lib/plan/tree-nodes.ts';
import { treeCondition, treeId } from '../../lib/plan/trees.ts';
import { zoneView } from '../../lib/plan/zone-view.ts';
import { SCOPE } from './arbitrary-names.ts';

const name = dnsName('api.example.test');
const endpoint: PlannedEndpoint = {
  name,
  kind: 'addresses',
  tree: treeName('g000001', name, SCOPE),
  ttl: 60,
  leaves: [
    { target: 'a', type: 'A', weight: 1, capacity: 1, values: ['192.0.2.1'] },
    { target: 'b', type: 'A', weight: 1, capacity: 1, values: ['192.0.2.2'] },
  ],
};
const FENCE: Fence = {
  generation: generation(1),
  seq: seq(5),
  plan: '9f3c2a71b0de',
  frozen: false,
  ledger: '5be1c07a',
  by: 'enactor-a',
  nonce: 'aaaaaaaa',
};

describe('a staging batch', () => {
  const stage = (after: Fence) => () =>
    assertBatch(
      'stage',
      'enactor',
      [
        remove(fenceRecord(FENCE, SCOPE)),
        create(fenceRecord(after, SCOPE)),
        ...treeRecords(endpoint, SCOPE).map(create),
      ],
      SCOPE,
    );

  it('leaves the fence that was read under another nonce, signed by whoever stages', () => {
    expect(stage({ ...FENCE, nonce: 'bbbbbbbb', by: 'enactor-b' })).not.toThrow();
  });

  it.each<readonly [string, Partial<Fence>, string]>([
    ['the same nonce', {}, 'a stage batch needs a nonce of its own'],
    ['another seq', { nonce: 'bbbbbbbb', seq: seq(6) }, 'a stage batch keeps the seq'],
    ['a lower seq', { nonce: 'bbbbbbbb', seq: seq(4) }, 'a stage batch keeps the seq'],
    ['another plan', { nonce: 'bbbbbbbb', plan: '0123456789ab' }, 'a stage batch keeps the plan'],
    [
      'a higher generation',
      { nonce: 'bbbbbbbb', generation: generation(2) },
      'a stage batch keeps the generation',
    ],
    ['a freeze', { nonce: 'bbbbbbbb', frozen: true }, 'a stage batch neither freezes nor thaws'],
  ])('does not leave one with %s', (_, other, message) => {
    expect(stage({ ...FENCE, ...other })).toThrow(message);
  });
});

describe('a tree', () => {
  const [first, second] = treeRecords(endpoint, SCOPE);
  if (first === undefined || second === undefined) throw new Error('the tree has two records');
  const condition = (...records: Parameters<typeof zoneView>[0][]) =>
    treeCondition(endpoint, zoneView(records.flatMap((each) => [...each])), SCOPE);

  it('is intact when every record of it is there, and nothing else', () => {
    expect(condition([first, second])).toBe('intact');
    expect(condition([second, first])).toBe('intact');
    expect(condition([])).toBe('missing');
    expect(condition([first])).toBe('drifted');
    expect(condition([first, { ...second, weight: 2 }])).toBe('drifted');
    expect(condition([{ ...first, weight: 2 }, second])).toBe('drifted');
    expect(condition([first, second, { ...second, setIdentifier: 'c' }])).toBe('drifted');
    expect(condition([first, { ...second, setIdentifier: 'c' }])).toBe('drifted');
  });

  it('has a short name, and what is none has not', () => {
    expect(treeId(endpoint, SCOPE)).toBe('g000001.api');
    expect(() => treeId({ ...endpoint, tree: name }, SCOPE)).toThrow(
      'api.example.test is not a tree of cell use1-a',
    );
  });
});
