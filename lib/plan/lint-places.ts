import type { Finding } from './findings.ts';
import type { FleetBranch, FleetRoute } from './fleet-model.ts';
import { isDefault } from './place-names.ts';
import type { LeafType } from './plan.ts';
import type { BranchRouting } from './routing.ts';
import type { DesiredEndpoint } from './tree-nodes.ts';
import { branchPath, leavesBelow } from './tree-nodes.ts';

/** A branch for a place whose clients get nothing in some type, and from no larger place. */
export interface UnansweredPlace {
  /** The branch's path. */
  readonly branch: string;
  /** The path of the route that it is a branch of. */
  readonly node: string;
  /** What clients of other places get and these do not. */
  readonly types: readonly LeafType[];
  /** They get nothing at all. */
  readonly isWhole: boolean;
}

/**
 * The places that a route has a branch for and that an endpoint leaves without an answer. Latency, geoproximity, weights
 * and failover choose among what is there. A geolocation answers with the smallest place that the client is in, and
 * networks with the one that has the client's, each with its default, and with nothing where there is none ("Geolocation
 * routing", "IP-based routing", Developer Guide). A country is not taken to be in a continent that has a branch: Route 53
 * says nowhere which one it counts it to. Pure.
 */
export function unansweredPlaces(
  route: FleetRoute | undefined,
  endpoint: DesiredEndpoint,
  node = '',
): readonly UnansweredPlace[] {
  if (route?.type !== 'branches') return [];
  const typesAt = (path: string): ReadonlySet<LeafType> =>
    new Set(leavesBelow(endpoint, path).map(({ type }) => type));
  const all = [...typesAt(node)].sort();
  // Where nothing is left of the node itself, the one above it is judged.
  if (all.length === 0) return [];
  const below = route.branches.flatMap((branch) =>
    unansweredPlaces(branch.route, endpoint, branchPath({ path: node }, branch)),
  );
  if (route.policy !== 'geolocation' && route.policy !== 'cidr') return below;
  const own = route.branches.flatMap((branch): UnansweredPlace[] => {
    const covering = route.branches.filter((other) => other === branch || isLarger(other, branch));
    const answered = new Set(covering.flatMap((other) => [...typesAt(branchPath({ path: node }, other))]));
    const types = all.filter((type) => !answered.has(type));
    if (types.length === 0) return [];
    return [{ branch: branchPath({ path: node }, branch), node, types, isWhole: answered.size === 0 }];
  });
  return [...own, ...below];
}

/** Whether clients of the second branch's place get the first one's answer where the second is not there. */
function isLarger({ routing: larger }: FleetBranch, { routing }: FleetBranch): boolean {
  if (isDefault(larger)) return !isDefault(routing);
  const [country, state] = [geoOf(larger), geoOf(routing)];
  return (
    state.SubdivisionCode !== undefined &&
    country.SubdivisionCode === undefined &&
    country.CountryCode === state.CountryCode
  );
}

function geoOf(routing: BranchRouting): { readonly CountryCode?: string; readonly SubdivisionCode?: string } {
  return 'GeoLocation' in routing && 'CountryCode' in routing.GeoLocation ? routing.GeoLocation : {};
}

/**
 * Places that a change leaves without an answer. What has an answer now, or is new, waits for a person; what has none
 * already is a note. Pure.
 */
export function lintPlaces(
  route: FleetRoute,
  standing: DesiredEndpoint | undefined,
  candidate: DesiredEndpoint,
): readonly Finding[] {
  const before = standing === undefined ? [] : unansweredPlaces(route, standing);
  return unansweredPlaces(route, candidate).flatMap((place): Finding[] => {
    const { branch, types, isWhole } = place;
    const isLost = (type: LeafType): boolean =>
      standing === undefined || wasAnswered(place, type, standing, before);
    const finding = (types: readonly LeafType[], family?: 'A' | 'AAAA'): Finding => ({
      code: 'no-answer-in-place',
      severity: types.some(isLost) ? 'held' : 'note',
      subject: candidate.name,
      branch,
      ...(family === undefined ? {} : { family }),
    });
    if (isWhole) return [finding(types)];
    return types.flatMap((type) => (type === 'CNAME' ? [] : [finding([type], type)]));
  });
}

/** An endpoint of another shape gives everybody what it gives. */
function wasAnswered(
  { branch, node }: UnansweredPlace,
  type: LeafType,
  standing: DesiredEndpoint,
  before: readonly UnansweredPlace[],
): boolean {
  const there = standing.nodes?.find(({ path }) => path === node)?.branches ?? [];
  const isByPlace = there.some(({ routing }) => 'GeoLocation' in routing || 'CidrRoutingConfig' in routing);
  if (!isByPlace) return standing.leaves.some((leaf) => leaf.type === type);
  return !before.some((place) => place.branch === branch && place.types.includes(type));
}
