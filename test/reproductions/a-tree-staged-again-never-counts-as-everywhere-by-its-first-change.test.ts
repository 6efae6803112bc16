import { describe, expect, it } from 'vitest';
import { applyNewest, newPlan, runUntil, worldWithPlanToApply } from '../support/scenario.ts';

/**
 * Found by `pawl simulate` (scenario rollback, with a hand that deletes records):
 *  1. an enactor stages a tree and records its change, which reaches every name server;
 *  2. a hand deletes the tree;
 *  3. a second enactor stages it again, and records that; until then the log took a tree for known by its name alone, and
 *     kept the first change;
 *  4. a third enactor asks about the first change, which is everywhere, and flips to a tree that some name servers do
 *     not have yet.
 */
describe('a tree that is staged again', () => {
  it('never counts as everywhere because of its first change', async () => {
    const world = await worldWithPlanToApply();
    await applyNewest(world, 'enactor-0');
    await newPlan(world, 3);
    await world.startEnactor('enactor-1', 'sweep');
    await runUntil(world, 'enactor-1', 'zone.changeStatus', /./);
    await world.scheduler.crash('enactor-1');
    world.time.advanceTo(world.time.now() + 3_600_000);
    const tree = world.records().filter(({ name }) => name.startsWith('g000003.api.'));
    expect(tree.length).toBeGreaterThan(0);
    world.tamper(tree.map((record) => ({ action: 'DELETE', record })));
    world.time.advanceTo(world.time.now() + 3_600_000);

    await world.startEnactor('enactor-2', 'sweep');
    await runUntil(world, 'enactor-2', 'zone.changeStatus', /./);
    const again = world.scheduler.pending('enactor-2')?.detail;
    await world.scheduler.crash('enactor-2');

    await world.startEnactor('enactor-3', 'sweep');
    await runUntil(world, 'enactor-3', 'clock.sleep', /./);
    const asked = world.scheduler
      .steps()
      .filter(({ actor, site }) => actor === 'enactor-3' && site === 'zone.changeStatus')
      .map(({ detail }) => detail);
    expect(asked).toContain(again);
    expect(world.records().find(({ name }) => name === 'api.example.test')?.alias?.name).toMatch(
      /^g000002\./,
    );
  });
});
