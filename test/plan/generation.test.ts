import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { generation, nextGeneration, nextSeq, seq } from '../../lib/plan/generation.ts';
import { InvalidValue } from '../../lib/plan/invariant.ts';

const counts = fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER });
const WRONG = [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY, Number.MAX_SAFE_INTEGER + 1];

describe.each([
  {
    what: 'a generation',
    make: generation,
    next: nextGeneration,
    sentence: /is not a generation: use 1 or more\.$/,
  },
  {
    what: 'a fence sequence',
    make: seq,
    next: nextSeq,
    sentence: /is not a fence sequence: use 1 or more\.$/,
  },
])('$what', ({ make, next, sentence }) => {
  it('is any whole number from 1', () => {
    fc.assert(fc.property(counts, (value) => make(value) === value));
  });

  it.each(WRONG)('is not %s, and says so', (value) => {
    expect(() => make(value)).toThrow(InvalidValue);
    expect(() => make(value)).toThrow(sentence);
  });

  it('follows every one that was seen, by one', () => {
    const seen = fc.array(fc.nat(1_000_000), { maxLength: 6 });
    fc.assert(fc.property(seen, (all) => next(...all) === Math.max(0, ...all) + 1));
  });

  it('has no successor when the numbers are used up', () => {
    expect(() => next(Number.MAX_SAFE_INTEGER)).toThrow(InvalidValue);
  });
});
