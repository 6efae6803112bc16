import type { DesiredInput } from './desired.ts';
import { absence } from './desired.ts';
import type { DnsName } from './names.ts';
import { plannedEndpoint } from './plan.ts';
import type { PlanDifference } from './plan-difference.ts';

/** What a plan changes, small enough to be read in a list of events. */
export interface PlanSummary {
  readonly endpoints: number;
  readonly added: readonly DnsName[];
  readonly changed: readonly DnsName[];
  readonly removed: readonly DnsName[];
  /** The largest share of any endpoint's capacity that goes, thousandths, 0 to 1,000. */
  readonly removedPermille: number;
}

/** What changed, small enough for an event. */
export function summaryOf(
  plan: { readonly endpoints: readonly unknown[] },
  difference: PlanDifference,
): PlanSummary {
  const { added, changed, removed } = difference;
  const removedPermille = Math.max(0, ...difference.removedPermille.values());
  return { endpoints: plan.endpoints.length, added, changed, removed, removedPermille };
}

/** Urgent when somebody drained or evacuated a target that the goal still answers with; else a plan is routine. */
export function laneOf(desired: DesiredInput, difference: PlanDifference): 'routine' | 'urgent' {
  const { base, fleet } = desired;
  if (base === undefined) return 'routine';
  const changed = new Set<string>(difference.changed);
  const isOrdered = fleet.endpoints.some((endpoint) => {
    if (!changed.has(endpoint.name)) return false;
    const before = plannedEndpoint(base, endpoint.name);
    return fleet.targets.some((target) => {
      if (!endpoint.targets.includes(target.id)) return false;
      const why = absence(target, endpoint, desired);
      const served = before?.leaves.some((leaf) => leaf.target === target.id) === true;
      return served && (why === 'drained' || why === 'evacuated');
    });
  });
  return isOrdered ? 'urgent' : 'routine';
}
