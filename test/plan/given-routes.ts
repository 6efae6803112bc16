import fc from 'fast-check';
import type { FleetEndpoint, FleetRoute, FleetTarget } from '../../lib/plan/fleet-model.ts';
import type { BranchRouting, RoutingPolicy } from '../../lib/plan/routing.ts';
import { endpoint, target } from './given-fleet.ts';

/** A route to some targets. */
export function to(...targets: readonly string[]): FleetRoute {
  return { type: 'targets', targets, answer: 'weighted' };
}

/** A route whose branches are in order of id. */
export function branches(
  policy: RoutingPolicy,
  given: Readonly<Record<string, readonly [BranchRouting, FleetRoute]>>,
): FleetRoute {
  const all = Object.entries(given).map(([id, [routing, route]]) => ({ id, routing, route }));
  return { type: 'branches', policy, branches: all.sort((a, b) => (a.id < b.id ? -1 : 1)) };
}

export function failover(primary: FleetRoute, secondary: FleetRoute): FleetRoute {
  return branches('failover', {
    primary: [{ Failover: 'PRIMARY' }, primary],
    secondary: [{ Failover: 'SECONDARY' }, secondary],
  });
}

export function latency(given: Readonly<Record<string, FleetRoute>>): FleetRoute {
  const all = Object.entries(given).map(([Region, route]) => [Region, [{ Region }, route]] as const);
  return branches('latency', Object.fromEntries(all));
}

/** The ids of all targets of a route, each once, in order. */
function targetsOf(route: FleetRoute): readonly string[] {
  const ids =
    route.type === 'targets' ? route.targets : route.branches.flatMap((each) => targetsOf(each.route));
  return [...new Set(ids)].sort();
}

/** `api` with this route. */
export function routed(route: FleetRoute): FleetEndpoint {
  return { ...endpoint('api.example.test', targetsOf(route)), route };
}

/** Targets with addresses of their own. */
export function targets(ids: readonly string[]): readonly FleetTarget[] {
  return ids.map((id, index) =>
    target(id, { ipv4: [`192.0.${Math.floor(index / 250)}.${1 + (index % 250)}`], az: `az${index % 3}` }),
  );
}

const TARGET_IDS = Array.from({ length: 8 }, (_, index) => `t${index}`);
const REGIONS = ['eu-west-1', 'us-east-1', 'ap-south-1'];

const leafRoute: fc.Arbitrary<FleetRoute> = fc.record({
  type: fc.constant('targets' as const),
  targets: fc.uniqueArray(fc.constantFrom(...TARGET_IDS), { minLength: 1, maxLength: 4 }),
  answer: fc.constantFrom('weighted' as const, 'weighted' as const, 'multivalue' as const),
});

/** Any route of at most three levels over eight targets, `t0` to `t7`. */
export const anyRoute: fc.Arbitrary<FleetRoute> = routesOfDepth(3);

function routesOfDepth(depth: number): fc.Arbitrary<FleetRoute> {
  if (depth === 0) return leafRoute;
  const below = routesOfDepth(depth - 1);
  const byRegion = fc
    .uniqueArray(fc.constantFrom(...REGIONS), { minLength: 1, maxLength: 3 })
    .chain((regions) =>
      fc
        .tuple(...regions.map(() => below))
        .map((routes) =>
          latency(Object.fromEntries(regions.map((region, i) => [region, routes[i] ?? to('t0')]))),
        ),
    );
  const byShare = fc
    .tuple(below, below, fc.integer({ min: 0, max: 255 }))
    .map(([blue, green, weight]) =>
      branches('weighted', { blue: [{ weight: 255 - weight }, blue], green: [{ weight }, green] }),
    );
  const byHealth = fc.tuple(below, below).map(([first, second]) => failover(first, second));
  return fc.oneof({ weight: 2, arbitrary: leafRoute }, byRegion, byShare, byHealth);
}
