import { expect, test } from 'vitest';
import { rehearsal } from './rehearsal.ts';

test('a drill that nobody can be asked in says so, and starts nothing', async () => {
  const stage = await rehearsal();
  const { exit, err } = await stage.pawl('drill');
  expect({ exit, err }).toMatchObject({ exit: 2, err: expect.stringContaining('give --yes') });
});
