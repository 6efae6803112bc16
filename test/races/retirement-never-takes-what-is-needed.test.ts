import { describe, expect, it } from 'vitest';
import { execute } from '../../lib/ledger/execute.ts';
import { getPlan, putPlan } from '../../lib/ledger/plan-bodies.ts';
import { nextGeneration } from '../../lib/plan/generation.ts';
import { contentOf, makePlan } from '../../lib/plan/make-plan.ts';
import type { SimulatedWorld } from '../../lib/simulator/engine/simulated-world.ts';
import { simulatedWorld } from '../../lib/simulator/engine/simulated-world.ts';
import { finish } from '../support/drive.ts';
import {
  applyNewest,
  letTimePass,
  liveGeneration,
  newPlan,
  runCalls,
  runUntil,
} from '../support/scenario.ts';
import { smallFleet } from '../support/small-fleet.ts';

const API = 'api.example.test';

/** Three plans were applied, so that the first plan's tree of `api` can be retired. */
async function worldWithOldTree(): Promise<SimulatedWorld> {
  const world = await simulatedWorld({ fleet: smallFleet(1) });
  await world.plan();
  await applyNewest(world, 'first');
  for (const address of [2, 3]) {
    await newPlan(world, address);
    await applyNewest(world, `enactor-${address}`);
  }
  return world;
}

/** Appends a rollback to generation 1. Its tree of `api` serves again if the log does not record it as retired. */
async function rollBackToFirst(world: SimulatedWorld): Promise<'reused' | 'made anew'> {
  const { ledger, scope } = world;
  const { state } = ledger.peek(scope.cell);
  const base = await getPlan(ledger, scope.cell, state.goal?.digest ?? '');
  const first = await getPlan(
    ledger,
    scope.cell,
    state.history.find(({ generation }) => generation === 1)?.digest ?? '',
  );
  const made = makePlan({
    scope,
    generation: nextGeneration(state.highest),
    endpoints: contentOf(first),
    base,
    others: [first],
    isUnretired: (endpoint, label) => state.endpoints[endpoint]?.trees.includes(label) === true,
  });
  const digest = await putPlan(ledger, made.plan);
  const outcome = await execute(ledger, scope.cell, { at: () => world.time.now(), by: 'operator' }, () => ({
    type: 'AppendPlan',
    generation: made.plan.generation,
    parent: made.plan.parent,
    digest,
    origin: 'rollback',
    lane: 'urgent',
    disposition: 'approved',
    pausesPlanner: true,
    findings: [],
    summary: { endpoints: 2, added: [], changed: [], removed: [], removedPermille: 0 },
    newTrees: made.newTrees,
  }));
  expect(outcome.type).toBe('appended');
  return Object.keys(made.newTrees).length === 0 ? 'reused' : 'made anew';
}

describe('a janitor stalled in any of its calls', () => {
  it('never deletes a tree that a newer plan references again', async () => {
    const seen = new Set<string>();
    for (let stalledAt = 0; stalledAt <= 12; stalledAt += 1) {
      const world = await worldWithOldTree();
      await world.startJanitor('janitor');
      await runCalls(world, 'janitor', stalledAt);
      const how = await rollBackToFirst(world);
      await applyNewest(world, 'enactor-back');
      const outcome = (await finish(world, 'janitor')) as { type: string };
      seen.add(`${how}, ${outcome.type}`);
      letTimePass(world);
      await applyNewest(world, 'enactor-sweep');
      expect(liveGeneration(world, API)).toBe(how === 'reused' ? 1 : 4);
    }
    // Before TreesRetired the plan wins: a janitor that had read already loses, and a later one retires other trees.
    // After TreesRetired the rollback reads that the tree is retired, and its plan makes a new one.
    expect([...seen].sort()).toEqual([
      'made anew, lost',
      'made anew, retired',
      'reused, lost',
      'reused, nothing',
      'reused, retired',
    ]);
  });

  it('never deletes anything by a batch that lands after the zone has moved on', async () => {
    const world = await worldWithOldTree();
    await world.startJanitor('janitor');
    await runUntil(world, 'janitor', 'zone.change', /retire/);
    const zombie = await world.scheduler.timeout('janitor');
    expect(await finish(world, 'janitor')).toMatchObject({ type: 'unknown' });
    await newPlan(world, 4);
    await applyNewest(world, 'enactor-4');
    const before = world.records();
    await world.scheduler.land(zombie);
    expect(world.records()).toEqual(before);
  });

  it('never runs twice over the same trees, however two janitors interleave', async () => {
    for (let ahead = 0; ahead <= 12; ahead += 1) {
      const world = await worldWithOldTree();
      await world.startJanitor('janitor-one');
      await world.startJanitor('janitor-two');
      await runCalls(world, 'janitor-one', ahead);
      await finish(world, 'janitor-two');
      await finish(world, 'janitor-one');
      expect(world.records().some(({ name }) => name.startsWith('g000001.api.'))).toBe(false);
      expect(liveGeneration(world, API)).toBe(3);
    }
  });
});
