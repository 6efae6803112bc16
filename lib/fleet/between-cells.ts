import type { DnsName } from '../plan/names.ts';
import type { PlacedEndpoint, ReadCell } from './cell-reading.ts';
import type { ReportMistake } from './mistakes.ts';
import { quoted, subject } from './wording.ts';

/** Reports every name that two endpoints have, in one cell or in two: a name may have only one owner. */
export function checkNamesOnce(cells: readonly ReadCell[], report: ReportMistake): void {
  const owners = new Map<DnsName, { readonly cell: ReadCell; readonly placed: PlacedEndpoint }>();
  for (const cell of cells) {
    for (const placed of cell.endpoints) {
      const { name } = placed.endpoint;
      const owner = owners.get(name);
      if (owner === undefined) owners.set(name, { cell, placed });
      else if (owner.cell === cell) {
        const first = quoted(String(owner.placed.path.at(-1)));
        report(
          placed.path,
          `${subject(placed.path)} is the same name as ${first} in the same cell: keep one of them.`,
          'key',
        );
      } else {
        const advice = 'a name belongs to one cell, so remove it from the other';
        report(
          placed.path,
          `${subject(placed.path)} is an endpoint of the cell ${owner.cell.key} too: ${advice}.`,
          'key',
        );
      }
    }
  }
}

/** Reports cells that give one zone two ids, or two zones one id. Returns the known id of each zone. */
export function checkZoneIds(
  cells: readonly ReadCell[],
  report: ReportMistake,
): ReadonlyMap<DnsName, string> {
  const byZone = new Map<DnsName, { readonly id: string; readonly cell: string }>();
  const byId = new Map<string, { readonly zone: DnsName; readonly cell: string }>();
  for (const { key, zone, zoneId, path } of cells) {
    if (zone === undefined || zoneId === undefined) continue;
    const at = [...path, 'zone_id'];
    const sameZone = byZone.get(zone);
    const sameId = byId.get(zoneId);
    if (sameZone !== undefined && sameZone.id !== zoneId) {
      report(
        at,
        `${subject(at)} is ${quoted(zoneId)}, but the cell ${sameZone.cell} gives the zone ${zone} the id ${quoted(sameZone.id)}: give both the same.`,
      );
    } else if (sameId !== undefined && sameId.zone !== zone) {
      report(
        at,
        `${subject(at)} is ${quoted(zoneId)}, which the cell ${sameId.cell} gives as the id of ${sameId.zone}: give each zone its own.`,
      );
    }
    if (sameZone === undefined) byZone.set(zone, { id: zoneId, cell: key });
    if (sameId === undefined) byId.set(zoneId, { zone, cell: key });
  }
  return new Map([...byZone].map(([zone, { id }]) => [zone, id]));
}
