// @module-tag slow
import { expect, it } from 'vitest';
import { LEASE_SCENARIOS } from '../../lib/simulator/lease/lease-scenarios.ts';
import { searchLeases } from '../../lib/simulator/lease/lease-search.ts';

/** Quick enough for every run of the tests; test/exploration/lease-search.test.ts searches all. */
const QUICK = ['a-zone-is-deaf'];

it.each(LEASE_SCENARIOS.filter(({ name }) => QUICK.includes(name)))(
  'holds in every world: $name',
  async (scenario) => {
    const { complete, violation, states } = await searchLeases(scenario);
    expect(violation).toBeUndefined();
    expect(complete).toBe(true);
    expect(states).toBeGreaterThan(1_000);
  },
);
