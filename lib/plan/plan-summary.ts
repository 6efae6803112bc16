import type { DesiredInput } from './desired.ts';
import { absence } from './desired.ts';
import type { DnsName } from './names.ts';
import { plannedEndpoint } from './plan.ts';
import type { PlanDifference } from './plan-difference.ts';

/** A summary of a plan's changes, short enough for a list of events. */
export interface PlanSummary {
  readonly endpoints: number;
  readonly added: readonly DnsName[];
  readonly changed: readonly DnsName[];
  readonly removed: readonly DnsName[];
  /** The largest share of any endpoint's capacity that goes, thousandths, 0 to 1,000. */
  readonly removedPermille: number;
}

/** The summary of a plan's changes. */
export function summaryOf(
  plan: { readonly endpoints: readonly unknown[] },
  difference: PlanDifference,
): PlanSummary {
  const { added, changed, removed } = difference;
  const removedPermille = Math.max(0, ...difference.removedPermille.values());
  return { endpoints: plan.endpoints.length, added, changed, removed, removedPermille };
}

/** Urgent when the plan takes out a drained or evacuated target that the goal still answers with; else routine. */
export function laneOf(desired: DesiredInput, difference: PlanDifference): 'routine' | 'urgent' {
  const { base, fleet } = desired;
  if (base === undefined) return 'routine';
  const changed = new Set<string>(difference.changed);
  const targets = new Map(fleet.targets.map((target) => [target.id, target]));
  const isOrdered = fleet.endpoints.some((endpoint) => {
    if (!changed.has(endpoint.name)) return false;
    const before = plannedEndpoint(base, endpoint.name);
    const answering = new Set(before?.leaves.map((leaf) => leaf.target));
    return endpoint.targets.some((id) => {
      const target = targets.get(id);
      const why = target === undefined || !answering.has(id) ? undefined : absence(target, endpoint, desired);
      return why === 'drained' || why === 'evacuated';
    });
  });
  return isOrdered ? 'urgent' : 'routine';
}
