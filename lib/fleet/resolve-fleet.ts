import type { CellFleet } from '../plan/fleet-model.ts';
import type { DnsName } from '../plan/names.ts';
import type { FleetFile } from './declared-fleet.ts';

export type ResolvedFleet =
  | { readonly type: 'resolved'; readonly cells: readonly CellFleet[] }
  /** Zones of the file that have no id: the caller found no zone of that name. In order of name. */
  | { readonly type: 'missing-zones'; readonly zones: readonly DnsName[] };

/**
 * Gives every cell the id of its hosted zone: the file's own where it gives one (several zones may have one name),
 * else the one that was looked up.
 *
 * @param zoneIds Ids without `/hostedzone/`, by name, of the zones that were found.
 */
export function resolveFleet(file: FleetFile, zoneIds: ReadonlyMap<DnsName, string>): ResolvedFleet {
  const cells: CellFleet[] = [];
  const missing = new Set<DnsName>();
  for (const cell of file.cells) {
    const zoneId = cell.zoneId ?? zoneIds.get(cell.zone);
    if (zoneId === undefined) missing.add(cell.zone);
    else cells.push({ ...cell, zoneId });
  }
  return missing.size === 0
    ? { type: 'resolved', cells }
    : { type: 'missing-zones', zones: [...missing].sort() };
}
