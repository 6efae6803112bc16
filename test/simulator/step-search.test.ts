// @module-tag slow
import { describe, expect, it } from 'vitest';
import { NO_FAULTS } from '../../lib/simulator/engine/decision.ts';
import { prepareStage } from '../../lib/simulator/engine/scenario.ts';
import { scenarioNamed } from '../../lib/simulator/engine/scenarios.ts';
import { searchStepByStep } from '../../lib/simulator/model-checker/step-search.ts';

async function search(name: string, faults: number, settings: Parameters<typeof searchStepByStep>[1] = {}) {
  const scenario = scenarioNamed(name);
  const stage = await prepareStage({ ...scenario, budget: { ...NO_FAULTS, faults } }, { forgets: true });
  return searchStepByStep(stage, settings);
}

describe('a search of every state', () => {
  it('of an enactor and a janitor with one fault finds no violation', async () => {
    const { violation, ...counts } = await search('enactor-janitor', 1);
    expect(violation?.message).toBeUndefined();
    expect(counts).toMatchObject({ complete: true });
    expect(counts.states).toBeGreaterThan(5_000);
  }, 120_000);

  it('of two enactors without a fault finds no violation, nor does one that bounds preemptions see more', async () => {
    const whole = await search('two-enactors', 0);
    expect(whole).toMatchObject({ complete: true });
    expect(whole.violation).toBeUndefined();
    const bounded = await search('two-enactors', 0, { preemptions: 2 });
    expect(bounded).toMatchObject({ complete: true });
    expect(bounded.endings).toBeLessThanOrEqual(whole.endings);
  }, 120_000);

  it('says that nothing is proven when it was stopped', async () => {
    const { complete } = await search('two-enactors', 1, { statesMax: 2_000 });
    expect(complete).toBe(false);
  });
});
