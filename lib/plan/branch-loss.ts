import type { Measure } from './plan-difference.ts';
import { capacities, capacityRemoved, sharesLost } from './plan-difference.ts';
import type { DesiredEndpoint } from './tree-nodes.ts';
import { leavesBelow } from './tree-nodes.ts';

const NOTHING: ReadonlyMap<Measure, number> = new Map();

/**
 * The share that a branch of an endpoint's route loses, thousandths, by what it is the share of, as {@link sharesLost}
 * counts it for the endpoint. Two losses are none of the branch's own: that of all it has, after which its clients get
 * the next best branch, so that the endpoint's own guards judge it; and that of one target alone, because a branch of
 * two would otherwise keep a dead one. Pure.
 *
 * @param path of the branch.
 */
export function branchSharesLost(
  before: DesiredEndpoint,
  after: DesiredEndpoint,
  path: string,
): ReadonlyMap<Measure, number> {
  const [old, now] = [branchOf(before, path), branchOf(after, path)];
  return now.leaves.length === 0 || isOfOneTarget(old, now) ? NOTHING : sharesLost(old, now);
}

/** The largest of these, 0 to 1,000. */
export function branchRemoved(before: DesiredEndpoint, after: DesiredEndpoint, path: string): number {
  return Math.max(0, ...branchSharesLost(before, after, path).values());
}

/** The endpoint with what stands at a path and below it alone, as far as losses are counted: its nodes stay. */
export function branchOf(endpoint: DesiredEndpoint, path: string): DesiredEndpoint {
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
