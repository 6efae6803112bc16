import { describe, expect, it } from 'vitest';
import { SHARING_RULES } from '../support/sharing-rules.ts';

const SEEDS = Array.from({ length: 10 }, (_, index) => index + 1);

describe.each([1, 12, 30])('the rate of an account with %i cells, whatever the chances are,', (cells) => {
  it.each(SHARING_RULES.map((rule) => [rule.name, rule] as const))('%s', async (_name, rule) => {
    for (const seed of SEEDS) {
      const broken = await rule.broken(cells, seed);
      expect(broken, `seed ${seed}`).toEqual([]);
    }
  });
});
