import { describe, expect, it } from 'vitest';
import { freeze } from '../../lib/operator/freeze.ts';
import { thaw } from '../../lib/operator/thaw.ts';
import type { SimulatedWorld } from '../../lib/simulator/engine/simulated-world.ts';
import { silentTelemetry } from '../../lib/telemetry/telemetry.ts';
import { finish } from '../support/drive.ts';
import { waitOf } from '../support/fence-wait.ts';
import {
  applyNewest,
  callsToApply,
  liveGeneration,
  runCalls,
  worldWithPlanToApply,
} from '../support/scenario.ts';

const API = 'api.example.test';

function startOperator(world: SimulatedWorld, name: string, verb: 'freeze' | 'thaw'): Promise<void> {
  return world.startActor(name, 'operator', (ports) => {
    const deps = { ...ports, randomness: ports.writer.randomness, telemetry: silentTelemetry, name };
    const { cell } = world.scope;
    return verb === 'freeze'
      ? freeze(deps, { cell, reason: 'a test', wait: waitOf(deps) })
      : thaw(deps, { cell });
  });
}

/** The enactor of a flip stalls in each of its calls. The cell is frozen, and then the flip goes on. */
describe('a freeze with a flip in flight', () => {
  it('never lets a write through once it has returned, and the enactor ends frozen', async () => {
    const calls = await callsToApply();
    const before = new Set<number>();
    for (let stalledAt = 0; stalledAt <= calls; stalledAt += 1) {
      const world = await worldWithPlanToApply();
      await world.startEnactor('enactor-slow');
      await runCalls(world, 'enactor-slow', stalledAt);
      await startOperator(world, 'operator-ana', 'freeze');
      expect(await finish(world, 'operator-ana')).toMatchObject({ type: 'done' });
      const frozen = world.records();
      const outcome = (await finish(world, 'enactor-slow')) as { type: string };
      expect(world.records()).toEqual(frozen);
      before.add(liveGeneration(world, API) ?? 0);
      expect(outcome.type).toBe(liveGeneration(world, API) === 2 ? 'applied' : 'frozen');
      await startOperator(world, 'operator-bo', 'thaw');
      expect(await finish(world, 'operator-bo')).toMatchObject({ type: 'done' });
      await applyNewest(world, 'enactor-next');
      expect(liveGeneration(world, API)).toBe(2);
    }
    // Both orders were met: the freeze before the flip, and the freeze after it.
    expect([...before].sort()).toEqual([1, 2]);
  });

  it('never lets a zombie flip land after the freeze, nor after the thaw', async () => {
    const calls = await callsToApply();
    for (let lostAt = 0; lostAt < calls; lostAt += 1) {
      const world = await worldWithPlanToApply();
      await world.startEnactor('enactor-slow');
      await runCalls(world, 'enactor-slow', lostAt);
      const zombie = await world.scheduler.crash('enactor-slow');
      await startOperator(world, 'operator-ana', 'freeze');
      await finish(world, 'operator-ana');
      const frozen = world.records();
      if (lostAt % 2 === 0) {
        await world.scheduler.land(zombie);
        expect(world.records()).toEqual(frozen);
        continue;
      }
      await startOperator(world, 'operator-bo', 'thaw');
      await finish(world, 'operator-bo');
      const thawed = world.records();
      await world.scheduler.land(zombie);
      expect(world.records()).toEqual(thawed);
    }
  });

  it('never is undone by a thaw that was in flight when it began', async () => {
    const world = await worldWithPlanToApply();
    await startOperator(world, 'operator-ana', 'freeze');
    await finish(world, 'operator-ana');
    for (let stalledAt = 1; stalledAt <= 5; stalledAt += 1) {
      const thawer = `operator-thaw-${stalledAt}`;
      const freezer = `operator-freeze-${stalledAt}`;
      await startOperator(world, thawer, 'thaw');
      await runCalls(world, thawer, stalledAt);
      await startOperator(world, freezer, 'freeze');
      expect(await finish(world, freezer)).toMatchObject({ type: 'done' });
      const frozen = world.records();
      await finish(world, thawer);
      expect(world.records()).toEqual(frozen);
      await world.startEnactor(`enactor-${stalledAt}`, 'sweep');
      expect(await finish(world, `enactor-${stalledAt}`)).toMatchObject({ type: 'frozen' });
    }
  });
});
