import { describe, expect, it } from 'vitest';
import type { SimulatedWorld } from '../../lib/simulator/engine/simulated-world.ts';
import { finish, outcomeOf } from '../support/drive.ts';
import {
  applyNewest,
  callsToApply,
  letTimePass,
  liveGeneration,
  newPlan,
  retireOld,
  runCalls,
  worldWithPlanToApply,
} from '../support/scenario.ts';

/*
 * 20 October 2025, in Pawl:
 *   1. enactor-slow decides to apply plan 2 and stalls in one of its calls.
 *   2. plans 3 and 4 are appended and applied by others; the janitor retires the old trees.
 *   3. enactor-slow wakes up and goes on with its decision.
 * No root may go back, no name may be without an answer (the checkers look at every commit), and enactor-slow ends
 * superseded.
 */
const API = 'api.example.test';

async function othersGoOn(world: SimulatedWorld): Promise<void> {
  for (const address of [3, 4]) {
    await newPlan(world, address);
    await applyNewest(world, `enactor-fast-${address}`);
  }
  await retireOld(world, 'janitor');
}

async function isAtPlan4(world: SimulatedWorld): Promise<void> {
  expect(liveGeneration(world, API)).toBe(4);
  await world.startEnactor('enactor-check', 'sweep');
  expect(await finish(world, 'enactor-check')).toMatchObject({ type: 'converged', generation: 4 });
}

describe.each(['hint', 'sweep'] as const)('an enactor (%s) stalled between any two of its calls', (mode) => {
  it('never goes back over newer plans, and ends as superseded once it has anything to lose', async () => {
    const calls = await callsToApply(mode);
    expect(calls).toBeGreaterThan(8);
    const endings = new Set<string>();
    for (let stalledAt = 0; stalledAt <= calls; stalledAt += 1) {
      const world = await worldWithPlanToApply();
      await world.startEnactor('enactor-slow', mode);
      await runCalls(world, 'enactor-slow', stalledAt);
      await othersGoOn(world);
      const outcome = (await finish(world, 'enactor-slow')) as { type: string; generation: number };
      endings.add(outcome.type);
      if (outcome.type === 'superseded') expect(outcome.generation).toBe(4);
      await isAtPlan4(world);
    }
    expect([...endings].sort()).toEqual(['applied', 'converged', 'superseded']);
  });

  it('never goes back when a request of its lands long after its caller gave up', async () => {
    const calls = await callsToApply(mode);
    for (let lostAt = 0; lostAt < calls; lostAt += 1) {
      const world = await worldWithPlanToApply();
      await world.startEnactor('enactor-slow', mode);
      await runCalls(world, 'enactor-slow', lostAt);
      const zombie = await world.scheduler.timeout('enactor-slow');
      await othersGoOn(world);
      await world.scheduler.land(zombie);
      await finishOrFail(world, 'enactor-slow');
      letTimePass(world);
      await isAtPlan4(world);
    }
  });

  it('never loses a plan when the answer to any one call is lost', async () => {
    const calls = await callsToApply(mode);
    for (let lostAt = 0; lostAt < calls; lostAt += 1) {
      const world = await worldWithPlanToApply();
      await world.startEnactor('enactor-slow', mode);
      await runCalls(world, 'enactor-slow', lostAt);
      await world.scheduler.loseAnswer('enactor-slow');
      await finishOrFail(world, 'enactor-slow');
      await applyNewest(world, 'enactor-next');
      expect(liveGeneration(world, API)).toBe(2);
      expect(world.ledger.peek(world.scope.cell).state.applied?.generation).toBe(2);
    }
  });

  it('never leaves a cell that another cannot finish when it dies in any of its calls', async () => {
    const calls = await callsToApply(mode);
    for (const lands of ['never', 'at once', 'late'] as const) {
      for (let diesAt = 0; diesAt < calls; diesAt += 1) {
        const world = await worldWithPlanToApply();
        await world.startEnactor('enactor-slow', mode);
        await runCalls(world, 'enactor-slow', diesAt);
        const zombie = await world.scheduler.crash('enactor-slow');
        if (lands === 'at once') await world.scheduler.land(zombie);
        await applyNewest(world, 'enactor-next');
        expect(liveGeneration(world, API)).toBe(2);
        if (lands === 'late') await world.scheduler.land(zombie);
        await othersGoOn(world);
        await isAtPlan4(world);
      }
    }
  });

  it('never disturbs a duplicate of the same run, whoever is ahead', async () => {
    const calls = await callsToApply(mode);
    for (let ahead = 0; ahead <= calls; ahead += 1) {
      const world = await worldWithPlanToApply();
      await world.startEnactor('enactor-one', mode);
      await world.startEnactor('enactor-two', mode);
      await runCalls(world, 'enactor-one', ahead);
      while (world.scheduler.blocked().length > 0) {
        for (const { actor } of world.scheduler.blocked()) await world.scheduler.run(actor);
      }
      const outcomes = [outcomeOf(world, 'enactor-one'), outcomeOf(world, 'enactor-two')] as {
        type: string;
      }[];
      expect(outcomes.filter(({ type }) => type === 'applied')).toHaveLength(1);
      expect(liveGeneration(world, API)).toBe(2);
    }
  });
});

/** An enactor whose service did not answer may end with that service's error. Its next run goes on. */
async function finishOrFail(world: SimulatedWorld, actor: string): Promise<void> {
  while (world.scheduler.pending(actor) !== undefined) await world.scheduler.run(actor);
  const state = world.scheduler.state(actor);
  if (state.type === 'failed') {
    expect(state.error).toMatchObject({ name: expect.stringMatching(/^(Zone|Ledger)Unavailable$/) });
  } else expect(state.type).toBe('done');
}
