import { describe, expect, it } from 'vitest';
import type { Fence } from '../../lib/plan/fence.ts';
import { fenceRecord, readFenceRecords } from '../../lib/plan/fence.ts';
import { generation } from '../../lib/plan/generation.ts';
import { fenceName } from '../../lib/plan/owned-names.ts';
import type { SimulatedWorld } from '../../lib/simulator/engine/simulated-world.ts';
import { finish } from '../support/drive.ts';
import { callsToApply, runCalls, worldWithPlanToApply } from '../support/scenario.ts';

/** Puts a fence far ahead of the ledger into the zone, as after a restore from a backup. */
function forgeAhead(world: SimulatedWorld, ahead: number): void {
  const name = fenceName(world.scope);
  const there = world.records().filter((record) => record.name === name);
  const reading = readFenceRecords(there);
  if (reading.type !== 'fence') throw new Error('the world has no fence');
  const forged: Fence = { ...reading.fence, generation: generation(ahead), nonce: 'forged00' };
  world.tamper([
    ...there.map((record) => ({ action: 'DELETE' as const, record })),
    { action: 'CREATE', record: fenceRecord(forged, world.scope) },
  ]);
}

describe('two enactors before a fence that is ahead of the ledger', () => {
  it('never reissue the goal twice, wherever one of them stalls', async () => {
    const calls = await callsToApply('sweep');
    for (let stalledAt = 0; stalledAt <= calls + 6; stalledAt += 1) {
      const world = await worldWithPlanToApply();
      forgeAhead(world, 40);
      await world.startEnactor('enactor-one', 'sweep');
      await world.startEnactor('enactor-two', 'sweep');
      await runCalls(world, 'enactor-one', stalledAt);
      await finish(world, 'enactor-two');
      await finish(world, 'enactor-one');
      const events = await world.ledger.events(world.scope.cell, {
        after: 0,
        limit: 1_000,
        order: 'forward',
      });
      expect(events.filter(({ event }) => event.type === 'FenceAhead')).toHaveLength(1);
      const { state } = world.ledger.peek(world.scope.cell);
      expect(state.goal).toMatchObject({ generation: 41, origin: 'reissue' });
      expect(state.applied?.generation).toBe(41);
      // The trees are the same: the reissued plan points at the trees of plan 2.
      expect(world.records().find(({ name }) => name === 'api.example.test')?.alias?.name).toMatch(
        /^g000002\.api\./,
      );
    }
  });
});
