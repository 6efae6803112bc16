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

/** Reports every endpoint that leads back to itself by the hostnames and aliases of its targets, over others or at once. */
export function checkCircles(cells: readonly ReadCell[], report: ReportMistake): void {
  const placed = new Map<DnsName, PlacedEndpoint>();
  const next = new Map<DnsName, readonly DnsName[]>();
  for (const { targets, endpoints } of cells) {
    const byId = new Map(targets.map((target) => [target.id, target]));
    for (const each of endpoints) {
      const { name, kind, targets: ids } = each.endpoint;
      placed.set(name, each);
      const named = ids.flatMap((id) => byId.get(id) ?? []);
      const names = named.flatMap(
        ({ hostname, alias }) => (kind === 'hostname' ? hostname : alias?.name) ?? [],
      );
      next.set(name, kind === 'addresses' ? [] : [...new Set(names)]);
    }
  }
  for (const [name, { path }] of placed) {
    const way = wayBack(name, next);
    // Of one that points at itself, its own reading has told.
    if (way === undefined || way.length < 2) continue;
    const shown = [name, ...way].join(' -> ');
    report(path, `${subject(path)} leads back to itself (${shown}): let one of them have an answer.`, 'key');
  }
}

/** The names after `name`, up to `name` again, on a shortest way back to it. */
function wayBack(
  name: DnsName,
  next: ReadonlyMap<DnsName, readonly DnsName[]>,
): readonly DnsName[] | undefined {
  const ways = new Map<DnsName, readonly DnsName[]>([[name, []]]);
  const queue = [name];
  for (let at = queue.shift(); at !== undefined; at = queue.shift()) {
    const way = ways.get(at) ?? [];
    for (const to of next.get(at) ?? []) {
      if (to === name) return [...way, to];
      if (ways.has(to)) continue;
      ways.set(to, [...way, to]);
      queue.push(to);
    }
  }
  return undefined;
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
