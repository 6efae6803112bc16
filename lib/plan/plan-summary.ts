import type { DesiredInput } from './desired.ts';
import { isInBranches } from './evacuated-branches.ts';
import type { DnsName } from './names.ts';
import type { PlanDifference } from './plan-difference.ts';
import type { DesiredEndpoint } from './tree-nodes.ts';

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

/**
 * Urgent when the plan takes out a drained or evacuated target, or what lies in an evacuated branch, with which the goal
 * still answers; else routine.
 */
export function laneOf(
  { fleet, drained, evacuated, evacuatedBranches = [], base }: DesiredInput,
  difference: PlanDifference,
  proposed: readonly DesiredEndpoint[],
): 'routine' | 'urgent' {
  const gone = new Set([...difference.targetsGone.values()].flat());
  const isOrdered = fleet.targets.some(
    ({ id, az }) => gone.has(id) && (drained.includes(id) || evacuated.includes(az)),
  );
  if (isOrdered) return 'urgent';
  const changed = new Set(difference.changed);
  const placesLeft = new Map(
    proposed.map((endpoint) => [endpoint.name, placesIn(endpoint, evacuatedBranches)]),
  );
  const isLeft = (base?.endpoints ?? []).some((before) => {
    if (evacuatedBranches.length === 0 || !changed.has(before.name)) return false;
    const left = placesLeft.get(before.name);
    return [...placesIn(before, evacuatedBranches)].some((place) => left?.has(place) !== true);
  });
  return isLeft ? 'urgent' : 'routine';
}

/** What of an endpoint answers in some branches. */
function placesIn({ leaves }: DesiredEndpoint, branches: readonly string[]): ReadonlySet<string> {
  return new Set(
    leaves
      .filter(({ node = '' }) => isInBranches(node, branches))
      .map(({ node = '', target }) => `${target} ${node}`),
  );
}
