// @module-tag slow
import { expect, it } from 'vitest';
import { TAKE_OVER_CHECKS } from './take-over-checks.ts';

it.each(Object.keys(TAKE_OVER_CHECKS))('%s', async (name) => {
  await expect(TAKE_OVER_CHECKS[name]?.()).resolves.toBeUndefined();
});
