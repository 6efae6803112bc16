import { describe, expect, it } from 'vitest';
import { enact } from '../../lib/enactor/enact.ts';
import type { EnactOutcome, SuccessorCall } from '../../lib/enactor/enactor.ts';
import type { SimulatedWorld } from '../../lib/simulator/engine/simulated-world.ts';
import { route53Calls } from '../support/counted-zone.ts';
import { finish } from '../support/drive.ts';
import { liveGeneration, worldWithPlanToApply } from '../support/scenario.ts';

// An enactor that has a successor never stands by: what it leaves, one of the enactors finishes.

/** INSYNC takes 30 s in a simulated world. */
const INSYNC_MS = 30_000;
const MINUTE_MS = 60_000;

interface Asked {
  readonly afterMs: number;
  readonly at: number;
}

/** A queue in which messages are written down. */
function queueOf(world: SimulatedWorld, isDown = false): SuccessorCall & { readonly asked: Asked[] } {
  const asked: Asked[] = [];
  return {
    asked,
    ask: async (_cell, at) => {
      if (isDown) throw new Error('the queue is down');
      asked.push({ afterMs: at - world.time.now(), at });
    },
  };
}

async function run(
  world: SimulatedWorld,
  name: string,
  successor: SuccessorCall,
  request: { readonly mode?: 'hint' | 'sweep'; readonly follows?: boolean } = {},
): Promise<EnactOutcome> {
  await world.startActor(name, 'enactor', (deps) =>
    enact({ ...deps, successor }, { mode: 'hint', deadline: deps.deadline, ...request }),
  );
  return (await finish(world, name)) as EnactOutcome;
}

describe('an enactor with a successor', () => {
  it('stages, asks once whether the trees are everywhere, asks for one successor, and ends', async () => {
    const world = await worldWithPlanToApply();
    const queue = queueOf(world);
    const before = world.time.now();
    const outcome = await run(world, 'enactor-a', queue);
    expect(outcome).toMatchObject({ type: 'propagating', generation: 2, lookAgainAt: queue.asked[0]?.at });
    expect(outcome).toHaveProperty('changes', [expect.any(String)]);
    expect(queue.asked).toHaveLength(1);
    expect(route53Calls(world, 'enactor-a')).toEqual({ listRecords: 1, 'change:stage': 1, changeStatus: 1 });
    expect(world.time.now()).toBe(before);
    expect(liveGeneration(world, 'api.example.test')).toBe(1);
  });

  it('is followed by others that look at growing intervals, and the one that finds INSYNC flips', async () => {
    const world = await worldWithPlanToApply();
    const queue = queueOf(world);
    const from = world.time.now();
    let outcome = await run(world, 'enactor-0', queue);
    for (let looks = 1; outcome.type === 'propagating'; looks += 1) {
      world.time.advanceTo(queue.asked.at(-1)?.at ?? Number.NaN);
      outcome = await run(world, `enactor-${looks}`, queue, { follows: true });
    }
    expect(outcome).toMatchObject({ type: 'applied', generation: 2 });
    expect(queue.asked.map(({ afterMs }) => afterMs)).toEqual([
      2_000, 2_000, 2_000, 3_000, 4_500, 6_750, 10_125,
    ]);
    expect(world.time.now() - from).toBeGreaterThanOrEqual(INSYNC_MS);
    expect(liveGeneration(world, 'api.example.test')).toBe(2);
  });

  it('asks nobody when it only sees the trees of another one: each sweep would begin a chain', async () => {
    const world = await worldWithPlanToApply();
    await run(world, 'enactor-a', queueOf(world));
    const queue = queueOf(world);
    for (const mode of ['hint', 'sweep'] as const) {
      const outcome = await run(world, `enactor-${mode}`, queue, { mode });
      expect(outcome).toMatchObject({ type: 'propagating', lookAgainAt: null });
    }
    expect(queue.asked).toEqual([]);
  });

  it('ends well when nobody takes its message, and the next sweep flips', async () => {
    const world = await worldWithPlanToApply();
    const down = queueOf(world, true);
    expect(await run(world, 'enactor-a', down)).toMatchObject({ type: 'propagating', lookAgainAt: null });
    world.time.advanceTo(world.time.now() + MINUTE_MS);
    expect(await run(world, 'enactor-b', down, { mode: 'sweep' })).toMatchObject({ type: 'applied' });
  });

  it('ends the chain of successors where Route 53 does not propagate, and leaves the rest to sweeps', async () => {
    const world = await worldWithPlanToApply();
    const queue = queueOf(world);
    const stuck = async (name: string, follows: boolean): Promise<EnactOutcome> => {
      await world.startActor(name, 'enactor', (deps) => {
        const zone = { ...deps.writer.zone, changeStatus: async () => 'pending' as const };
        const writer = { ...deps.writer, zone };
        return enact(
          { ...deps, writer, successor: queue },
          { mode: 'hint', deadline: deps.deadline, follows },
        );
      });
      return (await finish(world, name)) as EnactOutcome;
    };
    let outcome = await stuck('enactor-0', false);
    for (let looks = 1; outcome.type === 'propagating' && outcome.lookAgainAt !== null; looks += 1) {
      world.time.advanceTo(outcome.lookAgainAt);
      outcome = await stuck(`enactor-${looks}`, true);
    }
    expect(outcome).toMatchObject({ type: 'propagating', lookAgainAt: null });
    expect(queue.asked).toHaveLength(11);
    expect(await run(world, 'enactor-late', queue, { mode: 'sweep' })).toMatchObject({ type: 'applied' });
  });

  it('goes on at once when the trees are everywhere by the time it asks', async () => {
    const world = await worldWithPlanToApply();
    await run(world, 'enactor-a', queueOf(world));
    world.time.advanceTo(world.time.now() + INSYNC_MS);
    const queue = queueOf(world);
    expect(await run(world, 'enactor-b', queue, { follows: true })).toMatchObject({ type: 'applied' });
    expect(queue.asked).toEqual([]);
  });
});
