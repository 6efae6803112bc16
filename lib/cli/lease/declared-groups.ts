import { lease } from '../../fleet/sources/lease.ts';
import type { HearingZone } from '../../lease/lease-table.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { CellName } from '../../plan/names.ts';
import { declaredFleet } from '../command/cells.ts';

/** An availability zone of a cell, with the groups that its fleet declares there. */
export interface DeclaredGroups {
  readonly zone: HearingZone;
  /** In order. */
  readonly groups: readonly string[];
}

/** The zones in which a cell's fleet declares leases, in order. */
export async function declaredGroups(ledger: Ledger, cell: CellName): Promise<readonly DeclaredGroups[]> {
  const fleet = await declaredFleet(ledger, await ledger.head(cell));
  const zones = new Map<string, Set<string>>();
  for (const { az, observedBy } of fleet?.targets ?? []) {
    if (observedBy?.source !== lease.name) continue;
    const groups = zones.get(az) ?? new Set();
    zones.set(az, groups.add(lease.reference.parse(observedBy.reference).group));
  }
  return [...zones]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([az, groups]) => ({ zone: { cell, az }, groups: [...groups].sort() }));
}
