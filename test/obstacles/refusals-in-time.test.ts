// @module-tag slow
import { describe, expect, it } from 'vitest';
import { protect, putForeignAddress, unprotect } from '../support/obstacles.ts';
import {
  allIsServed,
  answersOf,
  culpritsAreNamed,
  failuresLeave,
  nothingIsSentInVain,
  othersAreServed,
  othersLiveOn,
} from './bystanders.ts';
import { addresses, FIRST, nameOf, SECOND } from './obstructed-fleet.ts';
import { approve, ENACTORS, obstructedWorld, served } from './obstructed-world.ts';

const LAB = nameOf('lab');
const PROTECTED = /protected by hand/;
/** What a run may send in vain where the log cannot tell it what others have found. */
const BATCHES_A_RUN_MAX = 10;

describe('an endpoint that Route 53 refuses hinders no other', { timeout: 60_000 }, () => {
  it('beside another that is refused for another reason', async () => {
    const world = await served();
    protect(world, LAB, 'A');
    putForeignAddress(world, nameOf('shop'));
    const fleet = { ...SECOND, shop: addresses(4) };
    await world.push(fleet);
    await othersLiveOn(world, { fleet, culprits: ['lab', 'shop'], words: /protected by hand|not Pawl's/ });
    unprotect(world, LAB, 'A');
    await world.pawl(`retry ${LAB}`);
    await world.sweep();
    await othersAreServed(world, { fleet, culprits: ['shop'], words: /./ }, { api: [1, 3], '*': [3] });
    await world.pawl(`adopt ${nameOf('shop')} --yes`);
    await allIsServed(world, fleet);
  });

  it('where there is no other', async () => {
    const world = await served({ lab: FIRST.lab });
    protect(world, LAB, 'A');
    const fleet = { lab: SECOND.lab };
    await world.push(fleet);
    await world.round();
    await culpritsAreNamed(world, { fleet, culprits: ['lab'], words: PROTECTED });
    await nothingIsSentInVain(world);
    expect(await world.answers(LAB)).toEqual(answersOf(FIRST.lab));
    unprotect(world, LAB, 'A');
    await world.pawl(`retry ${LAB}`);
    await allIsServed(world, fleet, {});
  });

  it('in the first push of all', async () => {
    const world = await obstructedWorld();
    protect(world, LAB, 'A');
    await world.push(FIRST);
    await othersLiveOn(world, { fleet: FIRST, culprits: ['lab'], words: PROTECTED });
    unprotect(world, LAB, 'A');
    await world.pawl(`retry ${LAB}`);
    await allIsServed(world, FIRST);
  });

  it('in the first push of all, where there is no other', async () => {
    const world = await obstructedWorld();
    protect(world, LAB, 'A');
    const fleet = { lab: FIRST.lab };
    await world.push(fleet);
    await world.round();
    await culpritsAreNamed(world, { fleet, culprits: ['lab'], words: PROTECTED });
    await nothingIsSentInVain(world);
    unprotect(world, LAB, 'A');
    await world.pawl(`retry ${LAB}`);
    await allIsServed(world, fleet, {});
  });

  it('when it is taken out of the fleet', async () => {
    const world = await served();
    protect(world, LAB, 'A');
    const { lab: _, ...fleet } = SECOND;
    await world.push(fleet);
    await approve(world, LAB);
    await othersLiveOn(world, { fleet, culprits: ['lab'], words: PROTECTED });
    expect((await world.answers(LAB)).length).toBeGreaterThan(0);
    unprotect(world, LAB, 'A');
    await world.pawl(`retry ${LAB}`);
    await allIsServed(world, fleet);
    expect(await world.answers(LAB)).toEqual([]);
  });

  it('while a rollback pauses the planner', async () => {
    const world = await served();
    await world.push(SECOND);
    await world.round();
    protect(world, LAB, 'A');
    await world.pawl('rollback use1-a --to 1 --yes');
    await world.round();
    const hindered = { fleet: FIRST, culprits: ['lab'], words: PROTECTED };
    await othersAreServed(world, hindered);
    await culpritsAreNamed(world, hindered);
    await nothingIsSentInVain(world);
    expect(await world.answers(LAB)).toEqual(answersOf(SECOND.lab));
    unprotect(world, LAB, 'A');
    await world.pawl('rollback use1-a --to 1 --yes');
    await world.sweep();
    await othersAreServed(world, { ...hindered, culprits: [] });
    await world.pawl('resume use1-a');
    await allIsServed(world, SECOND, {});
  });

  it('with a freeze and a thaw in between', async () => {
    const world = await served();
    protect(world, LAB, 'A');
    await world.push(SECOND);
    await world.round();
    expect(await world.pawl('freeze use1-a --reason looking')).toMatchObject({ exit: 0 });
    await world.pawl('target observe api-1 --health unhealthy');
    await world.sweep();
    const hindered = { fleet: SECOND, culprits: ['lab'], words: PROTECTED };
    await nothingIsSentInVain(world);
    await othersAreServed(world, hindered);
    expect(await world.pawl('thaw use1-a')).toMatchObject({ exit: 0 });
    await world.sweep();
    await othersAreServed(world, hindered, { api: [1] });
    await culpritsAreNamed(world, hindered);
    await nothingIsSentInVain(world);
    unprotect(world, LAB, 'A');
    await world.pawl(`retry ${LAB}`);
    await allIsServed(world, SECOND, { api: [1] });
  });

  it('and is tried again by itself, after a wait that grows', async () => {
    const world = await served();
    protect(world, LAB, 'A');
    await world.push(SECOND);
    await world.round();
    world.clock.shift(60_000);
    await world.round();
    expect(await world.events('EndpointRefused')).toHaveLength(2);
    await nothingIsSentInVain(world);
    world.clock.shift(60_000);
    await nothingIsSentInVain(world);
    await culpritsAreNamed(world, { fleet: SECOND, culprits: ['lab'], words: PROTECTED });
    unprotect(world, LAB, 'A');
    world.clock.shift(60_000);
    await allIsServed(world, SECOND, {});
  });

  it('in a cell whose format cannot record it', async () => {
    const world = await obstructedWorld(2);
    await world.push(FIRST);
    await world.round();
    protect(world, LAB, 'A');
    await world.push(SECOND);
    await world.round();
    const hindered = { fleet: SECOND, culprits: ['lab'], words: PROTECTED };
    await othersAreServed(world, hindered);
    expect(await world.events('EndpointRefused')).toEqual([]);
    expect(await world.pawl('status')).toMatchObject({ exit: 1 });
    const before = world.batches();
    for (let sweep = 0; sweep < 3; sweep += 1) await world.sweep();
    expect(world.batches() - before).toBeLessThanOrEqual(3 * ENACTORS.length * BATCHES_A_RUN_MAX);
    await failuresLeave(world, hindered);
    unprotect(world, LAB, 'A');
    await allIsServed(world, SECOND);
  });
});
