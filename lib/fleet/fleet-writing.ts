import { stringify } from 'yaml';
import type {
  CellFleet,
  CellPolicy,
  FleetBranch,
  FleetEndpoint,
  FleetRoute,
  FleetTarget,
} from '../plan/fleet-model.ts';
import { DEFAULT_POLICY } from '../plan/fleet-model.ts';
import { geoPlace, isDefault } from '../plan/place-names.ts';
import { DEFAULT_FLOOR, DEFAULT_HEALTH, DEFAULT_TTL_S } from './defaults.ts';
import { SOURCES } from './sources/sources.ts';

type Fields = Readonly<Record<string, unknown>>;
type Branches = Extract<FleetRoute, { type: 'branches' }>;

/**
 * The text of a fleet file that declares exactly these fleets: whoever reads it (parse-fleet.ts) gets what the ledger
 * has. Comments and anchors of the file that was pushed are not in the ledger, and so not here. Pure.
 */
export function fleetText(cells: readonly CellFleet[]): string {
  const declared = cells.map((fleet) => [fleet.cell, cellFields(fleet)]);
  return stringify(
    { version: 1, cells: Object.fromEntries(declared) },
    { lineWidth: 120, aliasDuplicateObjects: false },
  );
}

function cellFields({ zone, zoneId, policy, targets, endpoints }: CellFleet): Fields {
  const own = policyFields(policy);
  return {
    zone,
    zone_id: zoneId,
    ...(Object.keys(own).length === 0 ? {} : { policy: own }),
    targets: Object.fromEntries(targets.map((target) => [target.id, targetFields(target)])),
    endpoints: Object.fromEntries(endpoints.map((endpoint) => [endpoint.name, endpointFields(endpoint)])),
  };
}

const POLICY_KEYS: Readonly<Record<keyof CellPolicy, string>> = {
  coalesceS: 'coalesce_s',
  capacityRemovedPercent: 'capacity_removed_percent',
  capacityWindowS: 'capacity_window_s',
  endpointsChangedPercent: 'endpoints_changed_percent',
  blindPercent: 'blind_percent',
  retainGenerations: 'retain_generations',
  retainMinutes: 'retain_min',
  unknownChangeS: 'unknown_change_s',
};

/** What differs from what a file has that says nothing. */
function policyFields(policy: CellPolicy): Fields {
  const usual = new Map<string, number>(Object.entries(DEFAULT_POLICY));
  const own = new Map<string, number>(Object.entries(policy));
  return Object.fromEntries(
    Object.entries(POLICY_KEYS).flatMap(([key, word]) =>
      own.get(key) === usual.get(key) ? [] : [[word, own.get(key)]],
    ),
  );
}

function targetFields(target: FleetTarget): Fields {
  const { az, capacity, health, ipv4, ipv6, hostname, alias, healthCheckId, observedBy } = target;
  const source = SOURCES.find(({ name }) => name === observedBy?.source);
  return {
    az,
    capacity,
    ...(health === DEFAULT_HEALTH ? {} : { health }),
    ...(ipv4.length === 0 ? {} : { ipv4: oneOrMore(ipv4) }),
    ...(ipv6.length === 0 ? {} : { ipv6: oneOrMore(ipv6) }),
    ...(hostname === undefined ? {} : { hostname }),
    ...(alias === undefined
      ? {}
      : {
          alias: {
            zone_id: alias.zoneId,
            name: alias.name,
            evaluate_target_health: alias.evaluateTargetHealth,
          },
        }),
    ...(healthCheckId === undefined ? {} : { health_check_id: healthCheckId }),
    ...(source === undefined || observedBy === undefined
      ? {}
      : { [source.name]: source.write(observedBy.reference) }),
  };
}

function oneOrMore(values: readonly string[]): string | readonly string[] {
  const [first, ...others] = values;
  return first !== undefined && others.length === 0 ? first : values;
}

function endpointFields({ kind, ttl, floor, families, targets, route }: FleetEndpoint): Fields {
  return {
    kind,
    ...(families.length === 0 ? {} : { families }),
    ...(ttl === DEFAULT_TTL_S ? {} : { ttl_s: ttl }),
    ...(floor === DEFAULT_FLOOR ? {} : { floor }),
    ...(route === undefined ? { targets } : { route: routeFields(route) }),
  };
}

function routeFields(route: FleetRoute): Fields {
  if (route.type === 'targets') {
    const { targets, answer, floor, group } = route;
    return {
      targets,
      ...(answer === 'weighted' ? {} : { answer }),
      ...(floor === undefined ? {} : { floor }),
      ...(group === undefined ? {} : { group }),
    };
  }
  const { policy, branches } = route;
  const below = Object.fromEntries(branches.map((branch) => [keyOf(branch), branchFields(branch)]));
  const answers = policy === 'cidr' ? { collection: collectionOf(route), locations: below } : below;
  return { [policy]: answers, ...(isOpen(route) ? { elsewhere: 'none' } : {}) };
}

/** Whether clients at other places, or in other networks, get no answer: the file says that this is meant. */
function isOpen({ policy, branches }: Branches): boolean {
  return (
    (policy === 'geolocation' || policy === 'cidr') && !branches.some(({ routing }) => isDefault(routing))
  );
}

function collectionOf({ branches: [first] }: Branches): string {
  const routing = first?.routing;
  return routing !== undefined && 'CidrRoutingConfig' in routing
    ? routing.CidrRoutingConfig.CollectionId
    : '';
}

/** The key under which the file has a branch. */
function keyOf({ id, routing }: FleetBranch): string {
  if (isDefault(routing)) return 'default';
  if ('Region' in routing) return routing.Region;
  if ('GeoLocation' in routing) return geoPlace(routing.GeoLocation);
  return 'CidrRoutingConfig' in routing ? routing.CidrRoutingConfig.LocationName : id;
}

function branchFields({ routing, route }: FleetBranch): Fields {
  return { ...routingFields(routing), ...routeFields(route) };
}

/** What a branch says of itself besides its key. */
function routingFields(routing: FleetBranch['routing']): Fields {
  if ('weight' in routing) return { share: routing.weight };
  if (!('GeoProximityLocation' in routing)) return {};
  const { Bias, ...point } = routing.GeoProximityLocation;
  const bias = Bias === undefined ? {} : { bias: Bias };
  if ('AWSRegion' in point) return { region: point.AWSRegion, ...bias };
  return { coordinates: [Number(point.Coordinates.Latitude), Number(point.Coordinates.Longitude)], ...bias };
}
