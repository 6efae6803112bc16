import { branchLoss, branchRemoved } from './branch-loss.ts';
import type { Absence, DesiredInput } from './desired.ts';
import { absence } from './desired.ts';
import { branchPaths } from './evacuated-branches.ts';
import type { Finding } from './findings.ts';
import type { CellFleet, FleetEndpoint, FleetRoute } from './fleet-model.ts';
import { lintGroups } from './lint-answers.ts';
import { lintPlaces } from './lint-places.ts';
import type { CellName, DnsName } from './names.ts';
import type { Plan } from './plan.ts';
import { plannedEndpoint, rootTypes } from './plan.ts';
import { capacities, capacityRemoved, capacityReturned } from './plan-difference.ts';
import type { DesiredEndpoint } from './tree-nodes.ts';
import { branchPath, endpointContent, isBelow, leavesBelow } from './tree-nodes.ts';

const FAMILIES = ['A', 'AAAA'] as const;

/**
 * The longest TTL that an endpoint gets without a person, seconds. For as long as its TTL, clients go on with an answer
 * that a rollback has taken back. The trees of an earlier plan are kept for an hour by default, and nobody waits longer
 * for a rollback than one can be asked for.
 */
const TTL_UNASKED_MAX_S = 3_600;

/** What a change of one endpoint is judged by. */
export interface AnswerChange {
  readonly fleet: Pick<CellFleet, 'policy' | 'endpoints'>;
  readonly name: DnsName;
  /** As it answers now; undefined for a new one. */
  readonly standing: DesiredEndpoint | undefined;
  /** As it would answer; undefined when it would be removed. */
  readonly candidate: DesiredEndpoint | undefined;
  /** As the fleet that it was planned by last asks it to answer; undefined where that does not have it. */
  readonly accepted: DesiredEndpoint | undefined;
  /** The floor in effect. */
  readonly floor: number;
  /** The route that it was planned by last; undefined where it had none. */
  readonly acceptedRoute: FleetRoute | undefined;
  /** As it answered when the policy's window began, as far as the log remembers; undefined where nobody knows. */
  readonly earlier: DesiredEndpoint | undefined;
  /** The cell that may take it over; undefined where nobody may. Only another cell takes it from here then. */
  readonly offeredTo?: CellName | undefined;
  /** The cell from which it was taken over since what is asked for was planned; undefined where it was not. */
  readonly takenFrom?: CellName | undefined;
  /** What earlier plans took of it within the policy's window and did not bring back, thousandths. */
  readonly removedBefore: number;
}

/** What was before of an endpoint whose change is judged. */
export type BeforeChange = Pick<
  AnswerChange,
  'removedBefore' | 'acceptedRoute' | 'earlier' | 'offeredTo' | 'takenFrom'
>;

/** Findings about what a plan changes in one endpoint: there is nothing to lose in a new one but its floor. Pure. */
export function lintEndpointChange(change: AnswerChange): readonly Finding[] {
  const { name, standing, candidate, fleet, floor, offeredTo, takenFrom } = change;
  if (candidate === undefined) {
    if (standing === undefined) return [];
    if (takenFrom !== undefined)
      return [{ code: 'taken-over', severity: 'fatal', subject: name, from: takenFrom }];
    return offeredTo === undefined
      ? [{ code: 'endpoint-removed', severity: 'held', subject: name }]
      : [{ code: 'handed-over', severity: 'fatal', subject: name, to: offeredTo }];
  }
  const declared = fleet.endpoints.find((endpoint) => endpoint.name === name);
  const route = declared?.route ?? PLAIN_ROUTE;
  return [
    ...lintFloor(standing, candidate, floor),
    ...lintRoute(route, { standing, candidate, before: branchFloors(change.acceptedRoute) }),
    ...(standing === undefined ? [] : lintBranchCapacity(change, route, standing, candidate)),
    ...(standing === undefined ? [] : lintFamilies(standing, candidate, declared)),
    ...(standing === undefined ? [] : lintRemovedCapacity(change, standing, candidate)),
    ...(standing === undefined ? [] : lintTtl(standing, candidate)),
  ];
}

/** An endpoint that stays under its floor, as approved, is a note. One that would get under it, or lower, is held. */
function lintFloor(
  standing: DesiredEndpoint | undefined,
  candidate: DesiredEndpoint,
  floor: number,
): readonly Finding[] {
  const serving = capacities(candidate).size;
  if (serving === 0 || serving >= floor) return [];
  const before = standing === undefined ? floor : capacities(standing).size;
  const isTouched = standing === undefined || endpointContent(standing) !== endpointContent(candidate);
  const isLower = isTouched && serving < before;
  const severity = isLower ? 'held' : 'note';
  return [{ code: 'under-floor', severity, subject: candidate.name, serving, floor }];
}

/** What an endpoint without a route answers with: its targets, perhaps in groups. */
const PLAIN_ROUTE: FleetRoute = { type: 'targets', targets: [], answer: 'weighted' };

/** What a branch is compared with. */
interface BranchChange {
  readonly standing: DesiredEndpoint | undefined;
  readonly candidate: DesiredEndpoint;
  /** The floors of its route as it was planned by last: a push does not judge itself by those that it lowers. */
  readonly before: ReadonlyMap<string, number>;
}

/** What there is to say of its branches; a place without an answer has no next best branch. */
function lintRoute(route: FleetRoute, change: BranchChange): readonly Finding[] {
  const places = lintPlaces(route, change.standing, change.candidate);
  const isUnanswered = (path: string): boolean =>
    places.some((each) => each.code === 'no-answer-in-place' && isBelow(path, each.branch));
  return [
    ...places,
    ...lintBranches(route, '', change).filter(
      (each) => each.code !== 'branch-left-out' || !isUnanswered(each.branch),
    ),
  ];
}

/** What {@link lintFloor} says of the endpoint, of each branch of its route; and branches that nothing serves in. */
function lintBranches(route: FleetRoute, path: string, change: BranchChange): readonly Finding[] {
  const { standing, candidate } = change;
  const { name: subject } = candidate;
  if (route.type === 'branches') {
    const below = route.branches.filter(({ routing }) => !('weight' in routing) || routing.weight > 0);
    return below.flatMap((branch) => lintBranches(branch.route, branchPath({ path }, branch), change));
  }
  const rough = lintGroups(candidate, path);
  if (path === '' || candidate.leaves.length === 0) return rough;
  const serving = servingBelow(candidate, path);
  const floor = Math.max(route.floor ?? 0, change.before.get(path) ?? 0);
  if (serving >= floor)
    return serving > 0 ? rough : [{ code: 'branch-left-out', severity: 'note', subject, branch: path }];
  const before = standing === undefined ? floor : servingBelow(standing, path);
  const severity = serving < before ? 'held' : 'note';
  return [{ code: 'branch-under-floor', severity, subject, branch: path, serving, floor }, ...rough];
}

/** The floors of a route's branches that have one, by path. */
function branchFloors(route: FleetRoute | undefined, path = ''): ReadonlyMap<string, number> {
  if (route === undefined) return new Map();
  if (route.type === 'targets') return new Map(route.floor === undefined ? [] : [[path, route.floor]]);
  return new Map(
    route.branches.flatMap((branch) => [...branchFloors(branch.route, branchPath({ path }, branch))]),
  );
}

/** What the window of the policy is for the endpoint, for each branch of its routes, as they are and were declared. */
function lintBranchCapacity(
  { fleet, acceptedRoute, earlier }: AnswerChange,
  route: FleetRoute,
  standing: DesiredEndpoint,
  candidate: DesiredEndpoint,
): readonly Finding[] {
  if (candidate === standing) return [];
  const { capacityWindowS: windowS, capacityRemovedPercent: limitPercent } = fleet.policy;
  const paths = new Set([route, acceptedRoute].flatMap((each) => branchPaths(each)));
  return [...paths].sort().flatMap((branch): Finding[] => {
    const removedPermille = branchLoss(standing, candidate, branch);
    if (removedPermille === 0) return [];
    const before = earlier === undefined ? [standing] : [standing, earlier];
    const withinWindowPermille = Math.max(...before.map((each) => branchRemoved(each, candidate, branch)));
    if (withinWindowPermille <= limitPercent * 10) return [];
    return [
      {
        ...{ code: 'branch-capacity-removed', severity: 'held', subject: candidate.name, branch },
        ...{ removedPermille, withinWindowPermille, windowS, limitPercent },
      },
    ];
  });
}

function servingBelow(endpoint: DesiredEndpoint, path: string): number {
  return new Set(leavesBelow(endpoint, path).map(({ target }) => target)).size;
}

/** A declared family that answers now would have no answer, although the endpoint would still have one in another. */
function lintFamilies(
  standing: DesiredEndpoint,
  candidate: DesiredEndpoint,
  declared: FleetEndpoint | undefined,
): readonly Finding[] {
  if (candidate.leaves.length === 0) return [];
  const before = rootTypes(standing);
  const kept = rootTypes(candidate);
  const gone = FAMILIES.filter(
    (family) =>
      before.includes(family) && !kept.includes(family) && declared?.families.includes(family) === true,
  );
  return gone.map((family) => ({ code: 'no-answer', severity: 'held', subject: candidate.name, family }));
}

function lintRemovedCapacity(
  { fleet, removedBefore, accepted }: AnswerChange,
  standing: DesiredEndpoint,
  candidate: DesiredEndpoint,
): readonly Finding[] {
  const { capacityWindowS: windowS, capacityRemovedPercent: limitPercent } = fleet.policy;
  const removedPermille = capacityRemoved(standing, candidate);
  const returned = accepted === undefined ? 0 : capacityReturned(standing, candidate, accepted);
  // An endpoint cannot lose more than all, however often its answers were replaced.
  const withinWindowPermille = Math.min(1_000, Math.max(0, removedBefore - returned) + removedPermille);
  if (removedPermille === 0 || withinWindowPermille <= limitPercent * 10) return [];
  return [
    {
      code: 'capacity-removed',
      severity: 'held',
      subject: candidate.name,
      removedPermille,
      withinWindowPermille,
      windowS,
      limitPercent,
    },
  ];
}

/** A TTL means nothing where all answers are aliases: they have those of what they point at. */
function lintTtl(standing: DesiredEndpoint, candidate: DesiredEndpoint): readonly Finding[] {
  const isUsed = candidate.leaves.some(({ alias }) => alias === undefined);
  const { name: subject, ttl: ttlS } = candidate;
  if (!isUsed || ttlS <= standing.ttl || ttlS <= TTL_UNASKED_MAX_S) return [];
  return [
    {
      code: 'long-ttl',
      severity: 'held',
      subject,
      ttlS,
      beforeS: standing.ttl,
      limitS: TTL_UNASKED_MAX_S,
    },
  ];
}

/**
 * The finding that the fleet file changes too many endpoints at once; undefined when it does not. Any change of a cell's
 * only endpoint is a change of all endpoints: its floor and its capacity limit it instead. Pure.
 *
 * @param changed endpoints that the file changes or removes.
 * @param endpoints that the cell answers with now.
 */
export function lintDeclaredShare(
  { policy, cell }: Pick<CellFleet, 'policy' | 'cell'>,
  changed: number,
  endpoints: number,
  isRemoving: boolean,
): Finding | undefined {
  const limitPercent = policy.endpointsChangedPercent;
  const isOnlyOne = endpoints === 1 && !isRemoving;
  if (isOnlyOne || changed * 100 <= endpoints * limitPercent) return undefined;
  return { code: 'declared-share', severity: 'held', subject: cell, changed, endpoints, limitPercent };
}

const ORDERED_AWAY: readonly Absence[] = ['drained', 'evacuated', 'branch-evacuated'];

/** What the sources took out since the newest approved plan. */
export interface ObservedLoss {
  /** Ids of targets that answer now and are observed not to serve. */
  readonly gone: ReadonlySet<string>;
  /** The finding that the observer is presumed blind, when so many went that this is the likelier cause. */
  readonly blindness: Finding | undefined;
}

/**
 * Which targets went by observation, and whether the observer is believed. When many vanish at once, a failure of the
 * observer is likelier than a failure of the targets. When few vanish at a time, those that left earlier count with them,
 * and those of which nothing is known any more: no observer, however slow, empties a cell. Pure.
 *
 * @param known endpoints whose loss is known already and is kept back for a reason of their own: what went there long
 * ago did not go at once with the rest.
 */
export function observedLoss(desired: DesiredInput, base: Plan, known: ReadonlySet<DnsName>): ObservedLoss {
  const { fleet } = desired;
  const targets = new Map(fleet.targets.map((target) => [target.id, target]));
  const gone = new Set<string>();
  const goneNow = new Set<string>();
  const served = new Set<string>();
  const out = new Set<string>();
  const declared = new Set<string>();
  for (const endpoint of fleet.endpoints) {
    const before = plannedEndpoint(base, endpoint.name);
    const answering = new Set(before?.leaves.map((leaf) => leaf.target));
    for (const target of endpoint.targets.flatMap((id) => targets.get(id) ?? [])) {
      const why: Absence | undefined = absence(target, endpoint, desired);
      const isGone = why === 'unhealthy' || why === 'no-capacity';
      if (why === undefined || !ORDERED_AWAY.includes(why)) declared.add(target.id);
      if (!answering.has(target.id)) {
        if (isGone || why === 'unknown') out.add(target.id);
        continue;
      }
      if (isGone) gone.add(target.id);
      if (known.has(endpoint.name)) continue;
      served.add(target.id);
      if (isGone) goneNow.add(target.id);
    }
  }
  const all = new Set([...out, ...goneNow]);
  const counts = { goneNow: goneNow.size, served: served.size, out: all.size, declared: declared.size };
  return { gone, blindness: blindnessOf(fleet, counts) };
}

/** One target alone may always go: a cell may have no other. */
function blindnessOf(
  { cell: subject, policy: { blindPercent: limitPercent } }: CellFleet,
  counts: Readonly<Record<'goneNow' | 'served' | 'out' | 'declared', number>>,
): Finding | undefined {
  const { goneNow: gone, served, out, declared } = counts;
  const severity = 'held';
  if (gone >= 2 && gone * 100 > served * limitPercent)
    return { code: 'observer-blind', severity, subject, gone, served, limitPercent };
  if (gone >= 1 && out >= 2 && out * 100 > declared * limitPercent)
    return { code: 'targets-observed-out', severity, subject, out, declared, limitPercent };
  return undefined;
}
