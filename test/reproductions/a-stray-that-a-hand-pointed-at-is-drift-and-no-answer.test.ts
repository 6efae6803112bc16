import { describe, expect, it } from 'vitest';
import { dnsName } from '../../lib/plan/names.ts';
import type { SimulatedWorld } from '../../lib/simulator/engine/simulated-world.ts';
import { finish } from '../support/drive.ts';
import { letTimePass, runUntil, worldWithPlanToApply } from '../support/scenario.ts';

const STRAY = dnsName('rollback.gone.use1-a._pawl.example.test');

/** A rollback root of no endpoint, with a rollback root of an endpoint that points at it. */
async function worldWithStray(): Promise<SimulatedWorld> {
  const world = await worldWithPlanToApply();
  const rollback = world.records().find(({ name }) => name.startsWith('rollback.api.'));
  const alias = rollback?.alias;
  if (rollback === undefined || alias === undefined) throw new Error('api has no rollback root');
  world.tamper([
    { action: 'CREATE', record: { name: STRAY, type: 'A', ttl: 5, values: ['192.0.2.70'] } },
    { action: 'DELETE', record: rollback },
    { action: 'CREATE', record: { ...rollback, alias: { ...alias, name: STRAY } } },
  ]);
  letTimePass(world);
  return world;
}

/**
 * Found by the seeds that are played through the adapters (rescue, 105664): the flip that moves the rollback root back
 * to a tree takes the stray away in the same batch. That is right: an alias at no tree is drift, which the flip repairs.
 * The rule of I2 took it for a root that had lost its tree.
 */
describe('a stray that a hand pointed a rollback root at', () => {
  it('goes with the flip that moves the rollback root back to a tree', async () => {
    const world = await worldWithStray();
    // Two commits, so that the zone with the stray is everywhere and the rule has begun again.
    await world.startEnactor('enactor-1', 'sweep');
    await runUntil(world, 'enactor-1', 'ledger.append', /PlanStaged/);
    await world.scheduler.crash('enactor-1');
    letTimePass(world);
    await world.startEnactor('enactor-2', 'sweep');
    expect(await finish(world, 'enactor-2')).toMatchObject({ type: 'applied' });
    expect(world.records().filter(({ name }) => name === STRAY)).toEqual([]);
    const rollback = world.records().find(({ name }) => name.startsWith('rollback.api.'));
    expect(rollback?.alias?.name).toMatch(/^g000001\.api\./);
  });
});
