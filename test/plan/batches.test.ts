import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BatchPart, BatchSize } from '../../lib/plan/batches.ts';
import {
  BATCH_CHARACTERS_MAX,
  BATCH_ELEMENTS_MAX,
  fitsOneBatch,
  packBatches,
  sizeOf,
} from '../../lib/plan/batches.ts';
import { InvariantViolated } from '../../lib/plan/invariant.ts';
import { dnsName } from '../../lib/plan/names.ts';
import type { RecordSet } from '../../lib/plan/records.ts';
import { create, remove } from '../../lib/plan/records.ts';
import { SCOPE } from './arbitrary-names.ts';

const RESERVED: BatchSize = { elements: 2, characters: 400 };

/** A part that takes exactly so much. */
function part(id: string, elements: number, characters = elements): BatchPart {
  const values = Array.from({ length: elements }, (_, index) =>
    'x'.repeat(index === 0 ? characters - elements + 1 : 1),
  );
  return { id, changes: [create({ name: dnsName('a.example.test'), type: 'TXT', ttl: 60, values })] };
}

const parts = fc
  .array(fc.record({ elements: fc.integer({ min: 1, max: 998 }), more: fc.nat(9_000) }), { maxLength: 40 })
  .map((sizes) => sizes.map(({ elements, more }, index) => part(`p${index}`, elements, elements + more)));

function total(batch: readonly BatchPart[]): BatchSize {
  return sizeOf(batch.flatMap(({ changes }) => changes));
}

describe('the size of a batch', () => {
  it('counts every value as an element with its characters, and an alias as one element without any', () => {
    const txt: RecordSet = { name: SCOPE.zone, type: 'TXT', ttl: 5, values: ['"ab"', '"c"'] };
    const alias = { zoneId: 'Z1', name: SCOPE.zone, evaluateTargetHealth: false };
    expect(sizeOf([create(txt), remove(txt)])).toEqual({ elements: 4, characters: 14 });
    expect(sizeOf([create({ name: SCOPE.zone, type: 'A', alias })])).toEqual({ elements: 1, characters: 0 });
    expect(sizeOf([])).toEqual({ elements: 0, characters: 0 });
  });

  it('fits at the limits of Route 53 and not one over', () => {
    expect(fitsOneBatch(part('a', BATCH_ELEMENTS_MAX).changes)).toBe(true);
    expect(fitsOneBatch(part('a', BATCH_ELEMENTS_MAX + 1).changes)).toBe(false);
    expect(fitsOneBatch(part('a', 1, BATCH_CHARACTERS_MAX).changes)).toBe(true);
    expect(fitsOneBatch(part('a', 1, BATCH_CHARACTERS_MAX + 1).changes)).toBe(false);
  });
});

describe('packed batches', () => {
  it('hold every part once and whole, each batch within the limits less what is reserved', () => {
    fc.assert(
      fc.property(parts, (all) => {
        const batches = packBatches(all, RESERVED);
        const ids = (some: readonly BatchPart[]) => some.map(({ id }) => id).sort();
        expect(ids(batches.flat())).toEqual(ids(all));
        for (const batch of batches) {
          expect(batch.length).toBeGreaterThan(0);
          expect(total(batch).elements).toBeLessThanOrEqual(BATCH_ELEMENTS_MAX - RESERVED.elements);
          expect(total(batch).characters).toBeLessThanOrEqual(BATCH_CHARACTERS_MAX - RESERVED.characters);
        }
      }),
    );
  });

  it('are never so many that two of them would fit into one', () => {
    fc.assert(
      fc.property(parts, (all) => {
        const [first, second] = packBatches(all, RESERVED)
          .map(total)
          .sort((a, b) => a.elements + a.characters - b.elements - b.characters);
        if (first === undefined || second === undefined) return;
        const fits =
          first.elements + second.elements <= BATCH_ELEMENTS_MAX - RESERVED.elements &&
          first.characters + second.characters <= BATCH_CHARACTERS_MAX - RESERVED.characters;
        expect(fits).toBe(false);
      }),
    );
  });

  it('are the same whatever the order in which the parts came', () => {
    const shuffled = parts.chain((all) =>
      fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length })),
    );
    fc.assert(
      fc.property(shuffled, ([all, other]) => {
        expect(packBatches(other, RESERVED)).toEqual(packBatches(all, RESERVED));
      }),
    );
  });

  it('are none for nothing, and one for what just fits', () => {
    expect(packBatches([], RESERVED)).toEqual([]);
    expect(packBatches([part('a', 500), part('b', 498)], RESERVED)).toHaveLength(1);
    expect(packBatches([part('a', 500), part('b', 499)], RESERVED)).toHaveLength(2);
  });

  it('cannot be made of a part that is larger than a batch', () => {
    expect(() => packBatches([part('a', 999)], RESERVED)).toThrow(InvariantViolated);
    expect(() => packBatches([part('a', 1, BATCH_CHARACTERS_MAX)], RESERVED)).toThrow(
      /a needs 1 elements and 32000 /,
    );
  });
});
