import { expect, test } from 'vitest';
import { holderName } from '../../../lib/cli/lease/holder-name.ts';

test('the name of a machine, made to fit, is nobody else’s', () => {
  expect(holderName(undefined, 'Rack-7.Example.test')).toBe('rack-7-example-test');
  const long = (last: string) => holderName(undefined, `${'a'.repeat(40)}${last}`);
  expect(long('1')).toMatch(/^a{23}-[0-9a-f]{8}$/);
  expect(long('1')).not.toBe(long('2'));
  expect(holderName('me', 'localhost')).toBe('me');
});

test('a name that is none, and a machine that has none, are refused', () => {
  expect(() => holderName('Me!')).toThrow(
    '"Me!" is not the name of a holder: use 1 to 32 of a-z, 0-9 and "-".',
  );
  expect(() => holderName(undefined, 'localhost')).toThrow('give --by NAME');
});
