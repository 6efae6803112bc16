import type { FleetBranch, FleetEndpoint, FleetRoute } from '../../plan/fleet-model.ts';
import { geoPlace, isDefault } from '../../plan/place-names.ts';
import type { BranchRouting } from '../../plan/routing.ts';
import { some } from '../printing/event-text.ts';
import type { FieldChange } from './field-change.ts';

type Change = Omit<FieldChange, 'subject'>;
type Targets = Extract<FleetRoute, { type: 'targets' }>;
type Branches = Extract<FleetRoute, { type: 'branches' }>;
type Routed = Pick<FleetEndpoint, 'targets' | 'route'>;

const NONE = 'none';

/** How the route of an endpoint changes, in the words of the fleet file and by its places there. Pure. */
export function routeChanges(before: Routed, after: Routed): readonly Change[] {
  if (before.route === undefined && after.route === undefined) return [];
  const changes = between(routeOf(before), routeOf(after), 'route');
  const isBoth = before.route !== undefined && after.route !== undefined;
  // Targets that stand in no route are a field of the endpoint, which is compared by itself.
  return isBoth ? changes : changes.filter(({ field }) => field !== 'route.targets');
}

/** An endpoint without a route answers with all of its targets. */
function routeOf({ targets, route }: Routed): FleetRoute {
  return route ?? { type: 'targets', targets, answer: 'weighted' };
}

function between(before: FleetRoute, after: FleetRoute, at: string): readonly Change[] {
  if (before.type === 'targets' && after.type === 'targets') return targetsChanges(before, after, at);
  if (before.type === 'branches' && after.type === 'branches' && before.policy === after.policy)
    return branchesChanges(before, after, at);
  const word = (route: FleetRoute) => (route.type === 'targets' ? 'targets' : route.policy);
  return [
    { field: at, before: word(before), after: word(after) },
    ...wholeRoute(before, at).map(({ field, text }) => ({ field, before: text, after: NONE })),
    ...wholeRoute(after, at).map(({ field, text }) => ({ field, before: NONE, after: text })),
  ];
}

/** A route that comes or goes, a line for each of its branches. */
function wholeRoute(route: FleetRoute, at: string): readonly { field: string; text: string }[] {
  if (route.type === 'targets') return [{ field: `${at}.targets`, text: targetsText(route) }];
  const place = branchesAt(route, at);
  return route.branches.map((branch) => ({ field: `${place}.${keyOf(branch)}`, text: branchText(branch) }));
}

function targetsChanges(before: Targets, after: Targets, at: string): readonly Change[] {
  const [old, now] = [new Set(before.targets), new Set(after.targets)];
  const removed = before.targets.filter((id) => !now.has(id));
  const added = after.targets.filter((id) => !old.has(id));
  const lists = { before: before.targets.join(', '), after: after.targets.join(', ') };
  const isSame = removed.length + added.length === 0;
  return [
    ...(isSame ? [] : [{ field: `${at}.targets`, ...lists, added, removed }]),
    ...differing(at, targetsFields(before), targetsFields(after)),
  ];
}

function targetsFields({ answer, floor, group }: Targets): Readonly<Record<string, string>> {
  return { answer, floor: floor === undefined ? NONE : String(floor), group: group ?? NONE };
}

function branchesChanges(before: Branches, after: Branches, at: string): readonly Change[] {
  const place = branchesAt(after, at);
  const old = new Map(before.branches.map((branch) => [keyOf(branch), branch]));
  const now = new Map(after.branches.map((branch) => [keyOf(branch), branch]));
  const collections = { before: collectionOf(before), after: collectionOf(after) };
  return [
    ...differing(`${at}.cidr`, { collection: collections.before }, { collection: collections.after }),
    ...[...new Set([...old.keys(), ...now.keys()])]
      .sort()
      .flatMap((key) => branchChanges(old.get(key), now.get(key), `${place}.${key}`)),
  ];
}

function branchChanges(
  before: FleetBranch | undefined,
  after: FleetBranch | undefined,
  at: string,
): readonly Change[] {
  if (before === undefined || after === undefined)
    return [{ field: at, before: branchText(before), after: branchText(after) }];
  return [
    ...differing(at, routingFields(before.routing), routingFields(after.routing)),
    ...between(before.route, after.route, at),
  ];
}

function differing(
  at: string,
  before: Readonly<Record<string, string>>,
  after: Readonly<Record<string, string>>,
): readonly Change[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) => {
    const change = { field: `${at}.${key}`, before: before[key] ?? NONE, after: after[key] ?? NONE };
    return change.before === change.after ? [] : [change];
  });
}

/** Where the file has the branches of a route. */
function branchesAt({ policy }: Branches, at: string): string {
  return policy === 'cidr' ? `${at}.cidr.locations` : `${at}.${policy}`;
}

/** What the file calls a branch. */
function keyOf({ id, routing }: FleetBranch): string {
  if (isDefault(routing)) return 'default';
  if ('Region' in routing) return routing.Region;
  if ('GeoLocation' in routing) return geoPlace(routing.GeoLocation);
  return 'CidrRoutingConfig' in routing ? routing.CidrRoutingConfig.LocationName : id;
}

function collectionOf({ branches: [first] }: Branches): string {
  const routing = first?.routing;
  return routing !== undefined && 'CidrRoutingConfig' in routing
    ? routing.CidrRoutingConfig.CollectionId
    : NONE;
}

/** What a branch says of itself besides its key and its route. */
function routingFields(routing: BranchRouting): Readonly<Record<string, string>> {
  if ('weight' in routing) return { share: String(routing.weight) };
  if (!('GeoProximityLocation' in routing)) return {};
  const { Bias = 0, ...point } = routing.GeoProximityLocation;
  const bias = Bias === 0 ? {} : { bias: String(Bias) };
  if ('AWSRegion' in point) return { region: point.AWSRegion, ...bias };
  return { coordinates: `[${point.Coordinates.Latitude}, ${point.Coordinates.Longitude}]`, ...bias };
}

/** A branch on one line: `share 20, targets t1, t2`. */
function branchText(branch: FleetBranch | undefined): string {
  if (branch === undefined) return NONE;
  const own = Object.entries(routingFields(branch.routing)).map(([key, value]) => `${key} ${value}`);
  return [...own, routeText(branch.route)].join(', ');
}

function routeText(route: FleetRoute): string {
  if (route.type === 'branches') {
    const branches = route.branches.map((branch) => `${keyOf(branch)} (${branchText(branch)})`);
    return `${route.policy} ${branches.join(', ')}`;
  }
  return `targets ${targetsText(route)}`;
}

function targetsText({ targets, answer, floor, group }: Targets): string {
  return [
    some(targets),
    ...(answer === 'multivalue' ? ['answer multivalue'] : []),
    ...(floor === undefined ? [] : [`floor ${floor}`]),
    ...(group === undefined ? [] : [`group ${group}`]),
  ].join(', ');
}
