import { expect, it } from 'vitest';
import { LEASE_SCENARIOS } from '../../lib/simulator/lease/lease-scenarios.ts';
import { searchLeases } from '../../lib/simulator/lease/lease-search.ts';

it.each(LEASE_SCENARIOS)('leases hold in every world: $name', async (scenario) => {
  const { complete, violation } = await searchLeases(scenario);
  expect(violation).toBeUndefined();
  expect(complete).toBe(true);
});
