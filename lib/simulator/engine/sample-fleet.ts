import type {
  CellFleet,
  FleetBranch,
  FleetEndpoint,
  FleetRoute,
  FleetTarget,
} from '../../plan/fleet-model.ts';
import { DEFAULT_POLICY } from '../../plan/fleet-model.ts';
import type { CellName } from '../../plan/names.ts';
import { cellName, dnsName } from '../../plan/names.ts';
import type { CellScope } from '../../plan/owned-names.ts';
import type { RoutingPolicy } from '../../plan/routing.ts';

export const SAMPLE_CELL: CellName = cellName('use1-a');
export const SAMPLE_ZONE = dnsName('example.test');

/** How many endpoints a sample fleet has. */
export type SampleSize = 1 | 2 | 3 | 'spread' | 'routed' | 'spread-regions' | 'spread-places';

/** The ids of the targets that a sample fleet can have. */
export const SAMPLE_TARGETS: readonly string[] = ['api-1', 'api-2', 'web-1', 'cdn-1'];

/**
 * The smallest fleet in which everything can go wrong.
 *
 * With one endpoint or two, each has one target, whose address shows the version of the fleet. Versions differ in `api`
 * alone, so `web` is an endpoint that must never be touched.
 *
 * With three, versions differ in all, so that one may have an obstacle while the others must be served: `api` can spare
 * one of its two targets, `web` has one target, which names a health check, and `cdn` is a hostname.
 *
 * A routed fleet has one endpoint, `api`, whose clients get the nearer of two Regions. Versions differ in one of them,
 * and all of them share the other, which fails over from one target to another.
 *
 * A spread fleet has two endpoints, `api` over four targets and `web` over five, and what observation may take out is
 * bounded as by default. All targets of `api` are fewer than half of the cell's, so only its own bound guards it.
 *
 * A fleet spread over Regions has the same targets in one endpoint, `api`, four of them in one Region and five in
 * another. All of one Region are fewer than half of the endpoint's, so only the bound of a branch guards it.
 *
 * One spread over places has the four for the rest of the world, and the five for Europe.
 *
 * @param version 1 to 250.
 * @param healthCheckId of a health check that exists.
 */
export function sampleFleet(
  scope: CellScope,
  version: number,
  endpoints: SampleSize,
  healthCheckId?: string,
): CellFleet {
  const api = target('api-1', `192.0.2.${version}`);
  const fleet =
    endpoints === 'spread'
      ? spreadEndpoints(version)
      : endpoints === 'spread-regions'
        ? spreadBranches(version, 'latency', REGIONS)
        : endpoints === 'spread-places'
          ? spreadBranches(version, 'geolocation', PLACES)
          : endpoints === 'routed'
            ? routedEndpoint(api)
            : endpoints === 3
              ? threeEndpoints(api, version, healthCheckId)
              : {
                  targets: [api, target('web-1', '198.51.100.1')].slice(0, endpoints),
                  endpoints: [endpoint('api', ['api-1']), endpoint('web', ['web-1'])].slice(0, endpoints),
                };
  return {
    ...scope,
    policy: {
      ...DEFAULT_POLICY,
      coalesceS: 0,
      capacityRemovedPercent: 100,
      endpointsChangedPercent: 100,
      blindPercent: isSpread(endpoints) ? DEFAULT_POLICY.blindPercent : 100,
      retainGenerations: 1,
      retainMinutes: 0,
    },
    ...fleet,
  };
}

function threeEndpoints(
  api: FleetTarget,
  version: number,
  healthCheckId: string | undefined,
): Pick<CellFleet, 'targets' | 'endpoints'> {
  const web = target('web-1', `198.51.100.${version}`);
  const cdn: FleetTarget = { ...target('cdn-1'), hostname: dnsName(`cdn-${version}.example.org`) };
  return {
    targets: [
      api,
      { ...target('api-2', `203.0.113.${version}`), az: 'az2' },
      healthCheckId === undefined ? web : { ...web, healthCheckId },
      cdn,
    ],
    endpoints: [
      endpoint('api', ['api-1', 'api-2']),
      { ...endpoint('cdn', ['cdn-1']), kind: 'hostname' },
      endpoint('web', ['web-1']),
    ],
  };
}

function routedEndpoint(api: FleetTarget): Pick<CellFleet, 'targets' | 'endpoints'> {
  const targets = [api, target('cdn-1', '203.0.113.1'), target('web-1', '198.51.100.1')];
  const of = (id: string): FleetRoute => ({ type: 'targets', targets: [id], answer: 'weighted' });
  const failover: FleetRoute = {
    type: 'branches',
    policy: 'failover',
    branches: [
      { id: 'primary', routing: { Failover: 'PRIMARY' }, route: of('web-1') },
      { id: 'secondary', routing: { Failover: 'SECONDARY' }, route: of('cdn-1') },
    ],
  };
  const route: FleetRoute = {
    type: 'branches',
    policy: 'latency',
    branches: [
      { id: 'eu-west-1', routing: { Region: 'eu-west-1' }, route: failover },
      { id: 'us-east-1', routing: { Region: 'us-east-1' }, route: of('api-1') },
    ],
  };
  return {
    targets,
    endpoints: [
      {
        ...endpoint(
          'api',
          targets.map(({ id }) => id),
        ),
        route,
      },
    ],
  };
}

function spreadEndpoints(version: number): Pick<CellFleet, 'targets' | 'endpoints'> {
  const targetsOf = (label: string, count: number, net: string): readonly FleetTarget[] =>
    Array.from({ length: count }, (_, index) =>
      target(`${label}-${index + 1}`, `${net}.${10 * version + index}`),
    );
  const [api, web] = [targetsOf('api', 4, '192.0.2'), targetsOf('web', 5, '198.51.100')];
  const ids = (targets: readonly FleetTarget[]): readonly string[] => targets.map(({ id }) => id);
  return { targets: [...api, ...web], endpoints: [endpoint('api', ids(api)), endpoint('web', ids(web))] };
}

/** The branch of the four targets, and that of the five. */
type TwoBranches = readonly [Pick<FleetBranch, 'id' | 'routing'>, Pick<FleetBranch, 'id' | 'routing'>];

const REGIONS: TwoBranches = [
  { id: 'eu-west-1', routing: { Region: 'eu-west-1' } },
  { id: 'us-east-1', routing: { Region: 'us-east-1' } },
];
const PLACES: TwoBranches = [
  { id: 'default', routing: { GeoLocation: { CountryCode: '*' } } },
  { id: 'eu', routing: { GeoLocation: { ContinentCode: 'EU' } } },
];

function spreadBranches(
  version: number,
  policy: RoutingPolicy,
  [first, second]: TwoBranches,
): Pick<CellFleet, 'targets' | 'endpoints'> {
  const { targets, endpoints } = spreadEndpoints(version);
  const [four = [], five = []] = endpoints.map((each) => each.targets);
  const of = (ids: readonly string[]): FleetRoute => ({ type: 'targets', targets: ids, answer: 'weighted' });
  const route: FleetRoute = {
    type: 'branches',
    policy,
    branches: [
      { ...first, route: of(four) },
      { ...second, route: of(five) },
    ],
  };
  return { targets, endpoints: [{ ...endpoint('api', [...four, ...five]), route }] };
}

function isSpread(endpoints: SampleSize): boolean {
  return endpoints === 'spread' || endpoints === 'spread-regions' || endpoints === 'spread-places';
}

function target(id: string, ...ipv4: readonly string[]): FleetTarget {
  return { id, az: 'az1', capacity: 100, health: 'healthy', ipv4, ipv6: [] };
}

function endpoint(label: string, targets: readonly string[]): FleetEndpoint {
  const name = dnsName(`${label}.${SAMPLE_ZONE}`);
  return { name, kind: 'addresses', ttl: 60, floor: 1, families: ['A'], targets };
}
