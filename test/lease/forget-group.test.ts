import { describe, expect, it } from 'vitest';
import { forgetGroup } from '../../lib/lease/forget-group.ts';
import { hearZone, readZone } from '../../lib/lease/hear-zone.ts';
import { holdPeriod } from '../../lib/lease/hold-period.ts';
import { NEW_HOLDER } from '../../lib/lease/holder.ts';
import type { LeaseRow } from '../../lib/lease/lease-row.ts';
import type { LeaseTable } from '../../lib/lease/lease-table.ts';
import { memoryLeases } from '../../lib/lease/memory-leases.ts';
import { cellName } from '../../lib/plan/names.ts';
import { instant } from '../../lib/runtime/clock.ts';

const ZONE = { cell: cellName('use1-a'), az: 'use1-az1' };
const ROW: LeaseRow = {
  ...{ group: 'rack-1', e: 3, s: 8, t: 5, since: 2, members: [255, 0], by: 'host-1', tries: 0 },
};

/** A zone at a tick with one row. */
async function zoneAt(n: number, row: LeaseRow = ROW): Promise<LeaseTable> {
  const leases = memoryLeases();
  await leases.putTick(ZONE, { n, at: 1_000, seen: true, every: 60_000 }, undefined);
  await leases.putRow(ZONE, row, undefined);
  return leases;
}

describe('a group that is forgotten', () => {
  it('keeps its epoch, and has no members', async () => {
    const leases = await zoneAt(10);
    expect(await forgetGroup(leases, ZONE, 'rack-1')).toEqual({ type: 'forgotten', e: 3 });
    expect(await leases.readRow(ZONE, 'rack-1')).toEqual({
      type: 'row',
      row: { ...ROW, s: 9, members: [] },
    });
    expect(await forgetGroup(leases, ZONE, 'rack-1')).toEqual({ type: 'nothing' });
  });

  it.each([
    [6, 'heard'],
    [9, 'silent'],
  ])('at tick %d is refused, because it is %s', async (n, standing) => {
    const leases = await zoneAt(n);
    expect(await forgetGroup(leases, ZONE, 'rack-1')).toEqual({ type: 'held', by: 'host-1', standing });
    expect(await leases.readRow(ZONE, 'rack-1')).toEqual({ type: 'row', row: ROW });
  });

  it('was never there where there is no row', async () => {
    expect(await forgetGroup(await zoneAt(10), ZONE, 'rack-2')).toEqual({ type: 'nothing' });
  });

  it('stays as it is when somebody writes it meanwhile', async () => {
    const leases = await zoneAt(10);
    const taken = { ...ROW, e: 4, s: 9, t: 10, since: 10, by: 'host-2' };
    const late: LeaseTable = {
      ...leases,
      putRow: async (zone, row, known) => {
        await leases.putRow(zone, taken, ROW);
        return leases.putRow(zone, row, known);
      },
    };
    expect(await forgetGroup(late, ZONE, 'rack-1')).toEqual({ type: 'lost' });
    expect(await leases.readRow(ZONE, 'rack-1')).toEqual({ type: 'row', row: taken });
  });

  it('is heard of as if nobody had ever held it, and is taken up with the next epoch', async () => {
    const leases = await zoneAt(10);
    await forgetGroup(leases, ZONE, 'rack-1');
    const clock = { now: () => instant(2_000) };
    const { groups, undeclared } = await hearZone({ leases, clock }, ZONE, ['rack-1']);
    expect([groups.get('rack-1'), undeclared.size]).toEqual([{ type: 'never' }, 0]);
    const request = { zone: ZONE, group: 'rack-1', by: 'host-2', members: [255] };
    const stopwatch = { elapsedMs: () => 0 };
    const { outcome } = await holdPeriod({ leases, stopwatch }, request, NEW_HOLDER);
    expect(outcome).toEqual({ type: 'held', e: 4 });
  });
});

describe('a reading of a zone', () => {
  it('says what a hearing says, names undeclared rows, and writes nothing', async () => {
    const leases = await zoneAt(10);
    const tick = await leases.readTick(ZONE);
    const reading = await readZone(leases, ZONE, ['rack-2']);
    expect(reading).toMatchObject({ tick, heard: 0, deaf: false, missingMax: 2 });
    expect(reading?.groups).toEqual(new Map([['rack-2', { type: 'never' }]]));
    expect(reading?.undeclared).toEqual(new Map([['rack-1', { type: 'row', row: ROW, standing: 'lapsed' }]]));
    expect(await leases.readTick(ZONE)).toEqual(tick);
  });

  it('is nothing where no planner has looked yet', async () => {
    expect(await readZone(memoryLeases(), ZONE, ['rack-1'])).toBeUndefined();
  });
});
