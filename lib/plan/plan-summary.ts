import type { DesiredInput } from './desired.ts';
import type { DnsName } from './names.ts';
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
export function laneOf(
  { fleet, drained, evacuated }: DesiredInput,
  difference: PlanDifference,
): 'routine' | 'urgent' {
  const gone = new Set([...difference.targetsGone.values()].flat());
  const isOrdered = fleet.targets.some(
    ({ id, az }) => gone.has(id) && (drained.includes(id) || evacuated.includes(az)),
  );
  return isOrdered ? 'urgent' : 'routine';
}
