import type { CellFleet, FleetEndpoint, FleetTarget } from '../../plan/fleet-model.ts';
import { DEFAULT_POLICY } from '../../plan/fleet-model.ts';
import type { CellName } from '../../plan/names.ts';
import { cellName, dnsName } from '../../plan/names.ts';
import type { CellScope } from '../../plan/owned-names.ts';

export const SAMPLE_CELL: CellName = cellName('use1-a');
export const SAMPLE_ZONE = dnsName('example.test');

/**
 * The smallest fleet in which everything can go wrong. Its endpoints have one target each, whose address shows the
 * version of the fleet. Versions differ in `api` alone, so `web` is an endpoint that must never be touched.
 *
 * @param version 1 to 250.
 * @param endpoints 1 or 2.
 */
export function sampleFleet(scope: CellScope, version: number, endpoints: 1 | 2): CellFleet {
  const targets: readonly FleetTarget[] = [
    target('api-1', `192.0.2.${version}`),
    target('web-1', '198.51.100.1'),
  ];
  const names: readonly FleetEndpoint[] = [endpoint('api', 'api-1'), endpoint('web', 'web-1')];
  return {
    ...scope,
    policy: {
      ...DEFAULT_POLICY,
      coalesceS: 0,
      capacityRemovedPercent: 100,
      endpointsChangedPercent: 100,
      blindPercent: 100,
      retainGenerations: 1,
      retainMinutes: 0,
    },
    targets: targets.slice(0, endpoints),
    endpoints: names.slice(0, endpoints),
  };
}

function target(id: string, address: string): FleetTarget {
  return { id, az: 'az1', capacity: 100, health: 'healthy', ipv4: [address], ipv6: [] };
}

function endpoint(label: string, targetId: string): FleetEndpoint {
  const name = dnsName(`${label}.${SAMPLE_ZONE}`);
  return { name, kind: 'addresses', ttl: 60, floor: 1, families: ['A'], targets: [targetId] };
}
