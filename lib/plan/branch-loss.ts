import type { Measure } from './plan-difference.ts';
import { capacities, capacityRemoved, sharesLost, standbyPaths } from './plan-difference.ts';
import type { DesiredEndpoint } from './tree-nodes.ts';
import { isBelow, leavesBelow } from './tree-nodes.ts';

const NOTHING: ReadonlyMap<Measure, number> = new Map();

/**
 * The share that a branch of an endpoint's route loses, thousandths, by what it is the share of, as {@link sharesLost}
 * counts it for the endpoint. Two losses are none of the branch's own: that of all that answers in it, after which its
 * clients get the next best branch or what stands by, so that the endpoint's own guards judge it; and that of one target
 * alone, because a branch of two would otherwise keep a dead one. See docs/adr/0066-what-is-left-of-a-branch.md. Pure.
 *
 * @param path of the branch.
 */
export function branchSharesLost(
  before: DesiredEndpoint,
  after: DesiredEndpoint,
  path: string,
): ReadonlyMap<Measure, number> {
  const { old, now } = answering(before, after, path);
  return now.leaves.length === 0 || isOfOneTarget(old, now) ? NOTHING : sharesLost(old, now);
}

/** The largest of these, 0 to 1,000. */
export function branchRemoved(before: DesiredEndpoint, after: DesiredEndpoint, path: string): number {
  return Math.max(0, ...branchSharesLost(before, after, path).values());
}

/** The same with every loss that there is. */
export function branchLoss(before: DesiredEndpoint, after: DesiredEndpoint, path: string): number {
  const { old, now } = answering(before, after, path);
  return capacityRemoved(old, now);
}

/** What answers in a branch, and what of that place does afterwards: what stands by in it is no part of either. */
function answering(
  before: DesiredEndpoint,
  after: DesiredEndpoint,
  path: string,
): { readonly old: DesiredEndpoint; readonly now: DesiredEndpoint } {
  const standbys = standbyPaths(before).filter((each) => each !== path && isBelow(each, path));
  const within = (endpoint: DesiredEndpoint): DesiredEndpoint => {
    const { leaves, ...flat } = branchOf(endpoint, path);
    const kept = leaves.filter(({ node = '' }) => !standbys.some((each) => isBelow(node, each)));
    return { ...flat, leaves: kept };
  };
  return { old: within(before), now: within(after) };
}

/** What an endpoint answers with at a path and below it. */
export function branchOf(
  { nodes: _, ...endpoint }: DesiredEndpoint,
  path: string,
): Omit<DesiredEndpoint, 'nodes'> {
  return { ...endpoint, leaves: leavesBelow(endpoint, path) };
}

/**
 * The targets of each branch in which none but the given ones answer: they leave together, or the branch would go on
 * answering with some of them.
 */
export function wholeBranches(
  endpoint: DesiredEndpoint,
  paths: readonly string[],
  given: readonly string[],
): readonly (readonly string[])[] {
  const isGiven = new Set(given);
  return paths
    .map((path) => [...capacities(branchOf(endpoint, path)).keys()])
    .filter((ids) => ids.length > 0 && ids.every((id) => isGiven.has(id)));
}

/** Whether nothing would be lost if one target had stayed as it was. */
function isOfOneTarget(before: DesiredEndpoint, after: DesiredEndpoint): boolean {
  const serving = capacities(after);
  const [id, ...others] = [...capacities(before)]
    .filter(([target, capacity]) => (serving.get(target) ?? 0) < capacity)
    .map(([target]) => target);
  if (id === undefined || others.length > 0) return false;
  const stayed = before.leaves.filter(({ target }) => target === id);
  return capacityRemoved(before, { ...after, leaves: [...after.leaves, ...stayed] }) === 0;
}
