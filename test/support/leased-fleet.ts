import type { SourceTarget } from '../../lib/fleet/sources/source.ts';
import type { LeaseRow } from '../../lib/lease/lease-row.ts';
import { MEMBERS_MAX } from '../../lib/lease/lease-row.ts';
import { cellName } from '../../lib/plan/names.ts';
import type { StandingZone } from './lease-pages.ts';

export const LEASED_CELL = cellName('use1-a');
const AZS = ['use1-az1', 'use1-az2', 'use1-az3'];
export const LEASED_ZONES = AZS.length;
const CAPACITY = 100;
/** A group of 100 is not heard any more, and one member of 50 is out. */
const LAPSED_EVERY = 100;
const OUT_EVERY = 50;

/** Members in three zones, evenly, in rows that are as full as they may be; and a target that serves for each row. */
export function leasedFleet(members: number, now: number): LeasedFleet {
  const rowsAZone = rowsOfZone(members);
  const zones = AZS.map((az) => ({
    zone: { cell: LEASED_CELL, az },
    tick: { n: 1_000_000, at: now, seen: true, every: 60_000 },
    rows: Array.from({ length: rowsAZone }, (_, index) => fullRow(az, index)),
  }));
  const targets = zones.flatMap(({ zone, rows }) =>
    rows.map(({ group }) => ({
      ...{ id: `${zone.az}-${group}`, az: zone.az, capacity: CAPACITY, reference: { group } },
      before: { health: 'healthy' as const, capacity: CAPACITY },
    })),
  );
  return { zones, targets };
}

export interface LeasedFleet {
  readonly zones: readonly StandingZone[];
  readonly targets: readonly SourceTarget[];
}

/** So many rows has each of the three zones. */
export function rowsOfZone(members: number): number {
  return Math.ceil(members / AZS.length / MEMBERS_MAX);
}

function fullRow(az: string, index: number): LeaseRow {
  const number = String(index).padStart(4, '0');
  const isLapsed = index % LAPSED_EVERY === LAPSED_EVERY - 1;
  return {
    ...{ group: `rack-${number}`, by: `${az}-agent-${number}`, e: 3, s: 1_000_123, tries: 0 },
    ...{ t: isLapsed ? 999_000 : 999_999, since: 900_001 },
    members: Array.from({ length: MEMBERS_MAX }, (_, member) => (member % OUT_EVERY === 0 ? 0 : 255)),
  };
}
