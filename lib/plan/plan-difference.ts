import type { DesiredEndpoint } from './desired.ts';
import type { DnsName } from './names.ts';
import type { LeafType, Plan } from './plan.ts';
import { endpointContent } from './plan.ts';

/** How one set of endpoints differs from another. */
export interface PlanDifference {
  readonly added: readonly DnsName[];
  readonly changed: readonly DnsName[];
  readonly removed: readonly DnsName[];
  /** Share of capacity that goes, thousandths, of each endpoint that loses any. */
  readonly removedPermille: ReadonlyMap<DnsName, number>;
  /** Ids of the targets that answered and go, of each changed endpoint that loses any. */
  readonly targetsGone: ReadonlyMap<DnsName, readonly string[]>;
}

/** Compares the content of the base plan with the proposed content. */
export function planDifference(base: Plan | undefined, proposed: readonly DesiredEndpoint[]): PlanDifference {
  const before = new Map(base?.endpoints.map((endpoint) => [endpoint.name, endpoint]));
  const after = new Set(proposed.map(({ name }) => name));
  const added: DnsName[] = [];
  const changed: DnsName[] = [];
  const removedPermille = new Map<DnsName, number>();
  const targetsGone = new Map<DnsName, readonly string[]>();
  for (const endpoint of proposed) {
    const old = before.get(endpoint.name);
    if (old === undefined) added.push(endpoint.name);
    else if (endpointContent(old) !== endpointContent(endpoint)) changed.push(endpoint.name);
    const permille = old === undefined ? 0 : capacityRemoved(old, endpoint);
    if (permille > 0) removedPermille.set(endpoint.name, permille);
    const gone = old === undefined ? [] : targetsLost(old, endpoint);
    if (gone.length > 0) targetsGone.set(endpoint.name, gone);
  }
  const removed = [...before.keys()].filter((name) => !after.has(name));
  return { added, changed, removed, removedPermille, targetsGone };
}

/**
 * The share of the old capacity that is gone, in thousandths, rounded up: of the endpoint as a whole (a target counts
 * once for all its families) or of one family, whichever lost more. A client of one family cannot use another.
 */
export function capacityRemoved(before: DesiredEndpoint, after: DesiredEndpoint): number {
  const types = new Set(before.leaves.map(({ type }) => type));
  const ofFamilies = [...types].map((type) => shareGone(ofType(before, type), ofType(after, type)));
  return Math.max(0, shareGone(capacities(before), capacities(after)), ...ofFamilies);
}

/** Ids of the targets that answer before and not after. */
export function targetsLost(before: DesiredEndpoint, after: DesiredEndpoint): readonly string[] {
  const kept = capacities(after);
  return [...capacities(before).keys()].filter((target) => !kept.has(target));
}

function shareGone(old: ReadonlyMap<string, number>, now: ReadonlyMap<string, number>): number {
  let total = 0;
  let gone = 0;
  for (const [target, capacity] of old) {
    total += capacity;
    gone += Math.max(0, capacity - (now.get(target) ?? 0));
  }
  return total === 0 ? 0 : Math.ceil((gone / total) * 1_000);
}

function ofType({ leaves }: DesiredEndpoint, type: LeafType): ReadonlyMap<string, number> {
  return new Map(leaves.filter((leaf) => leaf.type === type).map((leaf) => [leaf.target, leaf.capacity]));
}

/** Capacity by target, each target once. */
export function capacities(endpoint: DesiredEndpoint): ReadonlyMap<string, number> {
  return new Map(endpoint.leaves.map((leaf) => [leaf.target, leaf.capacity]));
}
