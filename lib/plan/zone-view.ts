import type { DnsName } from './names.ts';
import { isWithin } from './names.ts';
import type { CellScope, TreeLabel } from './owned-names.ts';
import { ownedSubtree, treeLabelOf } from './owned-names.ts';
import type { RecordSet } from './records.ts';

/** Records by name: what was read from a zone, or what the log says that it holds. */
export type ZoneView = ReadonlyMap<DnsName, readonly RecordSet[]>;

/** Groups records by name, keeping their order. */
export function zoneView(records: Iterable<RecordSet>): ZoneView {
  const view = new Map<DnsName, RecordSet[]>();
  for (const record of records) {
    const there = view.get(record.name);
    if (there === undefined) view.set(record.name, [record]);
    else there.push(record);
  }
  return view;
}

/** Everything at a name; an empty list where there is nothing. */
export function recordsAtName(view: ZoneView, name: DnsName): readonly RecordSet[] {
  return view.get(name) ?? [];
}

/**
 * The tree that a record points at, when the record is what Pawl writes for a root: one simple alias into this
 * cell's trees, in this zone, that does not evaluate health. Undefined for anything else.
 */
export function pointedTree(
  record: RecordSet,
  scope: CellScope,
): { readonly name: DnsName; readonly label: TreeLabel } | undefined {
  const { alias } = record;
  if (alias === undefined || alias.zoneId !== scope.zoneId || alias.evaluateTargetHealth) return undefined;
  if (record.setIdentifier !== undefined || record.routing !== undefined) return undefined;
  const label = treeLabelOf(alias.name, scope);
  return label === undefined ? undefined : { name: alias.name, label };
}

/** True when the target of the alias, Pawl's or foreign, has a record of the alias's type in the view. */
export function resolvesInView(record: RecordSet, view: ZoneView): boolean {
  const { alias } = record;
  return alias !== undefined && recordsAtName(view, alias.name).some(({ type }) => type === record.type);
}

/** Names below the cell's subtree that any alias of the zone points at. */
export function pointedOwnedNames(view: ZoneView, scope: CellScope): ReadonlySet<DnsName> {
  const subtree = ownedSubtree(scope);
  const names = new Set<DnsName>();
  for (const records of view.values()) {
    for (const { alias } of records) {
      if (alias !== undefined && isWithin(alias.name, subtree)) names.add(alias.name);
    }
  }
  return names;
}
