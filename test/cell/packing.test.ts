import { describe, expect, it } from 'vitest';
import {
  firstBatch,
  fitsBesideFence,
  inOrder,
  packBesideFence,
  replacement,
} from '../../lib/cell/packing.ts';
import { BATCH_CHARACTERS_MAX, BATCH_ELEMENTS_MAX } from '../../lib/plan/batches.ts';
import { InvariantViolated } from '../../lib/plan/invariant.ts';
import { dnsName } from '../../lib/plan/names.ts';
import type { Change, RecordSet } from '../../lib/plan/records.ts';

const NAME = dnsName('api.example.test');

/** A record with so many values, each so long. */
function record(values: number, characters = 1): RecordSet {
  return {
    name: NAME,
    type: 'TXT',
    ttl: 5,
    values: Array.from({ length: values }, () => 'x'.repeat(characters)),
  };
}

function creating(values: number, characters?: number): readonly Change[] {
  return replacement('made', { deletes: [], creates: [record(values, characters)] }).changes;
}

describe('a batch beside its fence', () => {
  it('has two elements less than a request', () => {
    expect(fitsBesideFence(creating(BATCH_ELEMENTS_MAX - 2))).toBe(true);
    expect(fitsBesideFence(creating(BATCH_ELEMENTS_MAX - 1))).toBe(false);
  });

  it('has 400 characters less than a request', () => {
    expect(fitsBesideFence(creating(1, BATCH_CHARACTERS_MAX - 400))).toBe(true);
    expect(fitsBesideFence(creating(1, BATCH_CHARACTERS_MAX - 399))).toBe(false);
  });

  it('is one of as few as hold all parts, and no part may be larger', () => {
    const part = (id: string, values: number) => ({ id, changes: creating(values) });
    const half = BATCH_ELEMENTS_MAX / 2 - 1;
    const packed = (parts: readonly (readonly [string, number])[]) =>
      packBesideFence(parts.map(([id, values]) => part(id, values))).map((batch) =>
        batch.map(({ id }) => id),
      );
    expect(
      packed([
        ['a', half],
        ['b', half],
      ]),
    ).toEqual([['a', 'b']]);
    expect(
      packed([
        ['a', half],
        ['b', half],
        ['c', 1],
      ]),
    ).toEqual([['a', 'b'], ['c']]);
    expect(() => packed([['a', BATCH_ELEMENTS_MAX - 1]])).toThrow(InvariantViolated);
  });
});

describe('the first batch of many', () => {
  const taken = (...sizes: readonly number[]) =>
    firstBatch(sizes, (chosen) => chosen.flatMap((size) => creating(size)));

  it('takes the candidates in their order', () => {
    expect(taken(3, 1, 2)).toEqual([3, 1, 2]);
    expect(taken()).toEqual([]);
  });

  it('passes over what does not fit any more, and goes on', () => {
    expect(taken(600, 500, 398, 1)).toEqual([600, 398]);
    expect(taken(BATCH_ELEMENTS_MAX, 7)).toEqual([7]);
  });

  it('is measured by what the batch would hold of all of them together', () => {
    const shared = creating(900);
    expect(
      firstBatch([50, 60, 40], (chosen) => [...shared, ...chosen.flatMap((size) => creating(size))]),
    ).toEqual([50, 40]);
  });
});

it('puts every delete before every create', () => {
  const [old, fresh, other] = [record(1), record(2), record(3)];
  const parts = [
    replacement('first', { deletes: [old], creates: [fresh] }),
    replacement('second', { deletes: [other], creates: [old] }),
  ];
  expect(parts.map(({ id }) => id)).toEqual(['first', 'second']);
  expect(inOrder(parts)).toEqual([
    { action: 'DELETE', record: old },
    { action: 'DELETE', record: other },
    { action: 'CREATE', record: fresh },
    { action: 'CREATE', record: old },
  ]);
});
