import { canonicalJson } from '../plan/canonical.ts';
import type { LeaseRow } from './lease-row.ts';
import type { Tick } from './lease-rule.ts';
import type { HearingZone, LeaseTable, ReadRow, RowVersion } from './lease-table.ts';

/** What a table of leases holds, by hearing zone. */
export interface HeldLeases {
  readonly ticks: Map<string, Tick>;
  readonly rows: Map<string, ReadonlyMap<string, LeaseRow>>;
}

/** Rows of a page: few, so that a reader that stops at its first page is noticed. */
const PAGE_ROWS = 3;

/** A table of leases in memory. It is always there, and each of its answers arrives. */
export function memoryLeases(held: HeldLeases = { ticks: new Map(), rows: new Map() }): LeaseTable {
  const rowsIn = (zone: HearingZone): ReadonlyMap<string, LeaseRow> =>
    held.rows.get(partitionOf(zone)) ?? new Map();
  return {
    readTick: async (zone) => held.ticks.get(partitionOf(zone)),
    putTick: async (zone, tick, known) => {
      const there = held.ticks.get(partitionOf(zone));
      if (canonicalJson(there ?? null) !== canonicalJson(known ?? null)) return { type: 'lost' };
      held.ticks.set(partitionOf(zone), tick);
      return { type: 'applied' };
    },
    readRow: async (zone, group) => readingOf(rowsIn(zone).get(group)),
    readRows: async (zone, after = '') => {
      const behind = [...rowsIn(zone).values()]
        .filter(({ group }) => group > after)
        .sort((a, b) => (a.group < b.group ? -1 : 1));
      const page = behind.slice(0, PAGE_ROWS);
      return {
        rows: page.map((row) => ({ type: 'row', row })),
        next: behind.length > page.length ? page.at(-1)?.group : undefined,
      };
    },
    putRow: async (zone, row, known) => {
      const there = rowsIn(zone).get(row.group);
      if (!isVersion(there, known)) return { type: 'lost' };
      held.rows.set(partitionOf(zone), new Map([...rowsIn(zone), [row.group, row]]));
      return { type: 'applied' };
    },
  };
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
