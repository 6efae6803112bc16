import { describe, expect, it } from 'vitest';
import { SHARING_RULES } from '../support/sharing-rules.ts';

describe.each([1, 12, 30])('the rate of an account with %i cells', (cells) => {
  it.each(SHARING_RULES.map((rule) => [rule.name, rule] as const))('%s', async (_name, rule) => {
    expect(await rule.broken(cells, 1)).toEqual([]);
  });
});
