import type { FleetBranch, FleetRoute } from '../plan/fleet-model.ts';
import { geoPlace } from '../plan/place-names.ts';
import { indented, scalar } from './yaml-scalars.ts';

type Branches = Extract<FleetRoute, { type: 'branches' }>;

const NUMBER = /^-?\d+(?:\.\d+)?$/;

/** The lines of an endpoint that say its route: `targets` and `standby` by themselves, everything else under `route`. */
export function endpointRouteLines(route: FleetRoute): readonly string[] {
  const flat = route.type === 'branches' ? flatFields(route) : undefined;
  return flat ?? ['route:', ...indented(routeLines(route))];
}

/** The lines under `route:`. */
function routeLines(route: FleetRoute): readonly string[] {
  const flat = flatFields(route);
  if (flat !== undefined) return flat;
  if (route.type === 'targets') return [];
  const branches = route.branches.flatMap((branch) => branchLines(branch, route));
  const [first] = route.branches;
  if (route.policy === 'cidr') {
    const routing = first?.routing;
    const collection =
      routing !== undefined && 'CidrRoutingConfig' in routing ? routing.CidrRoutingConfig.CollectionId : '';
    const lines = [`collection: ${scalar(collection)}`, 'locations:', ...indented(branches)];
    return ['cidr:', ...indented(lines), ...elsewhere(route)];
  }
  return [`${route.policy}:`, ...indented(branches), ...elsewhere(route)];
}

/** A route that fits on one line: targets, with those that stand by. */
function flatFields(route: FleetRoute): readonly string[] | undefined {
  if (route.type === 'targets') {
    const floor = route.floor === undefined ? [] : [`floor: ${route.floor}`];
    return [
      `targets: ${idList(route.targets)}`,
      ...floor,
      ...(route.answer === 'multivalue' ? ['answer: multivalue'] : []),
    ];
  }
  if (route.policy !== 'failover') return undefined;
  const [primary, secondary] = route.branches.map((branch) => branch.route);
  if (primary === undefined || secondary === undefined || !isPlain(primary) || !isPlain(secondary))
    return undefined;
  return [`targets: ${idList(primary.targets)}`, `standby: ${idList(secondary.targets)}`];
}

function isPlain(route: FleetRoute): route is Extract<FleetRoute, { type: 'targets' }> {
  return route.type === 'targets' && route.answer === 'weighted' && route.floor === undefined;
}

function branchLines(branch: FleetBranch, { policy }: Branches): readonly string[] {
  const key = `${scalar(keyOf(branch))}:`;
  const fields = fieldsOf(branch);
  const flat = flatFields(branch.route);
  if (flat !== undefined) return [`${key} { ${[...fields, ...flat].join(', ')} }`];
  return policy === undefined ? [] : [key, ...indented([...fields, ...routeLines(branch.route)])];
}

function keyOf({ id, routing }: FleetBranch): string {
  if ('Region' in routing) return routing.Region;
  if ('GeoLocation' in routing) return geoPlace(routing.GeoLocation);
  if ('CidrRoutingConfig' in routing) {
    const { LocationName } = routing.CidrRoutingConfig;
    return LocationName === '*' ? 'default' : LocationName;
  }
  return id;
}

/** What a branch says of itself besides its route. */
function fieldsOf({ routing }: FleetBranch): readonly string[] {
  if ('weight' in routing) return [`share: ${routing.weight}`];
  if (!('GeoProximityLocation' in routing)) return [];
  const { GeoProximityLocation: point } = routing;
  const bias = point.Bias === undefined || point.Bias === 0 ? [] : [`bias: ${point.Bias}`];
  if ('AWSRegion' in point) return [`region: ${scalar(point.AWSRegion)}`, ...bias];
  const { Latitude, Longitude } = point.Coordinates;
  return [`coordinates: [${coordinate(Latitude)}, ${coordinate(Longitude)}]`, ...bias];
}

function coordinate(text: string): string {
  return NUMBER.test(text) ? text : scalar(text);
}

/** Places and networks without a branch get no answer: the file says that this is meant, because the zone does so. */
function elsewhere({ policy, branches }: Branches): readonly string[] {
  const hasDefault = branches.some((branch) => keyOf(branch) === 'default');
  return (policy === 'geolocation' || policy === 'cidr') && !hasDefault ? ['elsewhere: none'] : [];
}

function idList(ids: readonly string[]): string {
  return `[${ids.map(scalar).join(', ')}]`;
}
