import { expect, it } from 'vitest';
import { PAGE_CHECKS } from './page-checks.ts';

it.each(Object.keys(PAGE_CHECKS))('%s', async (name) => {
  await expect(PAGE_CHECKS[name]?.()).resolves.toBeUndefined();
});
