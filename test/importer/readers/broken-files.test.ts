// @module-tag slow
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { describeDeclared } from '../../../lib/importer/readers/describe-declared.ts';
import { readDeclared } from '../../../lib/importer/readers/read-declared.ts';
import { dnsName } from '../../../lib/plan/names.ts';
import { JUDGED_FILES } from '../../support/judged-readers.ts';

/** A part of the text goes, comes twice, or becomes something else. */
const BREAK = fc.record({
  at: fc.double({ min: 0, max: 1, noNaN: true }),
  length: fc.nat({ max: 12 }),
  put: fc.oneof(
    fc.constantFrom('', '"', '{', '[', ':', '-', '\\', '(', ';', '\n', ' ', '@', '*', '.', '0', '-1', 'null'),
    fc.string({ maxLength: 4, unit: 'binary' }),
  ),
  isTwice: fc.boolean(),
});

type Break = typeof BREAK extends fc.Arbitrary<infer Value> ? Value : never;

function broken(text: string, breaks: readonly Break[]): string {
  return breaks.reduce((whole, { at, length, put, isTwice }) => {
    const from = Math.floor(at * whole.length);
    const part = whole.slice(from, from + length);
    return whole.slice(0, from) + (isTwice ? part + part : put) + whole.slice(from + length);
  }, text);
}

describe.each(JUDGED_FILES)('a broken file of $tool', ({ tool, path, text }) => {
  it('is a zone or a list of mistakes, and what is described can be read again', () => {
    let zones = 0;
    fc.assert(
      fc.property(fc.array(BREAK, { maxLength: 3 }), fc.boolean(), (breaks, isAsked) => {
        const asked = isAsked ? { name: dnsName('example.com') } : {};
        const read = readDeclared(tool, [{ path, text: broken(text, breaks) }], asked);
        if (read.type === 'invalid') {
          expect(read.mistakes.length).toBeGreaterThan(0);
          for (const mistake of read.mistakes) expect(mistake).toMatch(/^\S+: .*[.?]$/s);
          return;
        }
        zones += 1;
        // It reads the file back, and throws where that is not possible.
        expect(() => describeDeclared(read.zone, { origin: read.origin })).not.toThrow();
      }),
      { numRuns: 300 },
    );
    expect(zones).toBeGreaterThan(10);
  });
});
