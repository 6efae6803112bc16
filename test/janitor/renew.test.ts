import { describe, expect, it } from 'vitest';
import { retire } from '../../lib/janitor/retire.ts';
import type { SimulatedWorld } from '../../lib/simulator/engine/simulated-world.ts';
import { simulatedWorld } from '../../lib/simulator/engine/simulated-world.ts';
import { finish } from '../support/drive.ts';
import { applyNewest, letTimePass, newPlan } from '../support/scenario.ts';
import { smallFleet } from '../support/small-fleet.ts';

/** A world of a format in which the tree of generation 1 for api is no longer needed by anything. */
async function worldOf(format: number): Promise<SimulatedWorld> {
  const world = await simulatedWorld({ fleet: smallFleet(1), format });
  await world.plan();
  await applyNewest(world, 'first');
  for (const address of [2, 3]) {
    await newPlan(world, address);
    await applyNewest(world, `enactor-${address}`);
  }
  return world;
}

/** One run of a janitor where Route 53 does not know the change of the flip. */
async function retireWithout(world: SimulatedWorld, flip: string | undefined, name: string) {
  await world.startActor(name, 'janitor', ({ writer, ledger, clock, settings, deadline }) => {
    const zone = {
      ...writer.zone,
      changeStatus: async (id: string) => (id === flip ? 'unknown' : writer.zone.changeStatus(id)),
    };
    const telemetry = { note: () => undefined, count: () => undefined };
    return retire({ writer: { ...writer, zone }, ledger, clock, telemetry, settings }, { deadline });
  });
  const outcome = await finish(world, name);
  letTimePass(world);
  return outcome;
}

const flipOf = (world: SimulatedWorld) => world.ledger.peek(world.scope.cell).state.applied?.changeId;

describe('a janitor that Route 53 cannot tell where the last flip is', () => {
  it.each([2, 4])(
    'writes the fence anew and retires once that is everywhere, in format %d',
    async (format) => {
      const world = await worldOf(format);
      const flip = flipOf(world);
      const first = await retireWithout(world, flip, 'janitor-1');
      expect(first).toMatchObject({ type: 'nothing', reason: expect.stringContaining('to find out') });
      expect(flipOf(world)).not.toBe(flip);
      expect(await retireWithout(world, flip, 'janitor-2')).toMatchObject({
        type: 'retired',
        names: ['g000001.api.use1-a._pawl.example.test'],
      });
    },
  );

  it('waits for the next flip in format 3, whose log cannot keep the change of such a fence', async () => {
    const world = await worldOf(3);
    const before = world.records();
    const flip = flipOf(world);
    expect(await retireWithout(world, flip, 'janitor-1')).toMatchObject({
      type: 'nothing',
      reason: expect.stringContaining('a log of format 3 cannot keep'),
    });
    expect(world.records()).toEqual(before);
    await newPlan(world, 4);
    await applyNewest(world, 'enactor-4');
    expect(await retireWithout(world, flip, 'janitor-2')).toMatchObject({ type: 'retired' });
  });
});
