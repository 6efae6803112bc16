import { expect, it } from 'vitest';
import { machineLimit } from '../../lib/runtime/system-failure.ts';

it.each([
  ['ENOSPC: no space left on device, write', 'The disk is full'],
  ['EMFILE: too many open files, open', 'Too few files may be open at once'],
  ['IO error: 000006.log: File too large', 'A file may not become larger'],
])('a limit of the machine is named with what to do: %s', (message, what) => {
  expect(machineLimit(new Error(message))).toMatch(
    new RegExp(`^${what} \\(.*\\): .*type the same again\\.$`),
  );
});

it('a limit that is only a cause is found', () => {
  const cause = Object.assign(new Error('write failed'), { code: 'ENOSPC' });
  expect(machineLimit(new Error('not saved', { cause }))).toBe(
    'The disk is full (not saved; ENOSPC write failed): free some space, then type the same again.',
  );
});

it('any other error is none', () => {
  expect(machineLimit(new Error('EACCES: permission denied'))).toBeUndefined();
  expect(machineLimit('text')).toBeUndefined();
});
