import { describe, it } from 'vitest';
import { WAIT_CHECKS } from './wait-checks.ts';

describe('a wait for a push:', () => {
  it.each(Object.entries(WAIT_CHECKS))('%s', async (_, check) => {
    await check();
  });
});
