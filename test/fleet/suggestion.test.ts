import { expect, test } from 'vitest';
import { nearest } from '../../lib/fleet/suggestion.ts';

test.each([
  ['capcity', 'capacity'],
  ['zoneId', 'zone_id'],
  ['IPV4', 'ipv4'],
  ['ip4', 'ipv4'],
  ['colour', undefined],
  ['', undefined],
])('%s: did you mean %s?', (word, meant) => {
  expect(nearest(word, ['zone_id', 'capacity', 'ipv4', 'hostname'])).toBe(meant);
});

test('suggests nothing where a near name would be chance', () => {
  const many = Array.from({ length: 201 }, (_, index) => `t${index}`);
  expect(nearest('t', many)).toBeUndefined();
  expect(nearest('a'.repeat(65), ['a'.repeat(65)])).toBeUndefined();
});
