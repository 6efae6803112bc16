import { isInBranches, withoutPlace } from './evacuated-branches.ts';
import { dampedUntil } from './flapping.ts';
import type { CellFleet, FleetEndpoint, FleetRoute, FleetTarget, Observations } from './fleet-model.ts';
import type { DnsName } from './names.ts';
import { ownValue } from './own-value.ts';
import type { EndpointKind, Leaf, LeafType, Plan } from './plan.ts';
import { plannedEndpoint } from './plan.ts';
import { capacities } from './plan-difference.ts';
import { needsGroups, routeAnswer } from './route-answer.ts';
import type { DesiredEndpoint } from './tree-nodes.ts';
import { branchPath, inTreeOrder, isBelow } from './tree-nodes.ts';
export interface DesiredInput {
  readonly fleet: CellFleet;
  readonly observations: Observations;
  /** Target ids an operator took out. */
  readonly drained: readonly string[];
  /** Availability zones an operator emptied. */
  readonly evacuated: readonly string[];
  /** Branches an operator took out of every route, by id or path; absent: none. */
  readonly evacuatedBranches?: readonly string[];
  /** The newest approved plan: a target whose health is unknown keeps the place it has there. */
  readonly base: Plan | undefined;
  /** Targets that answer whatever was observed and ordered, by id: each with the capacity that it answers with now. */
  readonly pinned?: ReadonlyMap<string, number>;
  /** Paths of branches that do not come back yet, whatever serves in them; absent: none. */
  readonly stayingOut?: readonly string[];
  /** The cell's log is older than format 5, so its plans have no nodes: an endpoint is one set, however many targets it has. */
  readonly flat?: true;
  /** Milliseconds since 1970; absent: no target that came back waits. */
  readonly now?: number;
}

const WEIGHT_MAX = 255;

/** The answer that each endpoint of the fleet should give now, in order of name. Pure. */
export function desiredEndpoints(input: DesiredInput): readonly DesiredEndpoint[] {
  const targets = new Map(input.fleet.targets.map((target) => [target.id, target]));
  return [...input.fleet.endpoints]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((endpoint) => desiredEndpoint(endpoint, targets, input));
}

/** The same for one endpoint; undefined when the fleet does not declare it. Pure. */
export function desiredAnswer(name: DnsName, input: DesiredInput): DesiredEndpoint | undefined {
  const declared = input.fleet.endpoints.find((endpoint) => endpoint.name === name);
  if (declared === undefined) return undefined;
  return desiredEndpoint(declared, new Map(input.fleet.targets.map((target) => [target.id, target])), input);
}

/** Why a target does not answer now; undefined when it does. */
export type Absence =
  | 'drained'
  | 'evacuated'
  | 'branch-evacuated'
  | 'unhealthy'
  | 'unknown'
  | 'no-capacity'
  | 'damped';

/**
 * Why a target does not serve an endpoint; undefined when it does. A target of unknown health stays as it was: a source
 * that cannot see must not remove a target that it saw before. `damped`: it came back often, and waits; one that answers
 * now never goes for that.
 */
export function absence(
  target: FleetTarget,
  endpoint: Pick<FleetEndpoint, 'name' | 'route'>,
  input: DesiredInput,
): Absence | undefined {
  if (isBranchEvacuated(target, endpoint, input)) return 'branch-evacuated';
  if (input.pinned?.has(target.id) === true) return undefined;
  if (input.drained.includes(target.id)) return 'drained';
  if (input.evacuated.includes(target.az)) return 'evacuated';
  const observed = ownValue(input.observations, target.id);
  const health = observed?.health ?? target.health;
  if (health === 'unhealthy') return 'unhealthy';
  if (capacityOf(target, input) < 1) return 'no-capacity';
  const before = input.base === undefined ? undefined : plannedEndpoint(input.base, endpoint.name);
  const served = before === undefined || capacities(before).has(target.id);
  if (served) return undefined;
  if (health !== 'healthy') return 'unknown';
  const isDamped = input.now !== undefined && dampedUntil(observed, input.now) !== undefined;
  return isDamped ? 'damped' : undefined;
}

/** Whether all that a route has of a target lies in branches that an operator took out. What is pinned has no place either. */
export function isBranchEvacuated(
  { id }: Pick<FleetTarget, 'id'>,
  { route }: Pick<FleetEndpoint, 'route'>,
  { evacuatedBranches = [] }: Pick<DesiredInput, 'evacuatedBranches'>,
): boolean {
  return (
    route !== undefined && evacuatedBranches.length > 0 && withoutPlace(route, evacuatedBranches).has(id)
  );
}

function desiredEndpoint(
  endpoint: FleetEndpoint,
  targets: ReadonlyMap<string, FleetTarget>,
  input: DesiredInput,
): DesiredEndpoint {
  const membersOf = (ids: readonly string[]): readonly FleetTarget[] =>
    ids.flatMap((id) => targets.get(id) ?? []);
  const members = membersOf(endpoint.targets);
  const leavesOfTargets = (serving: readonly FleetTarget[], among = members): Leaf[] => {
    // The scale includes every target, serving or not: a target that leaves must not change the weights of those that stay.
    const largest = Math.max(1, ...among.map((target) => scaleOf(target, input)));
    return serving.flatMap((target) => leavesOf(target, endpoint, capacityOf(target, input), largest));
  };
  const absences = new Map(members.map((target) => [target, absence(target, endpoint, input)]));
  const steady = members.filter((target) => absences.get(target) === undefined);
  const healthy = members.filter((target) => [undefined, 'damped'].includes(absences.get(target)));
  const declared = members.reduce((sum, { capacity }) => sum + capacity, 0);
  const isEnough =
    steady.length >= endpoint.floor &&
    2 * steady.reduce((sum, target) => sum + capacityOf(target, input), 0) >= declared &&
    rootTypesOf(leavesOfTargets(steady)).size === rootTypesOf(leavesOfTargets(healthy)).size;
  // A target that came back often is better than none, or too few.
  const serving = new Set(isEnough ? steady : healthy);
  const { name, kind, ttl, route } = endpoint;
  if (input.flat === true || (route === undefined && !needsGroups(members.length)))
    return { name, kind, ttl, leaves: leavesOfTargets([...serving]).sort(inTreeOrder) };
  const mayAnswerAt = placement(endpoint, input);
  const answer = routeAnswer(route ?? { type: 'targets', targets: endpoint.targets, answer: 'weighted' }, {
    members: membersOf,
    isLeftOut: (path) =>
      isInBranches(path, input.evacuatedBranches ?? []) || input.stayingOut?.includes(path) === true,
    leavesOf: (among, path) =>
      leavesOfTargets(
        among.filter((target) => serving.has(target) && mayAnswerAt(target, path)),
        among,
      ),
  });
  if (answer === undefined) return { name, kind, ttl, leaves: [] };
  const flat = { name, kind, ttl, leaves: [...answer.leaves].sort(inTreeOrder) };
  const isOneSet = answer.nodes.every(
    ({ path, branches, answer: each }) => path === '' && (branches ?? each) === undefined,
  );
  if (isOneSet) return flat;
  return { ...flat, nodes: [...answer.nodes].sort((a, b) => (a.path < b.path ? -1 : 1)) };
}

/**
 * Whether a target that serves may answer at a path. One that stays although it should not, enters no branch: there its
 * clients would get it in the place of what they get now. Where it has no place any more, it goes where it is declared.
 */
function placement(
  endpoint: FleetEndpoint,
  input: DesiredInput,
): (target: FleetTarget, path: string) => boolean {
  const { pinned = new Map(), base } = input;
  const { route, name } = endpoint;
  if (route === undefined || pinned.size === 0 || base === undefined) return () => true;
  const nodes = new Map<string, string[]>();
  for (const { target, node = '' } of plannedEndpoint(base, name)?.leaves ?? [])
    if (pinned.has(target)) nodes.set(target, [...(nodes.get(target) ?? []), node]);
  return (target, path) => {
    if (!pinned.has(target.id)) return true;
    if (absence(target, endpoint, { ...input, pinned: new Map() }) === undefined) return true;
    const before = nodes.get(target.id) ?? [];
    const places = pathsOf(route, target.id).filter((place) => before.some((node) => isBelow(node, place)));
    return places.length === 0 || places.some((place) => isBelow(path, place));
  };
}

/** The paths at which a route has a target. */
function pathsOf(route: FleetRoute, id: string, path = ''): readonly string[] {
  if (route.type === 'targets') return route.targets.includes(id) ? [path] : [];
  return route.branches.flatMap((branch) => pathsOf(branch.route, id, branchPath({ path }, branch)));
}

function rootTypesOf(leaves: readonly Leaf[]): ReadonlySet<LeafType> {
  return new Set(leaves.map(({ type }) => type));
}

/** A target's capacity for the scale. A target that reports none while it is down has the capacity that is declared. */
function scaleOf(target: FleetTarget, input: DesiredInput): number {
  const capacity = capacityOf(target, input);
  return capacity < 1 ? target.capacity : capacity;
}

function capacityOf(target: FleetTarget, { observations, pinned }: DesiredInput): number {
  return pinned?.get(target.id) ?? ownValue(observations, target.id)?.capacity ?? target.capacity;
}

function leavesOf(target: FleetTarget, endpoint: FleetEndpoint, capacity: number, largest: number): Leaf[] {
  const leaf = (type: LeafType, answer: Pick<Leaf, 'values' | 'alias'>): Leaf => ({
    target: target.id,
    type,
    weight: scaledWeight(capacity, largest),
    capacity,
    ...answer,
    healthCheckId: target.healthCheckId,
  });
  const answers: Readonly<Record<EndpointKind, () => Leaf[]>> = {
    addresses: () =>
      endpoint.families.flatMap((family) => {
        const values = family === 'A' ? target.ipv4 : target.ipv6;
        return values.length === 0 ? [] : [leaf(family, { values: [...values].sort() })];
      }),
    hostname: () => (target.hostname === undefined ? [] : [leaf('CNAME', { values: [target.hostname] })]),
    alias: () => {
      const { alias } = target;
      return alias === undefined ? [] : endpoint.families.map((family) => leaf(family, { alias }));
    },
  };
  return answers[endpoint.kind]();
}

/** Capacity scaled to 1..255 within the endpoint, rounded to the nearest; never 0, which would mean "all equal". */
export function scaledWeight(capacity: number, largest: number): number {
  return Math.min(WEIGHT_MAX, Math.max(1, Math.round((capacity / largest) * WEIGHT_MAX)));
}
