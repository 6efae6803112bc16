import { describe, expect, test } from 'vitest';
import { parseCellFleet, partOfFormat2, serialiseCellFleet } from '../../../lib/fleet/cell-fleet-codec.ts';
import { lease } from '../../../lib/fleet/sources/lease.ts';
import { leaseSource } from '../../../lib/fleet/sources/lease-source.ts';
import type { SourceTarget } from '../../../lib/fleet/sources/source.ts';
import type { Hearing } from '../../../lib/lease/hear-zone.ts';
import { holdPeriod } from '../../../lib/lease/hold-period.ts';
import { NEW_HOLDER } from '../../../lib/lease/holder.ts';
import { MEMBERS_MAX } from '../../../lib/lease/lease-row.ts';
import type { LeaseTable } from '../../../lib/lease/lease-table.ts';
import { LeasesAway } from '../../../lib/lease/lease-table.ts';
import { memoryLeases } from '../../../lib/lease/memory-leases.ts';
import { cellName } from '../../../lib/plan/names.ts';
import { instant } from '../../../lib/runtime/clock.ts';
import { bigFleet } from '../../support/observed-loss.ts';

const CELL = cellName('use1-a');
const MINUTE = 60_000;

function target(id: string, az: string, before?: SourceTarget['before']): SourceTarget {
  return { id, az, capacity: 100, reference: { group: id }, before };
}

/** A holder's period; what it remembers for the next. */
async function held(leases: LeaseTable, az: string, group: string, memory = NEW_HOLDER) {
  const request = { zone: { cell: CELL, az }, group, by: 'one', members: [255] };
  const period = await holdPeriod({ leases, stopwatch: { elapsedMs: () => 0 } }, request, memory);
  expect(period.outcome.type).toBe('held');
  return period.memory;
}

const away = async (): Promise<never> => {
  throw new LeasesAway('The table of leases "t" cannot be used.');
};

describe('the source of leases', () => {
  test('a new target serves after two ticks, and the zones are told as they were heard', async () => {
    const leases = memoryLeases();
    const clock = { now: () => instant(time) };
    let time = MINUTE;
    const told: (readonly Hearing[])[] = [];
    const source = leaseSource({
      leases,
      clock,
      firstEveryMs: 20_000,
      heard: (_, zones) => told.push(zones),
    });
    const fresh = [target('a', 'az1'), target('b', 'az2')];
    const first = await source.look(fresh, CELL);
    expect(first.type).toBe('blind');
    let [one, other] = [NEW_HOLDER, NEW_HOLDER];
    for (let minute = 0; minute < 3; minute += 1) {
      one = await held(leases, 'az1', 'a', one);
      other = await held(leases, 'az2', 'b', other);
      time += MINUTE;
      await source.look(fresh, CELL);
    }
    const { observations, unseen } = seen(await source.look(fresh, CELL));
    expect(observations).toEqual({
      a: { health: 'healthy', capacity: 100 },
      b: { health: 'healthy', capacity: 100 },
    });
    expect(unseen).toBeUndefined();
    expect(told.at(-1)?.map(({ deaf, heard, tick }) => ({ deaf, heard, every: tick.every }))).toEqual([
      { deaf: false, heard: 1, every: 20_000 },
      { deaf: false, heard: 1, every: 20_000 },
    ]);
  });

  test('a zone whose table is away does not blind the others; all of them away are blind', async () => {
    const leases = memoryLeases();
    const partly: LeaseTable = {
      ...leases,
      readTick: (zone) => (zone.az === 'az2' ? away() : leases.readTick(zone)),
    };
    const clock = { now: () => instant(MINUTE) };
    const before = { health: 'healthy', capacity: 35 } as const;
    await leaseSource({ leases, clock }).look([target('a', 'az1')], CELL);
    await held(leases, 'az1', 'a');
    const targets = [target('a', 'az1', before), target('b', 'az2', before)];
    const { observations, unseen } = seen(await leaseSource({ leases: partly, clock }).look(targets, CELL));
    expect(observations).toEqual({ a: { health: 'healthy', capacity: 100 }, b: before });
    expect(unseen).toEqual({
      targets: ['b'],
      reason: 'b: The table of leases "t" cannot be used',
      where: 'az2 (away)',
    });
    const gone: LeaseTable = { ...leases, readTick: away };
    expect(await leaseSource({ leases: gone, clock }).look(targets, CELL)).toEqual({
      type: 'blind',
      reason: 'a, b: The table of leases "t" cannot be used',
    });
    expect(await leaseSource({ leases: undefined, clock }).look(targets, CELL)).toMatchObject({
      type: 'blind',
      reason: 'no table of leases is named here',
    });
  });
});

describe('a lease in a fleet', () => {
  test('is stored in format 2, which older releases leave alone', () => {
    const fleet = bigFleet();
    const [first, ...others] = fleet.targets;
    if (first === undefined) throw new Error('The example has targets.');
    const observedBy = { source: 'lease', reference: { group: 'rack-7' } };
    const leased = { ...fleet, targets: [{ ...first, observedBy }, ...others] };
    expect(partOfFormat2(fleet)).toBeUndefined();
    expect(partOfFormat2(leased)).toBe(`target ${first.id} has a lease`);
    const stored = serialiseCellFleet(leased);
    expect(stored).toMatchObject({ format: 2, readableFrom: 2 });
    expect(parseCellFleet(JSON.parse(JSON.stringify(stored)))).toEqual(leased);
  });

  test('a zone holds at most 2,000 groups', () => {
    const groups = (count: number) =>
      Array.from({ length: count }, (_, index) => ({ az: 'az1', reference: { group: `g-${index}` } }));
    expect(lease.limit(groups(2_000))).toBeUndefined();
    expect(lease.limit(groups(2_001))).toBe(
      `az1 has 2001 groups with leases, more than 2000: give the groups more members, up to ${MEMBERS_MAX}, or split the cell.`,
    );
  });
});

function seen(reading: Awaited<ReturnType<ReturnType<typeof leaseSource>['look']>>) {
  if (reading.type === 'blind') throw new Error(reading.reason);
  return reading;
}
