// @module-tag slow
import { describe, expect, it } from 'vitest';
import type { Weakness } from '../../lib/emulator/settings.ts';
import { prepareStage } from '../../lib/simulator/engine/scenario.ts';
import { scenarioNamed } from '../../lib/simulator/engine/scenarios.ts';
import { searchReduced } from '../../lib/simulator/model-checker/reduced-search.ts';

/** Every state of a scenario on a Route 53 with these weaknesses. */
async function explored(name: string, weaknesses: readonly Weakness[], faults = 1) {
  const { budget, ...scenario } = scenarioNamed(name);
  const stage = await prepareStage(
    { ...scenario, budget: { ...budget, faults } },
    { forgets: true, weaknesses: new Set(weaknesses) },
  );
  return searchReduced(stage, { statesMax: 200_000 });
}

describe('on an endpoint that the doctor calls good for tests', () => {
  it.each(['enactor-janitor', 'two-enactors'])(
    'the fence holds: no world of %s breaks a rule while no hand is at work',
    async (name) => {
      const found = await explored(name, ['missing-alias-target-accepted', 'cname-clash-accepted']);
      expect(found.violation).toBeUndefined();
      expect(found.complete).toBe(true);
      expect(found.states).toBeGreaterThan(1_000);
    },
    60_000,
  );
});

describe('on an endpoint that refuses to write an identical record again', () => {
  it.each(['enactor-janitor', 'two-enactors'])(
    'every state of %s keeps every rule and reaches the goal',
    async (name) => {
      const found = await explored(name, ['reassert-rejected']);
      expect(found.violation).toBeUndefined();
      expect(found.complete).toBe(true);
      expect(found.states).toBeGreaterThan(1_000);
    },
    120_000,
  );
});

describe('on an endpoint that the doctor calls unsafe', () => {
  it('a rule breaks where a DELETE need not match: nothing swaps any more', async () => {
    const { violation } = await explored('two-enactors', ['stale-delete-accepted']);
    expect(violation?.message).toMatch(/^I\d/);
  });

  // A refused batch leaves its nonce behind there, so that many more states differ.
  it.each([
    ['enactor-janitor', 1],
    ['two-enactors', 0],
  ] as const)(
    'no rule breaks in %s where batches are not atomic, until something else than the fence is refused: it comes first',
    async (name, faults) => {
      const { violation, complete } = await explored(name, ['not-atomic'], faults);
      expect(violation).toBeUndefined();
      expect(complete).toBe(true);
    },
    120_000,
  );
});
