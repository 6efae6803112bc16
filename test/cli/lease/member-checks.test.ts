import { expect, test } from 'vitest';
import { CHECK_BOUNDS, memberChecks } from '../../../lib/cli/lease/member-checks.ts';

const NEVER = new AbortController().signal;

test('exit code 0 serves, anything else is out', async () => {
  const { serving } = memberChecks('test "$PAWL_MEMBER" = a || test "$PAWL_MEMBER" = c', () => 0);
  expect(await serving(['a', 'b', 'c'], NEVER)).toEqual(new Set(['a', 'c']));
});

test('a check that does not end is ended, and its member is out', async () => {
  const { serving } = memberChecks('sleep 60', () => 0, {
    bounds: { ...CHECK_BOUNDS, timeoutMs: 50 },
  });
  expect(await serving(['a'], NEVER)).toEqual(new Set());
});

test('who could not be checked in time keeps what was found, and comes first the next time', async () => {
  let now = 0;
  const bounds = { atOnce: 1, timeoutMs: 5_000, beginWithinMs: 2 };
  const { serving } = memberChecks('true', () => now++, { bounds });
  const first = await serving(['a', 'b', 'c', 'd'], NEVER);
  expect(first.size).toBeLessThan(4);
  for (let period = 0; period < 4; period += 1) await serving(['a', 'b', 'c', 'd'], NEVER);
  expect(await serving(['a', 'b', 'c', 'd'], NEVER)).toEqual(new Set(['a', 'b', 'c', 'd']));
});

test('nobody to check for a while changes nothing for those who come back', async () => {
  const { serving } = memberChecks('test "$PAWL_MEMBER" = a', () => 0);
  expect(await serving([], NEVER)).toEqual(new Set());
  expect(await serving(['a', 'b'], NEVER)).toEqual(new Set(['a']));
});

test('who served before this process serves until it is checked', async () => {
  let now = 0;
  const bounds = { atOnce: 1, timeoutMs: 5_000, beginWithinMs: 2 };
  const { serving } = memberChecks('false', () => now++, { bounds, before: ['b', 'c'] });
  expect(await serving(['a', 'b', 'c'], NEVER)).toEqual(new Set(['b', 'c']));
});

test.each(['no-such-command-here', '/'])(
  'a check that cannot be run says nothing of a member: %s',
  async (command) => {
    await expect(memberChecks(command, () => 0).serving(['a'], NEVER)).rejects.toThrow(
      /The check cannot be run for a \(exit code 12[67]\): mend the command./,
    );
  },
);

test('one member whose check is broken by itself is out, and the others are as they are', async () => {
  const { serving } = memberChecks('test "$PAWL_MEMBER" = b && exit 127; true', () => 0);
  expect(await serving(['a', 'b', 'c'], NEVER)).toEqual(new Set(['a', 'c']));
});
