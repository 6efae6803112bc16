import { sha256 } from './canonical.ts';
import type { FleetRoute, FleetTarget } from './fleet-model.ts';
import { isBranchId } from './owned-names.ts';
import type { Leaf, TreeBranch } from './plan.ts';
import type { DesiredNode } from './tree-nodes.ts';
import { branchPath, withPrimary } from './tree-nodes.ts';

/** The leaves that one set of targets answers with, under weights of its own scale. */
export interface RouteMembers {
  /** Every declared target of the ids, serving or not. */
  readonly members: (ids: readonly string[]) => readonly FleetTarget[];
  /** The leaves of those among them that serve at a path, scaled by the largest of all of them. */
  readonly leavesOf: (members: readonly FleetTarget[], path: string) => readonly Leaf[];
  /** Whether a person took out the branch at a path. */
  readonly isLeftOut: (path: string) => boolean;
}

/** What a route answers with. */
export interface RouteAnswer {
  readonly leaves: readonly Leaf[];
  readonly nodes: readonly DesiredNode[];
}

/** A set of leaves never has more targets: that many record sets of one name and type are Route 53's quota. */
const SET_MAX = 100;
/** The targets that a group has on average at most, so that hardly any of them exceeds the quota by chance. */
const GROUP_MEAN_MAX = 64;
/** Groups of one node at most. */
const GROUPS_MAX = 64;
const AZ_CHARS_MAX = 24;
const WEIGHT_MAX = 255;

/**
 * The tree of a route. A branch of which nothing serves is left out, so that its clients get the next best; one whose
 * weight is 0, or that a person took out, as well. Where the first branch of a failover is left out, the second takes its place under its own name.
 * Undefined where nothing serves at all. Pure.
 */
export function routeAnswer(route: FleetRoute, input: RouteMembers, path = ''): RouteAnswer | undefined {
  if (route.type === 'targets') {
    const members = input.members(route.targets);
    if (route.answer === 'multivalue') return multivalueAnswer(members, input, path);
    return groupedAnswer(members, input, path, route.group === 'az');
  }
  const built = route.branches.flatMap(({ id, routing, route: below }) => {
    if ('weight' in routing && routing.weight === 0) return [];
    const own = branchPath({ path }, { id });
    const answer = input.isLeftOut(own) ? undefined : routeAnswer(below, input, own);
    return answer === undefined ? [] : [{ branch: { id, routing }, answer }];
  });
  return joined(built, path);
}

/**
 * Whether so many targets are answered from groups: more than one set can have. Declared targets count, so that the
 * shape stays while some of them fail.
 */
export function needsGroups(targets: number): boolean {
  return targets > SET_MAX;
}

interface BuiltBranch {
  readonly branch: TreeBranch;
  readonly answer: RouteAnswer;
}

function joined(built: readonly BuiltBranch[], path: string): RouteAnswer | undefined {
  if (built.length === 0) return undefined;
  return {
    leaves: built.flatMap(({ answer }) => answer.leaves),
    nodes: [
      { path, branches: withPrimary(built.map(({ branch }) => branch)) },
      ...built.flatMap(({ answer }) => answer.nodes),
    ],
  };
}

function leafAnswer(
  members: readonly FleetTarget[],
  { leavesOf }: RouteMembers,
  path: string,
): RouteAnswer | undefined {
  const leaves = leavesOf(members, path);
  if (leaves.length === 0) return undefined;
  const placed = path === '' ? leaves : leaves.map((leaf) => ({ ...leaf, node: path }));
  return { leaves: placed, nodes: [{ path }] };
}

function multivalueAnswer(
  members: readonly FleetTarget[],
  input: RouteMembers,
  path: string,
): RouteAnswer | undefined {
  const answer = leafAnswer(members, input, path);
  if (answer === undefined) return undefined;
  // The weights mean nothing here, and must not make a tree anew.
  const leaves = answer.leaves.map((leaf) => ({ ...leaf, weight: 1 }));
  return { leaves, nodes: [{ path, answer: 'multivalue' }] };
}

/** Targets by availability zone, and within a zone by parts, where one set cannot have all of them. */
function groupedAnswer(
  members: readonly FleetTarget[],
  input: RouteMembers,
  path: string,
  isAsked: boolean,
): RouteAnswer | undefined {
  if (!isAsked && !needsGroups(members.length)) return leafAnswer(members, input, path);
  const zones = new Map<string, FleetTarget[]>();
  for (const target of members) {
    const known = zones.get(target.az);
    if (known === undefined) zones.set(target.az, [target]);
    else known.push(target);
  }
  if (zones.size < 2) return inParts(members, input, path, 0);
  const ids = zoneIds([...zones.keys()]);
  const groups = [...zones].map(([az, targets]) => ({ id: ids.get(az) ?? az, targets }));
  return groupsAnswer(groups, path, (targets, below) => inParts(targets, input, below, 0));
}

/** A set, or as many parts as hold each target by the digits of its id's hash: it stays in its part whoever comes or goes. */
function inParts(
  members: readonly FleetTarget[],
  input: RouteMembers,
  path: string,
  depth: number,
): RouteAnswer | undefined {
  if (members.length <= SET_MAX) return leafAnswer(members, input, path);
  let parts = 2;
  while (parts < GROUPS_MAX && members.length > parts * GROUP_MEAN_MAX) parts *= 2;
  const groups = new Map<string, FleetTarget[]>();
  for (const target of members) {
    const digits = Number.parseInt(sha256(target.id).slice(4 * depth, 4 * depth + 4), 16);
    const id = `part-${String(digits % parts).padStart(2, '0')}`;
    const known = groups.get(id);
    if (known === undefined) groups.set(id, [target]);
    else known.push(target);
  }
  const all = [...groups].map(([id, targets]) => ({ id, targets }));
  return groupsAnswer(all, path, (targets, below) => inParts(targets, input, below, depth + 1));
}

function groupsAnswer(
  groups: readonly { readonly id: string; readonly targets: readonly FleetTarget[] }[],
  path: string,
  answerOf: (targets: readonly FleetTarget[], path: string) => RouteAnswer | undefined,
): RouteAnswer | undefined {
  const built = [...groups]
    .sort((a, b) => (a.id < b.id ? -1 : 1))
    .flatMap(({ id, targets }) => {
      const answer = answerOf(targets, branchPath({ path }, { id }));
      return answer === undefined ? [] : [{ id, answer, capacity: capacityOf(answer.leaves) }];
    });
  const weights = sharedWeights(built.map(({ capacity }) => capacity));
  return joined(
    built.map(({ id, answer }, index) => ({
      branch: { id, routing: { weight: weights[index] ?? 1 } },
      answer,
    })),
    path,
  );
}

/** The capacity of leaves: of each target once, whatever its families. Pure. */
export function capacityOf(leaves: readonly Leaf[]): number {
  return [...new Map(leaves.map(({ target, capacity }) => [target, capacity])).values()].reduce(
    (sum, capacity) => sum + capacity,
    0,
  );
}

/**
 * Weights of 1 to 255 whose shares are as near to those of the capacities as whole numbers come: of all scales the one
 * whose largest error, as a part of the share, is the smallest. Pure.
 */
export function sharedWeights(capacities: readonly number[]): readonly number[] {
  const largest = Math.max(1, ...capacities);
  const total = capacities.reduce((sum, capacity) => sum + capacity, 0);
  let best: readonly number[] = [];
  let least = Number.POSITIVE_INFINITY;
  for (let scale = WEIGHT_MAX; scale >= 1; scale -= 1) {
    const weights = capacities.map((capacity) => Math.max(1, Math.round((capacity / largest) * scale)));
    const sum = weights.reduce((all, weight) => all + weight, 0);
    const errors = weights.map((weight, index) => {
      const share = (capacities[index] ?? 0) / total;
      return share === 0 ? 0 : Math.abs(weight / sum / share - 1);
    });
    const error = Math.max(0, ...errors);
    if (error < least - 1e-12) {
      least = error;
      best = weights;
    }
  }
  return best;
}

/** A branch id for each availability zone: its name where that can be one, else as near as it comes, and unique. */
function zoneIds(zones: readonly string[]): ReadonlyMap<string, string> {
  const ids = new Map<string, string>();
  const taken = new Set<string>();
  for (const az of [...zones].sort()) {
    const plain = az
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .slice(0, AZ_CHARS_MAX)
      .replaceAll(/^-+|-+$/g, '');
    const id = isBranchId(plain) && plain === az ? plain : `${plain || 'zone'}-${sha256(az).slice(0, 6)}`;
    ids.set(az, taken.has(id) || !isBranchId(id) ? `zone-${sha256(az).slice(0, 12)}` : id);
    taken.add(id);
  }
  return ids;
}
