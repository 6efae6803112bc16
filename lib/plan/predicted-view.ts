import type { DnsName } from './names.ts';
import { ownValue } from './own-value.ts';
import type { CellScope, TreeLabel } from './owned-names.ts';
import { endpointLabels, treeName } from './owned-names.ts';
import type { Plan, PlannedEndpoint } from './plan.ts';
import { plannedEndpoint, rollbackRecord, rootRecords, rootTypes } from './plan.ts';
import type { RecordSet } from './records.ts';
import { treeRecords } from './tree-nodes.ts';
import type { ZoneView } from './zone-view.ts';
import { zoneView } from './zone-view.ts';

/** What a converged cell holds at the names that a flip from `live` to `goal` touches, as the log says. */
export interface PredictedView {
  readonly view: ZoneView;
  /** Endpoints that come, go or change their tree. */
  readonly changed: ReadonlySet<DnsName>;
}

/**
 * Predicts the records at the names that a flip will write, so that a converged cell needs no read before it. A wrong
 * prediction costs one refused batch and a full read, never a wrong write, because every DELETE is exact.
 *
 * @param rollbacks where rollback roots point, by endpoint in relative form.
 * @returns undefined when the records do not say enough, and the zone must be read.
 */
export function predictView(
  live: Plan,
  goal: Plan,
  rollbacks: Readonly<Record<string, TreeLabel | undefined>>,
  scope: CellScope,
): PredictedView | undefined {
  const records: RecordSet[] = [];
  const changed = new Set<DnsName>();
  for (const endpoint of live.endpoints) {
    const next = plannedEndpoint(goal, endpoint.name);
    if (next?.tree === endpoint.tree) continue;
    // A foreign alias may point at a record that is deleted for good. Only the zone itself shows that.
    if (next === undefined || rootTypes(endpoint).some((type) => !rootTypes(next).includes(type)))
      return undefined;
    const label = ownValue(rollbacks, endpointLabels(endpoint.name, scope));
    if (label === undefined) return undefined;
    changed.add(endpoint.name);
    records.push(
      ...rootRecords(endpoint, scope),
      ...treeRecords(endpoint, scope),
      ...rollbackRecords(endpoint, label, scope),
    );
  }
  for (const endpoint of goal.endpoints) {
    const before = plannedEndpoint(live, endpoint.name);
    if (before?.tree === endpoint.tree) continue;
    changed.add(endpoint.name);
    records.push(...treeRecords(endpoint, scope));
  }
  return { view: zoneView(records), changed };
}

function rollbackRecords(
  endpoint: PlannedEndpoint,
  label: TreeLabel,
  scope: CellScope,
): readonly RecordSet[] {
  const tree = treeName(label, endpoint.name, scope);
  return rootTypes(endpoint).map((type) => rollbackRecord(endpoint.name, type, tree, scope));
}

/** Where rollback roots point after a flip from `live` to `goal`, by the rule of {@link planRoots} in a converged cell. */
export function predictRollbacks(
  live: Plan | undefined,
  goal: Plan,
  before: Readonly<Record<string, TreeLabel | undefined>>,
  labelOf: (endpoint: PlannedEndpoint) => TreeLabel,
  scope: CellScope,
): Readonly<Record<string, TreeLabel>> {
  const rollbacks: Record<string, TreeLabel> = {};
  for (const endpoint of goal.endpoints) {
    const relative = endpointLabels(endpoint.name, scope);
    const old = live === undefined ? undefined : plannedEndpoint(live, endpoint.name);
    if (old === undefined) rollbacks[relative] = labelOf(endpoint);
    else if (old.tree !== endpoint.tree) {
      // A new family can go back only to the new tree. Where families differ, no label holds for all of them.
      const known = rootTypes(old);
      const labels = new Set(
        rootTypes(endpoint).map((type) => labelOf(known.includes(type) ? old : endpoint)),
      );
      const [label] = labels;
      if (labels.size === 1 && label !== undefined) rollbacks[relative] = label;
    } else {
      const kept = ownValue(before, relative);
      if (kept !== undefined) rollbacks[relative] = kept;
    }
  }
  return rollbacks;
}
