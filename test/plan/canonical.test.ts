import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, sha256 } from '../../lib/plan/canonical.ts';

/** As JSON holds it: -0 is 0. */
function plain(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

/** The same value with the keys of every object the other way round. */
function reversed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reversed);
  if (value === null || typeof value !== 'object') return value;
  const entries = Object.entries(value).reverse();
  return Object.fromEntries(entries.map(([key, field]) => [key, reversed(field)]));
}

describe('canonical JSON', () => {
  it('is JSON that reads back as the value', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('does not depend on the order of keys', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(canonicalJson(reversed(value))).toBe(canonicalJson(value));
      }),
    );
  });

  it('is the same for two values exactly when they are equal', () => {
    const few = fc.jsonValue({ maxDepth: 1, depthSize: 'xsmall' });
    fc.assert(
      fc.property(few, few, (a, b) => {
        expect(canonicalJson(a) === canonicalJson(b)).toBe(isDeepStrictEqual(plain(a), plain(b)));
      }),
      { numRuns: 500 },
    );
  });

  it('leaves out what is undefined, as if it had never been there, and keeps the order of lists', () => {
    expect(canonicalJson({ b: undefined, a: [3, undefined, 1] })).toBe('{"a":[3,null,1]}');
  });

  it('holds keys that every object inherits like any other', () => {
    expect(canonicalJson({ toString: 1, constructor: 2 })).toBe('{"constructor":2,"toString":1}');
  });

  it('has the digest that any other tool computes', () => {
    expect(sha256('')).toBe('e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855');
    expect(sha256('é')).toBe('4a99557e4033c3539de2eb65472017cad5f9557f7a0625a09f1c3f6e2ba69c4c');
  });
});
