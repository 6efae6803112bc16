import { invariant } from './invariant.ts';
import type { DnsName } from './names.ts';
import type { CellScope } from './owned-names.ts';
import { endpointLabels, treeLabelOf } from './owned-names.ts';
import type { Plan, PlannedEndpoint } from './plan.ts';
import { treeRecords } from './plan.ts';
import type { RecordSet } from './records.ts';
import { recordKey, sameRecord } from './records.ts';
import type { ZoneView } from './zone-view.ts';
import { recordsAtName } from './zone-view.ts';

/** A tree's condition in a zone. `drifted`: there are records, and they are not exactly the tree. */
export type TreeCondition = 'missing' | 'intact' | 'drifted';

/** A tree's short name in events, `label.endpoint` in relative form (`g000145.api`). */
export function treeId(endpoint: PlannedEndpoint, scope: CellScope): string {
  const label = treeLabelOf(endpoint.tree, scope);
  invariant(label !== undefined, `${endpoint.tree} is not a tree of cell ${scope.cell}`);
  return `${label}.${endpointLabels(endpoint.name, scope)}`;
}

/** Compares a tree with everything at its name, of every type. */
export function treeCondition(endpoint: PlannedEndpoint, view: ZoneView): TreeCondition {
  const there = recordsAtName(view, endpoint.tree);
  if (there.length === 0) return 'missing';
  const wanted = new Map(treeRecords(endpoint).map((record) => [recordKey(record), record]));
  const same = there.every((record) => {
    const want = wanted.get(recordKey(record));
    return want !== undefined && sameRecord(want, record);
  });
  return same && there.length === wanted.size ? 'intact' : 'drifted';
}

/** The deletions and creations that make a drifted tree what the plan says, for one batch. */
export function treeRepair(
  endpoint: PlannedEndpoint,
  view: ZoneView,
): { readonly deletes: readonly RecordSet[]; readonly creates: readonly RecordSet[] } {
  return { deletes: recordsAtName(view, endpoint.tree), creates: treeRecords(endpoint) };
}

/** The plan's trees by name. */
export function planTrees(plan: Plan): ReadonlyMap<DnsName, PlannedEndpoint> {
  return new Map(plan.endpoints.map((endpoint) => [endpoint.tree, endpoint]));
}
