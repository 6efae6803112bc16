import fc from 'fast-check';
import { expect, it } from 'vitest';
import { bodyCache } from '../../../lib/ledger/dynamodb/body-cache.ts';

it('forgets what was used least recently, once its bytes are full', () => {
  const cache = bodyCache(20);
  cache.put('a', '12345');
  cache.put('b', '12345');
  expect(cache.get('a')).toBe('12345');
  cache.put('c', '1');
  expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual(['12345', undefined, '1']);
});

it('does not keep what is larger than all of it, and counts a text put twice once', () => {
  const cache = bodyCache(20);
  cache.put('a', '12345');
  cache.put('a', '12345');
  cache.put('b', '12345');
  expect(cache.get('a')).toBe('12345');
  cache.put('c', '12345678901');
  expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual(['12345', '12345', undefined]);
});

it('never holds more than its bytes, and never another text than was put', () => {
  const step = fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd'), length: fc.nat(12) });
  fc.assert(
    fc.property(fc.array(step), fc.nat(40), (steps, bytesMax) => {
      const cache = bodyCache(bytesMax);
      const last = new Map<string, string>();
      for (const { key, length } of steps) {
        cache.put(key, key.repeat(length));
        last.set(key, key.repeat(length));
        const held = [...last].filter(([each]) => cache.get(each) !== undefined);
        expect(held.every(([each, text]) => cache.get(each) === text)).toBe(true);
        expect(held.reduce((sum, [, text]) => sum + 2 * text.length, 0)).toBeLessThanOrEqual(bytesMax);
      }
    }),
  );
});
