import { describe, expect, it } from 'vitest';
import type { Fence } from '../../lib/plan/fence.ts';
import { fenceRecord, readFenceRecords } from '../../lib/plan/fence.ts';
import { generation, seq } from '../../lib/plan/generation.ts';
import { fenceName } from '../../lib/plan/owned-names.ts';
import type { SimulatedWorld } from '../../lib/simulator/engine/simulated-world.ts';
import { finish } from '../support/drive.ts';
import { worldWithPlanToApply } from '../support/scenario.ts';

function forge(world: SimulatedWorld, change: (fence: Fence) => Fence): void {
  const there = world.records().filter(({ name }) => name === fenceName(world.scope));
  const reading = readFenceRecords(there);
  if (reading.type !== 'fence') throw new Error('there is no fence to forge');
  const forged = { ...change(reading.fence), by: 'somebody', nonce: 'forge031' };
  world.tamper([
    ...there.map((record) => ({ action: 'DELETE' as const, record })),
    { action: 'CREATE', record: fenceRecord(forged, world.scope) },
  ]);
}

/**
 * Found by the 100,000 broken zones (1039214): a hand forges two fences with one nonce and one seq. The rule that a plan
 * takes effect where a fence first names it took the second for the first, and blamed the repair that kept its plan.
 */
describe('a forged fence', () => {
  it('that brings a nonce and a seq back is another fence', async () => {
    const world = await worldWithPlanToApply();
    forge(world, (fence) => ({ ...fence, seq: seq(1) }));
    const leaf = world.records().find(({ name }) => name.startsWith('g000001.web.'));
    if (leaf === undefined) throw new Error('web has no tree');
    world.tamper([{ action: 'CREATE', record: { ...leaf, setIdentifier: 'by-hand' } }]);
    forge(world, (fence) => ({
      ...fence,
      generation: generation(fence.generation + 7),
      plan: 'badc0ffee000',
      seq: seq(1),
    }));
    await world.startEnactor('enactor-1', 'sweep');
    expect(await finish(world, 'enactor-1')).toMatchObject({ type: 'applied' });
  });
});
