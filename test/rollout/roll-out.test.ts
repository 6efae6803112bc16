import { describe, it } from 'vitest';
import { ROLLOUT_CHECKS } from './rollout-checks.ts';

describe('a rollout:', () => {
  it.each(Object.entries(ROLLOUT_CHECKS))('%s', async (_, check) => {
    await check();
  });
});
