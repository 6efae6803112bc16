import type { DesiredInput } from '../../lib/plan/desired.ts';
import { desiredEndpoints } from '../../lib/plan/desired.ts';
import type { CellFleet, CellPolicy, FleetEndpoint, FleetTarget } from '../../lib/plan/fleet-model.ts';
import { DEFAULT_POLICY } from '../../lib/plan/fleet-model.ts';
import { generation } from '../../lib/plan/generation.ts';
import { makePlan } from '../../lib/plan/make-plan.ts';
import { dnsName } from '../../lib/plan/names.ts';
import type { Plan } from '../../lib/plan/plan.ts';
import { SCOPE } from './arbitrary-names.ts';

/** A target of 100 with one IPv4 address. */
export function target(id: string, more: Partial<FleetTarget> = {}): FleetTarget {
  return { id, az: 'az1', capacity: 100, health: 'healthy', ipv4: ['192.0.2.1'], ipv6: [], ...more };
}

/** An IPv4 endpoint. */
export function endpoint(
  name: string,
  targets: readonly string[],
  more: Partial<FleetEndpoint> = {},
): FleetEndpoint {
  return { name: dnsName(name), kind: 'addresses', ttl: 60, floor: 1, families: ['A'], targets, ...more };
}

/** A fleet of the cell of these tests, under the default policy unless another is given. */
export function fleetOf(
  targets: readonly FleetTarget[],
  endpoints: readonly FleetEndpoint[],
  policy: Partial<CellPolicy> = {},
): CellFleet {
  return { ...SCOPE, policy: { ...DEFAULT_POLICY, ...policy }, targets, endpoints };
}

/** `api` over as many equal targets (`t1`, `t2`, …) in az1. */
export function apiFleet(count: number, policy: Partial<CellPolicy> = {}): CellFleet {
  const targets = Array.from({ length: count }, (_, index) =>
    target(`t${index + 1}`, { ipv4: [`192.0.2.${index + 1}`] }),
  );
  return fleetOf(
    targets,
    [
      endpoint(
        'api.example.test',
        targets.map(({ id }) => id),
      ),
    ],
    policy,
  );
}

/** A planner's input for a fleet without observations and without orders. */
export function desiredOf(fleet: CellFleet, more: Partial<DesiredInput> = {}): DesiredInput {
  return { fleet, observations: {}, drained: [], evacuated: [], base: undefined, ...more };
}

/** The plan of a planner's input, with every tree of the base unretired. */
export function planOf(desired: DesiredInput, number = 1): Plan {
  return makePlan({
    scope: SCOPE,
    generation: generation(number),
    endpoints: desiredEndpoints(desired),
    base: desired.base,
    isUnretired: () => true,
  }).plan;
}
