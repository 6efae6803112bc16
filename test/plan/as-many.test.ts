import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asManyAs } from '../../lib/plan/as-many.ts';

const sum = (values: readonly number[]): number => values.reduce((total, each) => total + each, 0);

describe('as many as may go', () => {
  it('are those that go one after the other, where more is never allowed where less is not', () => {
    const sizes = fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 30 });
    fc.assert(
      fc.property(sizes, fc.integer({ min: 0, max: 60 }), (all, limit) => {
        let left = limit;
        const oneByOne = all.filter((size) => {
          if (size > left) return false;
          left -= size;
          return true;
        });
        expect(asManyAs(all, (gone) => sum(gone) <= limit)).toEqual(oneByOne);
      }),
    );
  });

  it('are found in few tries, however many there are', () => {
    for (const limit of [0, 1, 4_999, 10_000]) {
      let tries = 0;
      const gone = asManyAs(
        Array.from({ length: 10_000 }, () => 1),
        (part) => {
          tries += 1;
          return sum(part) <= limit;
        },
      );
      expect([gone.length, tries < 100]).toEqual([limit, true]);
    }
  });
});
