import type { CellFleet } from '../../lib/plan/fleet-model.ts';
import type { DnsName } from '../../lib/plan/names.ts';
import type { CellScope } from '../../lib/plan/owned-names.ts';
import { parseOwnedName } from '../../lib/plan/owned-names.ts';
import type { RecordSet } from '../../lib/plan/records.ts';
import type { ZoneView } from '../../lib/plan/zone-view.ts';
import { recordsAtName, zoneView } from '../../lib/plan/zone-view.ts';
import type { FleetShape } from './routed-fleets.ts';

/** The generations after the first one that stay in the zone. */
export const RETAINED = 5;
const FIRST_NETWORK = 1;
const CHANGED_NETWORK = 200;

interface Cell {
  readonly scope: CellScope;
  declare(change: (fleet: CellFleet) => CellFleet): Promise<void>;
  enact(mode: 'hint'): Promise<unknown>;
  records(): Promise<readonly RecordSet[]>;
}

/** What a zone holds. */
export interface Held {
  readonly records: number;
  /** What it would hold if every tree had records of its own at each of its nodes. */
  readonly unshared: number;
}

/** What a zone holds when {@link RETAINED} generations have changed one target each, and nothing is retired. */
export async function heldByGenerations(cell: Cell, shape: FleetShape): Promise<Held> {
  for (let changed = 0; changed <= RETAINED; changed += 1) {
    await cell.declare((fleet) =>
      shape(fleet, (index) => (index < changed ? CHANGED_NETWORK : FIRST_NETWORK)),
    );
    await cell.enact('hint');
  }
  const records = await cell.records();
  return { records: records.length, unshared: unsharedRecords(records, cell.scope) };
}

/** Counts a node once for every tree that leads to it, and what belongs to no tree once. */
function unsharedRecords(records: readonly RecordSet[], scope: CellScope): number {
  const view = zoneView(records);
  return [...view].reduce((sum, [name, there]) => {
    const kind = parseOwnedName(name, scope)?.kind;
    if (kind === 'node') return sum;
    return sum + (kind === 'tree' ? recordsFrom(name, view) : there.length);
  }, 0);
}

/** The records at a name, and all that its aliases lead to. */
function recordsFrom(name: DnsName, view: ZoneView): number {
  const there = recordsAtName(view, name);
  const below = new Set(there.flatMap(({ alias }) => (alias === undefined ? [] : [alias.name])));
  return [...below].reduce((sum, child) => sum + recordsFrom(child, view), there.length);
}
