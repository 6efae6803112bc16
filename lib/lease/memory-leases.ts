import { canonicalJson } from '../plan/canonical.ts';
import type { LeaseRow } from './lease-row.ts';
import type { Tick } from './lease-rule.ts';
import type { HearingZone, LeaseTable, ReadRow, RowVersion } from './lease-table.ts';

/** What a table of leases holds, by hearing zone. */
export interface HeldLeases {
  readonly ticks: Map<string, Tick>;
  /** In order of group. A list is the table's own, and changes in place; a row never does. */
  readonly rows: Map<string, LeaseRow[]>;
}

/** Rows of a page: few, so that a reader that stops at its first page is noticed. */
const PAGE_ROWS = 3;

/** A table of leases in memory. It is always there, and each of its answers arrives. */
export function memoryLeases(held: HeldLeases = { ticks: new Map(), rows: new Map() }): LeaseTable {
  const rowsIn = (zone: HearingZone): LeaseRow[] => held.rows.get(partitionOf(zone)) ?? [];
  return {
    readTick: async (zone) => held.ticks.get(partitionOf(zone)),
    putTick: async (zone, tick, known) => {
      const there = held.ticks.get(partitionOf(zone));
      if (canonicalJson(there ?? null) !== canonicalJson(known ?? null)) return { type: 'lost' };
      held.ticks.set(partitionOf(zone), tick);
      return { type: 'applied' };
    },
    readRow: async (zone, group) => {
      const rows = rowsIn(zone);
      return readingOf(rowAt(rows, placeOf(rows, group), group));
    },
    readRows: async (zone, after = '') => {
      const rows = rowsIn(zone);
      const place = placeOf(rows, after);
      const first = rowAt(rows, place, after) === undefined ? place : place + 1;
      const page = rows.slice(first, first + PAGE_ROWS);
      return {
        rows: page.map((row) => ({ type: 'row', row })),
        next: first + page.length < rows.length ? page.at(-1)?.group : undefined,
      };
    },
    putRow: async (zone, row, known) => {
      const rows = rowsIn(zone);
      const place = placeOf(rows, row.group);
      const there = rowAt(rows, place, row.group);
      if (!isVersion(there, known)) return { type: 'lost' };
      rows.splice(place, there === undefined ? 0 : 1, row);
      held.rows.set(partitionOf(zone), rows);
      return { type: 'applied' };
    },
  };
}

/** Where the group's row is, or would be: how many groups are before it. */
function placeOf(rows: readonly LeaseRow[], group: string): number {
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle]?.group ?? '') < group) low = middle + 1;
    else high = middle;
  }
  return low;
}

function rowAt(rows: readonly LeaseRow[], place: number, group: string): LeaseRow | undefined {
  const row = rows[place];
  return row?.group === group ? row : undefined;
}

function isVersion(there: LeaseRow | undefined, known: RowVersion | undefined): boolean {
  return there?.e === known?.e && there?.s === known?.s;
}

function readingOf(row: LeaseRow | undefined): ReadRow | undefined {
  return row === undefined ? undefined : { type: 'row', row };
}

function partitionOf({ cell, az }: HearingZone): string {
  return `${cell} ${az}`;
}
