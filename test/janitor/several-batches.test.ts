import { describe, expect, it } from 'vitest';
import { dnsName, isWithin } from '../../lib/plan/names.ts';
import { ownedSubtree } from '../../lib/plan/owned-names.ts';
import type { Change } from '../../lib/plan/records.ts';
import { create } from '../../lib/plan/records.ts';
import type { SimulatedWorld } from '../../lib/simulator/engine/simulated-world.ts';
import { finish } from '../support/drive.ts';
import { applyNewest, newPlan, retireOld, runCalls, worldWithPlanToApply } from '../support/scenario.ts';

const STRAYS = 2_500;
const A_BATCH = 500;

/** A converged cell, in whose subtree a hand has left more than one batch can delete. */
async function litteredWorld(): Promise<SimulatedWorld> {
  const world = await worldWithPlanToApply();
  await applyNewest(world, 'enactor-2');
  const strays = Array.from(
    { length: STRAYS },
    (_, index): Change =>
      create({
        name: dnsName(`stray-${index}.${ownedSubtree(world.scope)}`),
        type: 'A',
        ttl: 60,
        values: ['203.0.113.9'],
      }),
  );
  for (let from = 0; from < STRAYS; from += A_BATCH) world.tamper(strays.slice(from, from + A_BATCH));
  return world;
}

function straysIn(world: SimulatedWorld): number {
  const subtree = ownedSubtree(world.scope);
  return world.records().filter(({ name }) => isWithin(name, subtree) && name.startsWith('stray-')).length;
}

const seqOf = (world: SimulatedWorld) => world.ledger.peek(world.scope.cell).state.applied?.seq ?? 0;

describe('a janitor that finds more than one batch can delete', () => {
  it('deletes it in one run, each batch under the fence that the one before it left', async () => {
    const world = await litteredWorld();
    const before = seqOf(world);
    expect(await retireOld(world, 'janitor-1')).toMatchObject({ type: 'retired', seq: before + 3 });
    expect(straysIn(world)).toBe(0);
    expect(seqOf(world)).toBe(before + 3);
  });

  it('stops where somebody has moved the fence between two batches, and the next run goes on', async () => {
    const world = await litteredWorld();
    await world.startJanitor('janitor-1');
    while (straysIn(world) === STRAYS) await runCalls(world, 'janitor-1', 1);
    await newPlan(world, 3);
    await applyNewest(world, 'enactor-3');
    expect(await finish(world, 'janitor-1')).toMatchObject({ type: 'retired' });
    expect(straysIn(world)).toBeGreaterThan(0);
    await applyNewest(world, 'enactor-4');
    await retireOld(world, 'janitor-2');
    expect(straysIn(world)).toBe(0);
  });
});
