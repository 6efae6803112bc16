import { describe, expect, test } from 'vitest';
import { leaseSource } from '../../../lib/fleet/sources/lease-source.ts';
import type { SourceTarget } from '../../../lib/fleet/sources/source.ts';
import { holdPeriod } from '../../../lib/lease/hold-period.ts';
import { NEW_HOLDER } from '../../../lib/lease/holder.ts';
import type { HearingZone, LeaseTable, LeaseWrite } from '../../../lib/lease/lease-table.ts';
import { LeasesAway } from '../../../lib/lease/lease-table.ts';
import { memoryLeases } from '../../../lib/lease/memory-leases.ts';
import { cellName } from '../../../lib/plan/names.ts';
import { instant } from '../../../lib/runtime/clock.ts';

const CELL = cellName('use1-a');
const MINUTE = 60_000;
const ZONES = ['az1', 'az2'] as const;
/** More than one page of rows. */
const GROUPS = ['a', 'b', 'c', 'd'] as const;
const BEFORE = { health: 'healthy', capacity: 35 } as const;
const HEARD = { health: 'healthy', capacity: 100 } as const;

/** What may happen to a planner's call. `lost`: it took effect, and no answer came. `never`: nor did it take effect. */
const FAULTS = ['away', 'lost', 'never'] as const;
type Fault = (typeof FAULTS)[number];
type Verb = 'readTick' | 'readRows' | 'putTick';

const TARGETS: readonly SourceTarget[] = ZONES.flatMap((az) =>
  GROUPS.map((group) => ({
    ...{ id: `${az}-${group}`, az, capacity: 100 },
    ...{ reference: { group: `${az}-${group}` }, before: BEFORE },
  })),
);

/** A table on which a planner's call in az1 fails, by its place among them; undefined for none. */
function failing(inner: LeaseTable, place: number | undefined, fault: Fault) {
  const calls: Verb[] = [];
  const through = async <T>(verb: Verb, zone: HearingZone, act: () => Promise<T>): Promise<T> => {
    if (zone.az !== 'az1') return act();
    calls.push(verb);
    if (calls.length - 1 !== place) return act();
    if (fault === 'lost') await act();
    throw new LeasesAway('No answer came.');
  };
  const written = async (zone: HearingZone, act: () => Promise<LeaseWrite>): Promise<LeaseWrite> => {
    if (fault === 'away') return through('putTick', zone, act);
    try {
      return await through('putTick', zone, act);
    } catch (error) {
      if (!(error instanceof LeasesAway)) throw error;
      return { type: 'unknown', reason: error.message };
    }
  };
  const leases: LeaseTable = {
    ...inner,
    readTick: (zone) => through('readTick', zone, () => inner.readTick(zone)),
    readRows: (zone, after) => through('readRows', zone, () => inner.readRows(zone, after)),
    putTick: (zone, tick, known) => written(zone, () => inner.putTick(zone, tick, known)),
  };
  return { leases, calls };
}

/** Two zones whose groups are held. Their ticks may rise. */
async function heldZones() {
  const leases = memoryLeases();
  let time = MINUTE;
  const clock = { now: () => instant(time) };
  const look = async (table: LeaseTable) => {
    const reading = await leaseSource({ leases: table, clock }).look(TARGETS, CELL);
    if (reading.type === 'blind') throw new Error(reading.reason);
    return reading;
  };
  await leaseSource({ leases, clock }).look(TARGETS, CELL);
  for (const { az, id } of TARGETS) {
    const request = { zone: { cell: CELL, az }, group: id, by: 'one', members: [255] };
    await holdPeriod({ leases, stopwatch: { elapsedMs: () => 0 } }, request, NEW_HOLDER);
  }
  await look(leases);
  time += 2 * MINUTE;
  const tickOf = async () => (await leases.readTick({ cell: CELL, az: 'az1' }))?.n ?? 0;
  return { leases, look, tickOf };
}

/** The calls of an undisturbed run in az1. */
async function undisturbed(): Promise<readonly Verb[]> {
  const { leases, look } = await heldZones();
  const { leases: counted, calls } = failing(leases, undefined, 'away');
  await look(counted);
  return calls;
}

describe('each call of a planner that fails in one zone', () => {
  test('are reads of its tick and rows, and the two writes of its tick', async () => {
    expect(await undisturbed()).toEqual(['readTick', 'readRows', 'readRows', 'putTick', 'putTick']);
  });

  test.each(FAULTS)(
    'leaves what was observed there, names the zone, and hears the other: %s',
    async (fault) => {
      for (const [place, verb] of (await undisturbed()).entries()) {
        const { leases, look, tickOf } = await heldZones();
        const n = await tickOf();
        const { observations, unseen } = await look(failing(leases, place, fault).leases);
        // A write whose answer is lost says nothing of what was read before it.
        const isHeard = verb === 'putTick' && fault !== 'away';
        for (const { id, az } of TARGETS)
          expect(observations[id], `${verb} ${id}`).toEqual(az === 'az2' || isHeard ? HEARD : BEFORE);
        const blind = TARGETS.filter(({ az }) => az === 'az1').map(({ id }) => id);
        expect(unseen?.targets, verb).toEqual(isHeard ? undefined : blind);
        if (!isHeard) expect(unseen?.reason).toContain('az1-a');
        const next = await look(leases);
        expect(next.unseen).toBeUndefined();
        expect(next.observations['az1-a']).toEqual(HEARD);
        expect(await tickOf(), `${verb}: the tick rises once`).toBe(n + 1);
      }
    },
  );
});
