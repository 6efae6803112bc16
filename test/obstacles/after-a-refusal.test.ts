// @module-tag slow
import { describe, expect, it } from 'vitest';
import { planTreeLabel, treeName } from '../../lib/plan/owned-names.ts';
import { protect, putUnknownRouting, unprotect } from '../support/obstacles.ts';
import { allIsServed, answersOf } from './bystanders.ts';
import { addresses, FIRST, nameOf, SECOND } from './obstructed-fleet.ts';
import type { ObstructedWorld } from './obstructed-world.ts';
import { approve, scopeOf, served, treesIn } from './obstructed-world.ts';

const LAB = nameOf('lab');

/** A hand changes a tree of `lab`, and protects it. */
function spoilTree(world: ObstructedWorld): void {
  const leaf = world.core.records(world.zoneId).find(({ name }) => name.startsWith('g000001.lab.'));
  if (leaf === undefined) throw new Error('there is no tree');
  const changes = [{ action: 'UPSERT' as const, record: { ...leaf, values: ['203.0.113.9'] } }];
  world.core.changeResourceRecordSets(world.zoneId, { changes });
  protect(world, leaf.name, 'A');
}

describe('after an endpoint was refused', { timeout: 60_000 }, () => {
  for (const [what, spoil] of [
    ['its root', (world: ObstructedWorld) => putUnknownRouting(world, LAB)],
    ['its tree', spoilTree],
  ] as const) {
    it(`what nothing needs is retired although ${what} cannot be repaired`, async () => {
      const world = await served();
      spoil(world);
      await world.round();
      for (const version of [2, 3, 4, 5]) {
        await world.push({ ...FIRST, api: addresses(1, version) });
        await world.round();
      }
      expect(await world.answers(nameOf('api'))).toEqual(answersOf(addresses(1, 5)));
      // The one that answers, the one to roll back to, and one that the next run of the janitor retires.
      expect(treesIn(world).filter((tree) => tree.endsWith('.api')).length).toBeLessThanOrEqual(3);
    });
  }

  it('what a person approved is tried again without another approval', async () => {
    const world = await served();
    protect(world, LAB, 'A');
    const { lab: _, ...fleet } = SECOND;
    await world.push(fleet);
    await approve(world, LAB);
    await world.round();
    unprotect(world, LAB, 'A');
    await world.pawl(`retry ${LAB}`);
    await allIsServed(world, fleet, {});
    expect(await world.answers(LAB)).toEqual([]);
  });

  it('what a rollback asks of it is tried again while the planner is paused', async () => {
    const world = await served();
    await world.push(SECOND);
    await world.round();
    protect(world, LAB, 'A');
    await world.pawl('rollback use1-a --to 1 --yes');
    await world.round();
    unprotect(world, LAB, 'A');
    await world.pawl(`retry ${LAB}`);
    await world.round();
    expect(await world.answers(LAB)).toEqual(answersOf(FIRST.lab));
  });

  it('its status does not say that it is tried again in 1970 when somebody has asked', async () => {
    const world = await served();
    protect(world, LAB, 'A');
    await world.push(SECOND);
    await world.round();
    await world.pawl(`retry ${LAB}`);
    expect((await world.pawl('status')).out).not.toContain('1970');
  });

  it('the janitor does not record again and again that it retires what is protected', async () => {
    const world = await served();
    protect(world, treeName(planTreeLabel(1), LAB, scopeOf(world)), 'A');
    for (const version of [2, 3, 4]) {
      await world.push({ ...FIRST, lab: addresses(3, version) });
      await world.round();
    }
    await world.round();
    const before = await world.logged();
    await world.round();
    await world.round();
    expect(await world.logged()).toBe(before);
  });
});
