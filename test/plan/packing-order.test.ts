import { describe, expect, it } from 'vitest';
import type { BatchPart, BatchSize } from '../../lib/plan/batches.ts';
import { packBatches } from '../../lib/plan/batches.ts';
import { dnsName } from '../../lib/plan/names.ts';
import { create } from '../../lib/plan/records.ts';

const name = dnsName('api.example.test');
const NONE: BatchSize = { elements: 0, characters: 0 };

/** A part of so many values that have so many characters together. */
function part(id: string, elements: number, characters: number): BatchPart {
  const values = Array.from({ length: elements }, (_, index) => (index === 0 ? 'x'.repeat(characters) : ''));
  return { id, changes: [create({ name, type: 'A', ttl: 60, values })] };
}

const packed = (parts: readonly BatchPart[], reserved = NONE) =>
  packBatches(parts, reserved).map((batch) => batch.map(({ id }) => id));

describe('parts', () => {
  it('are taken from the largest share of either limit down', () => {
    expect(packed([part('small', 100, 10), part('wide', 900, 10), part('long', 1, 31_000)])).toEqual([
      ['long', 'wide'],
      ['small'],
    ]);
    expect(packed([part('a', 300, 1), part('b', 1, 16_000), part('c', 600, 1)])).toEqual([['c', 'b', 'a']]);
    expect(packed([part('a', 400, 1), part('b', 1, 9_600), part('c', 1, 16_000)])).toEqual([['c', 'a', 'b']]);
  });

  it('of the same share are taken by name, in whatever order they came', () => {
    expect(packed([part('b', 10, 10), part('c', 10, 10), part('a', 10, 10)])).toEqual([['a', 'b', 'c']]);
    expect(packed([part('c', 10, 10), part('b', 10, 10), part('a', 10, 10)])).toEqual([['a', 'b', 'c']]);
    expect(packed([part('a', 10, 10), part('b', 10, 10), part('c', 10, 10)])).toEqual([['a', 'b', 'c']]);
  });

  it('fill a batch to the last element and character, less what is reserved', () => {
    const reserved = { elements: 2, characters: 400 };
    expect(packed([part('a', 998, 31_600)], reserved)).toEqual([['a']]);
    expect(() => packed([part('a', 999, 31_600)], reserved)).toThrow(
      'a needs 999 elements and 31600 characters, more than one batch holds',
    );
    expect(() => packed([part('a', 998, 31_601)], reserved)).toThrow(/31601 characters/);
    expect(packed([part('a', 998 - 10, 10), part('b', 10, 10)], reserved)).toEqual([['a', 'b']]);
    expect(packed([part('a', 998 - 9, 10), part('b', 10, 10)], reserved)).toEqual([['a'], ['b']]);
  });

  it('share a batch by their characters as well', () => {
    expect(packed([part('a', 1, 16_000), part('b', 1, 16_000)])).toEqual([['a', 'b']]);
    expect(packed([part('a', 1, 16_001), part('b', 1, 16_000)])).toEqual([['a'], ['b']]);
    expect(packed([part('a', 1, 16_000), part('b', 1, 15_000), part('c', 1, 1_001)])).toEqual([
      ['a', 'b'],
      ['c'],
    ]);
  });
});
