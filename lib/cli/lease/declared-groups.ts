import { lease } from '../../fleet/sources/lease.ts';
import type { HearingZone } from '../../lease/lease-table.ts';
import type { Ledger } from '../../ledger/ledger.ts';
import type { CellName } from '../../plan/names.ts';
import { declaredFleet } from '../command/cells.ts';

/** An availability zone of a cell, with the groups that its fleet declares there. */
export interface DeclaredGroups {
  readonly zone: HearingZone;
  /** In order; none where the targets of the zone name no lease. */
  readonly groups: readonly string[];
}

/** The zones of a cell's targets, in order, with the groups that they name. */
export async function declaredGroups(ledger: Ledger, cell: CellName): Promise<readonly DeclaredGroups[]> {
  const fleet = await declaredFleet(ledger, await ledger.head(cell));
  const zones = new Map<string, Set<string>>();
  for (const { az, observedBy } of fleet?.targets ?? []) {
    const groups = zones.get(az) ?? new Set();
    zones.set(az, groups);
    if (observedBy?.source === lease.name) groups.add(lease.reference.parse(observedBy.reference).group);
  }
  return [...zones]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([az, groups]) => ({ zone: { cell, az }, groups: [...groups].sort() }));
}
