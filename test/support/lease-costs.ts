import type { Factor } from './costs.ts';
import { factor, MINUTES_A_MONTH, PRICES, times } from './costs.ts';
import { readUnitsOf, WRITE_UNIT_BYTES } from './lease-units.ts';
import { LEASED_ZONES, rowsOfZone } from './leased-fleet.ts';

// The arithmetic of "What it costs" in docs/leases.md: three zones, full rows, a period of 60 s, and one planner.

/** A tick rises in two writes. */
const WRITES_A_TICK = 2;
const MINUTES = factor(MINUTES_A_MONTH);

export interface LeaseCost {
  readonly what: string;
  readonly month: Factor;
}

/** What leases of so many members cost in a month, row by row. Every row of the table counts as large as it may be. */
export function leaseCosts(members: number): readonly LeaseCost[] {
  const inZone = rowsOfZone(members);
  const rows = factor(inZone * LEASED_ZONES);
  const ticks = factor(LEASED_ZONES * WRITES_A_TICK);
  // The tick, and the rows, which are one page as long as they have less than 1 MB.
  const looked = factor(LEASED_ZONES * (1 + readUnitsOf(inZone * WRITE_UNIT_BYTES)));
  return [
    { what: 'rows, each written once a minute', month: times(rows, MINUTES, PRICES.writeUnits) },
    { what: 'the tick, read by each holder before that', month: times(rows, MINUTES, PRICES.readUnits) },
    { what: 'ticks of three zones, two writes each', month: times(ticks, MINUTES, PRICES.writeUnits) },
    { what: 'the planner, once a minute: ticks and rows', month: times(looked, MINUTES, PRICES.readUnits) },
  ];
}

/** Writes of rows in a second, at rest and after any fault. */
export function rowWritesASecond(members: number): number {
  return (rowsOfZone(members) * LEASED_ZONES) / 60;
}
