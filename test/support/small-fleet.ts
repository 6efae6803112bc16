import type { CellFleet, FleetTarget } from '../../lib/plan/fleet-model.ts';
import { DEFAULT_POLICY } from '../../lib/plan/fleet-model.ts';
import { cellName, dnsName } from '../../lib/plan/names.ts';

/** A fleet of one cell without its zone id. It is small enough to be read in a failure. */
export type SmallFleet = Omit<CellFleet, 'zoneId'>;

/** A target with one address, `192.0.2.<last>`. */
export function target(id: string, last: number, extra: Partial<FleetTarget> = {}): FleetTarget {
  return { id, az: 'az1', capacity: 100, health: 'healthy', ipv4: [`192.0.2.${last}`], ipv6: [], ...extra };
}

/** Two endpoints, `api` and `web`, of two targets each. `apiAddress` is the address of api's first target. */
export function smallFleet(apiAddress = 1, policy: Partial<CellFleet['policy']> = {}): SmallFleet {
  const zone = dnsName('example.test');
  return {
    cell: cellName('use1-a'),
    zone,
    policy: {
      ...DEFAULT_POLICY,
      coalesceS: 0,
      capacityRemovedPercent: 100,
      endpointsChangedPercent: 100,
      blindPercent: 100,
      retainGenerations: 1,
      retainMinutes: 0,
      ...policy,
    },
    targets: [target('api-1', apiAddress), target('api-2', 102), target('web-1', 201), target('web-2', 202)],
    endpoints: [
      {
        name: dnsName('api.example.test'),
        kind: 'addresses',
        ttl: 60,
        floor: 1,
        families: ['A'],
        targets: ['api-1', 'api-2'],
      },
      {
        name: dnsName('web.example.test'),
        kind: 'addresses',
        ttl: 60,
        floor: 1,
        families: ['A'],
        targets: ['web-1', 'web-2'],
      },
    ],
  };
}
