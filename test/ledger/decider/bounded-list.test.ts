import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withinBytes } from '../../../lib/ledger/decider/bounded-list.ts';

interface Entry {
  readonly name: string;
  readonly words: string;
}

const forms = (entry: Entry): readonly [Entry, Entry] => [entry, { ...entry, words: '' }];
const within = (entries: readonly Entry[], bytesMax: number) => withinBytes(entries, forms, bytesMax);
const bytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

describe('a list within octets', () => {
  const entries = [
    { name: 'a', words: 'xxxx' },
    { name: 'b', words: 'éé' },
    { name: 'c', words: '""' },
  ];
  const whole = bytes(entries);

  it('is left as it is up to its bound, counted in octets of JSON', () => {
    expect(within(entries, whole)).toEqual(entries);
    expect(within(entries, whole - 1)).toEqual([...entries.slice(0, 2), { name: 'c', words: '' }]);
  });

  it('loses words before it loses an entry, the last ones first', () => {
    const bare = entries.map(({ name }) => ({ name, words: '' }));
    expect(within(entries, bytes(bare))).toEqual(bare);
    expect(within(entries, bytes(bare) + 4)).toEqual([entries[0], ...bare.slice(1)]);
    expect(within(entries, bytes(bare) - 1)).toEqual(entries.slice(0, 2));
    expect(within(entries, 2)).toEqual([]);
    expect(within([], 2)).toEqual([]);
  });

  it('never exceeds its bound, and is the same when it is bounded again', () => {
    const entry = fc.record({
      name: fc.string({ maxLength: 9 }),
      words: fc.string({ maxLength: 40, unit: 'binary' }),
    });
    fc.assert(
      fc.property(
        fc.array(entry, { maxLength: 30 }),
        fc.integer({ min: 2, max: 1_500 }),
        (list, bytesMax) => {
          const bounded = within(list, bytesMax);
          expect(bytes(bounded)).toBeLessThanOrEqual(bytesMax);
          expect(within(bounded, bytesMax)).toEqual(bounded);
          if (bytes(list.map(({ name }) => ({ name, words: '' }))) <= bytesMax)
            expect(bounded.map(({ name }) => name)).toEqual(list.map(({ name }) => name));
        },
      ),
    );
  });
});
