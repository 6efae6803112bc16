import { describe, expect, it } from 'vitest';
import { getPlan } from '../../lib/ledger/plan-bodies.ts';
import { rescuePlan } from '../../lib/operator/rescue-plan.ts';
import { readFenceRecords } from '../../lib/plan/fence.ts';
import { fenceName } from '../../lib/plan/owned-names.ts';
import { instant } from '../../lib/runtime/clock.ts';
import type { SimulatedWorld } from '../../lib/simulator/engine/simulated-world.ts';
import { finish } from '../support/drive.ts';
import { applyNewest, callsToApply, newPlan, runCalls, worldWithPlanToApply } from '../support/scenario.ts';

/**
 * A person rescues the cell with the first plan's file, while an enactor applies the second plan and may be at any
 * call.
 */
async function startRescue(world: SimulatedWorld, name: string): Promise<void> {
  const { scope, ledger } = world;
  const first = ledger.peek(scope.cell).state.history.find(({ generation }) => generation === 1);
  const plan = await getPlan(ledger, scope.cell, first?.digest ?? '');
  await world.startActor(name, 'rescue', ({ writer, clock }) =>
    rescuePlan(writer, clock, {
      plan,
      settings: { insyncPollMs: 2_000, unknownChangeMs: 300_000 },
      deadline: instant(clock.now() + 86_400_000),
    }),
  );
}

function addressesOfApi(world: SimulatedWorld): readonly string[] {
  const root = world.records().find(({ name }) => name === 'api.example.test');
  const leaves = world.records().filter(({ name }) => name === root?.alias?.name);
  return leaves.flatMap(({ values }) => values ?? []).sort();
}

function expectRescued(world: SimulatedWorld): void {
  expect(addressesOfApi(world)).toEqual(['192.0.2.1', '192.0.2.102']);
  const fence = readFenceRecords(world.records().filter(({ name }) => name === fenceName(world.scope)));
  expect(fence).toMatchObject({ type: 'fence', fence: { frozen: true, by: 'rescue-ana' } });
}

describe('a rescue while an enactor is at work', () => {
  it('never is undone, wherever the enactor stands when it begins', async () => {
    const calls = await callsToApply();
    for (let stalledAt = 0; stalledAt <= calls; stalledAt += 1) {
      const world = await worldWithPlanToApply();
      await world.startEnactor('enactor-slow');
      await runCalls(world, 'enactor-slow', stalledAt);
      await startRescue(world, 'ana');
      expect(await finish(world, 'ana')).toMatchObject({ type: 'done' });
      await finish(world, 'enactor-slow');
      expectRescued(world);
      await world.startEnactor('enactor-sweep', 'sweep');
      expect(await finish(world, 'enactor-sweep')).toMatchObject({ type: 'frozen', by: 'rescue-ana' });
      expectRescued(world);
      expect(world.ledger.peek(world.scope.cell).state.rescue).not.toBeNull();
    }
  });

  it('never writes over a flip that came between: it reads everything again', async () => {
    for (let stalledAt = 0; stalledAt <= 24; stalledAt += 1) {
      const world = await worldWithPlanToApply();
      await startRescue(world, 'ana');
      await runCalls(world, 'ana', stalledAt);
      await applyNewest(world, 'enactor-2');
      await newPlan(world, 3);
      await applyNewest(world, 'enactor-3');
      expect(await finish(world, 'ana')).toMatchObject({ type: 'done' });
      expectRescued(world);
    }
  });
});
