import { describe, expect, it } from 'vitest';
import { hearZone } from '../../lib/lease/hear-zone.ts';
import { holdPeriod } from '../../lib/lease/hold-period.ts';
import type { HoldOutcome } from '../../lib/lease/holder.ts';
import { mayAct, NEW_HOLDER } from '../../lib/lease/holder.ts';
import type { LeaseTable, LeaseWrite } from '../../lib/lease/lease-table.ts';
import { LeasesAway } from '../../lib/lease/lease-table.ts';
import { memoryLeases } from '../../lib/lease/memory-leases.ts';
import { cellName } from '../../lib/plan/names.ts';
import { instant } from '../../lib/runtime/clock.ts';
import { systemStopwatch } from '../../lib/runtime/stopwatch.ts';

const ZONE = { cell: cellName('use1-a'), az: 'use1-az1' };
const GROUPS = ['rack-1', 'rack-2'];

/** A zone whose time goes on when a test says so. */
function zone(leases: LeaseTable = memoryLeases()) {
  const time = { now: 1_000_000 };
  const clock = { now: () => instant(time.now) };
  const stopwatch = { elapsedMs: () => time.now };
  return {
    leases,
    time,
    hear: (groups = GROUPS) => hearZone({ leases, clock }, ZONE, groups),
    holder: (by: string, table = leases) => {
      let memory = NEW_HOLDER;
      return {
        period: async (): Promise<HoldOutcome> => {
          const request = { zone: ZONE, group: 'rack-1', by, members: [255] };
          const period = await holdPeriod({ leases: table, stopwatch }, request, memory);
          memory = period.memory;
          return period.outcome;
        },
        mayAct: () => mayAct(memory, time.now),
        tries: () => memory.tries,
      };
    },
  };
}

type Zone = ReturnType<typeof zone>;

/** A minute of a zone: time, and then the planner. */
async function minutes(of: Zone, count: number): Promise<void> {
  for (let minute = 0; minute < count; minute += 1) {
    of.time.now += 60_000;
    await of.hear();
  }
}

describe('a holder', () => {
  it('waits for the first tick, holds, and goes on with the same epoch', async () => {
    const world = zone();
    const holder = world.holder('host-1');
    expect(await holder.period()).toEqual({ type: 'no-tick' });
    await world.hear();
    expect(await holder.period()).toEqual({ type: 'held', e: 1 });
    await minutes(world, 2);
    expect(await holder.period()).toEqual({ type: 'held', e: 1 });
    expect(holder.mayAct()).toBe(true);
    world.time.now += 226_000;
    expect(holder.mayAct()).toBe(false);
  });

  it('takes its own row back with the next epoch, and leaves another one’s until it has lapsed', async () => {
    const world = zone();
    await world.hear();
    const [first, second] = [world.holder('host-1'), world.holder('host-2')];
    await first.period();
    expect(await second.period()).toEqual({ type: 'others', by: 'host-1' });
    expect(await world.holder('host-1').period()).toEqual({ type: 'held', e: 2 });
    await minutes(world, 6);
    expect(await second.period()).toEqual({ type: 'held', e: 3 });
    expect(await first.period()).toEqual({ type: 'others', by: 'host-2' });
    expect(first.mayAct()).toBe(false);
  });

  it('asks what stands there when an answer was lost', async () => {
    const leases = memoryLeases();
    const lost: LeaseWrite = { type: 'unknown', reason: 'No answer came.' };
    const world = zone(leases);
    await world.hear();
    const done = world.holder('host-1', {
      ...leases,
      putRow: async (...write) => {
        await leases.putRow(...write);
        return lost;
      },
    });
    expect(await done.period()).toEqual({ type: 'held', e: 1 });
    const never = world.holder('host-1', { ...leases, putRow: async () => lost });
    expect(await never.period()).toEqual({ type: 'missed', reason: 'No answer came.' });
    expect(never.mayAct()).toBe(false);
  });

  it('counts the periods that it missed, and keeps its time', async () => {
    const leases = memoryLeases();
    const world = zone(leases);
    await world.hear();
    let isAway = false;
    const holder = world.holder('host-1', {
      ...leases,
      readTick: async (of) => {
        if (isAway) throw new LeasesAway('The table is away.');
        return leases.readTick(of);
      },
    });
    await holder.period();
    isAway = true;
    expect(await holder.period()).toEqual({ type: 'missed', reason: 'The table is away.' });
    await holder.period();
    expect([holder.tries(), holder.mayAct()]).toEqual([2, true]);
    isAway = false;
    await holder.period();
    expect(holder.tries()).toBe(0);
    expect(await leases.readRow(ZONE, 'rack-1')).toMatchObject({ row: { s: 2, tries: 2 } });
  });
});

describe('a hearing', () => {
  it('says of every declared group what is known', async () => {
    const world = zone();
    await world.hear();
    await world.holder('host-1').period();
    const { groups, heard, deaf, missingMax } = await world.hear();
    expect([heard, deaf, missingMax]).toEqual([1, false, 2]);
    expect(groups.get('rack-1')).toMatchObject({ type: 'row', standing: 'heard' });
    expect(groups.get('rack-2')).toEqual({ type: 'never' });
    await minutes(world, 6);
    expect((await world.hear()).groups.get('rack-1')).toMatchObject({ standing: 'lapsed' });
  });

  it('ages nobody while its zone is deaf', async () => {
    const world = zone();
    const groups = [...GROUPS, 'rack-3', 'rack-4'];
    await world.hear(groups);
    await world.holder('host-1').period();
    for (let minute = 0; minute < 30; minute += 1) {
      world.time.now += 60_000;
      const { groups: known, deaf } = await world.hear(groups);
      expect(deaf).toBe(true);
      expect(known.get('rack-1')).toMatchObject({ standing: 'heard' });
    }
  });

  it('reads as many pages as there are', async () => {
    const world = zone();
    await world.hear();
    const groups = Array.from({ length: 10 }, (_, index) => `rack-${index}`);
    for (const group of groups) {
      const row = { group, e: 1, s: 1, t: 1, since: 1, members: [1], by: 'host-1', tries: 0 };
      await world.leases.putRow(ZONE, row, undefined);
    }
    expect(await world.hear(groups)).toMatchObject({ heard: 10, deaf: false });
  });
});

describe('a stopwatch', () => {
  it('goes on with whichever clock goes on, and never goes back', () => {
    const clocks = { process: 10, machine: 1_000 };
    const stopwatch = systemStopwatch([() => clocks.process, () => clocks.machine]);
    clocks.process += 5;
    expect(stopwatch.elapsedMs()).toBe(5);
    clocks.machine += 60_000;
    expect(stopwatch.elapsedMs()).toBe(60_005);
    clocks.machine -= 10_000;
    expect(stopwatch.elapsedMs()).toBe(60_005);
    expect(systemStopwatch().elapsedMs()).toBeGreaterThanOrEqual(0);
  });
});
