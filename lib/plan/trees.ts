import { invariant } from './invariant.ts';
import type { CellScope } from './owned-names.ts';
import { endpointLabels, treeLabelOf } from './owned-names.ts';
import type { PlannedEndpoint } from './plan.ts';
import type { RecordSet } from './records.ts';
import { recordKey, sameRecord } from './records.ts';
import type { NodeRecords } from './tree-nodes.ts';
import { nodeRecords } from './tree-nodes.ts';
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

/** Compares a tree and its nodes with everything at their names, of every type. `missing`: at least one of them is. */
export function treeCondition(endpoint: PlannedEndpoint, view: ZoneView, scope: CellScope): TreeCondition {
  const conditions = nodeRecords(endpoint, scope).map((node) => nodeCondition(node, view));
  if (conditions.includes('drifted')) return 'drifted';
  return conditions.includes('missing') ? 'missing' : 'intact';
}

/** The nodes of a tree of which nothing stands, the innermost first. */
export function missingNodes(
  endpoint: PlannedEndpoint,
  view: ZoneView,
  scope: CellScope,
): readonly NodeRecords[] {
  return nodeRecords(endpoint, scope).filter((node) => nodeCondition(node, view) === 'missing');
}

/** The names of a tree at which something else stands. */
export function driftedNodes(
  endpoint: PlannedEndpoint,
  view: ZoneView,
  scope: CellScope,
): readonly NodeRecords[] {
  return nodeRecords(endpoint, scope).filter((node) => nodeCondition(node, view) === 'drifted');
}

function nodeCondition({ name, records }: NodeRecords, view: ZoneView): TreeCondition {
  const there = recordsAtName(view, name);
  if (there.length === 0) return 'missing';
  const wanted = new Map(records.map((record) => [recordKey(record), record]));
  const same = there.every((record) => {
    const want = wanted.get(recordKey(record));
    return want !== undefined && sameRecord(want, record);
  });
  return same && there.length === wanted.size ? 'intact' : 'drifted';
}

/**
 * The deletions and creations that make a drifted tree what the plan says, for one batch. What is missing is created
 * with it, because a drifted alias may have to point at it.
 */
export function treeRepair(
  endpoint: PlannedEndpoint,
  view: ZoneView,
  scope: CellScope,
): { readonly deletes: readonly RecordSet[]; readonly creates: readonly RecordSet[] } {
  const wrong = nodeRecords(endpoint, scope).filter((node) => nodeCondition(node, view) !== 'intact');
  return {
    deletes: wrong.flatMap(({ name }) => recordsAtName(view, name)),
    creates: wrong.flatMap(({ records }) => records),
  };
}
