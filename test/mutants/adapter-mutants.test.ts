import { describe, expect, it } from 'vitest';
import { ADAPTER_MUTANTS } from '../adapters/adapter-mutants.ts';
import { compareAdapters } from '../adapters/compare-adapters.ts';

describe('the comparison of the two worlds, on adapters with a bug in them,', () => {
  for (const { name, replacements, seeds } of ADAPTER_MUTANTS) {
    it(`finds "${name}" within ${seeds} seeds`, async () => {
      const result = await compareAdapters({ seeds: { first: 1, count: seeds }, replacements });
      const told = JSON.stringify(result);
      expect(result.type, told).not.toBe('stale');
      if (result.type === 'compared') expect(result.comparison.difference, told).toEqual(expect.any(String));
    });
  }
});
