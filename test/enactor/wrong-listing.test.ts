import { describe, expect, it } from 'vitest';
import { enact } from '../../lib/enactor/enact.ts';
import type { EnactOutcome } from '../../lib/enactor/enactor.ts';
import { dnsName } from '../../lib/plan/names.ts';
import type { RecordSet } from '../../lib/plan/records.ts';
import { remove } from '../../lib/plan/records.ts';
import type { SimulatedWorld } from '../../lib/simulator/engine/simulated-world.ts';
import type { Zone } from '../../lib/zone/zone.ts';
import { finish } from '../support/drive.ts';
import { applyNewest, worldWithPlanToApply } from '../support/scenario.ts';

// What a listing leaves out is not missing. The log is told of what is missing only when the zone's count says so too.

const ROOT = dnsName('api.example.test');
/** Pages of fewer records are those of the fence alone. */
const LONG_PAGE = 100;

/** A world at its goal. */
async function worldAtGoal(): Promise<SimulatedWorld> {
  const world = await worldWithPlanToApply();
  await applyNewest(world, 'second');
  return world;
}

/** Sweeps with a zone whose first listings leave this record out. */
async function sweep(
  world: SimulatedWorld,
  isLeftOut: (record: RecordSet) => boolean,
  listings = Number.POSITIVE_INFINITY,
): Promise<EnactOutcome> {
  let left = listings;
  await world.startActor('enactor', 'enactor', (deps) => {
    const { zone } = deps.writer;
    const listRecords: Zone['listRecords'] = async (start, limit) => {
      const page = await zone.listRecords(start, limit);
      if (limit < LONG_PAGE || left === 0) return page;
      left -= 1;
      return { ...page, records: page.records.filter((record) => !isLeftOut(record)) };
    };
    const writer = { ...deps.writer, zone: { ...zone, listRecords } };
    return enact({ ...deps, writer }, { mode: 'sweep', deadline: deps.deadline });
  });
  return (await finish(world, 'enactor')) as EnactOutcome;
}

async function toldBy(world: SimulatedWorld, work: () => Promise<unknown>): Promise<readonly string[]> {
  const { number } = world.ledger.peek(world.scope.cell);
  await work();
  const events = await world.ledger.events(world.scope.cell, { after: number, limit: 50, order: 'forward' });
  return events.map(({ event }) => event.type);
}

const isRoot = ({ name, type }: RecordSet) => name === ROOT && type === 'A';
const isLeaf = ({ weight, type }: RecordSet) => weight !== undefined && type === 'A';

describe('a sweep whose listing leaves out a record', () => {
  it('goes on with a listing that has the count, and says nothing', async () => {
    const world = await worldAtGoal();
    const before = world.records();
    const told = await toldBy(world, async () => {
      expect(await sweep(world, isRoot, 1)).toMatchObject({ type: 'converged' });
    });
    expect(told).toEqual([]);
    expect(world.records()).toEqual(before);
  });

  it.each([
    ['the root', isRoot],
    ['leaves', isLeaf],
  ])('tells the log nothing and fails where every listing leaves out %s', async (_, isLeftOut) => {
    const world = await worldAtGoal();
    const told = await toldBy(world, async () => {
      await expect(sweep(world, isLeftOut)).rejects.toThrow(/lists \d+ records and counts \d+/);
    });
    expect(told).not.toContain('ZoneRegressed');
    expect(told).not.toContain('EndpointRefused');
  });

  it('tells the log of a root that is missing, and puts it back', async () => {
    const world = await worldAtGoal();
    world.tamper(world.records().filter(isRoot).map(remove));
    const told = await toldBy(world, async () => {
      expect(await sweep(world, () => false)).toMatchObject({ type: 'applied', reason: 'repair' });
    });
    expect(told[0]).toBe('ZoneRegressed');
    expect(world.records().some(isRoot)).toBe(true);
  });
});
