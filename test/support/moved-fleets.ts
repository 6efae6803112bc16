import type { CellFleet } from '../../lib/plan/fleet-model.ts';
import { DEFAULT_POLICY } from '../../lib/plan/fleet-model.ts';
import type { CellName, DnsName } from '../../lib/plan/names.ts';
import { dnsName } from '../../lib/plan/names.ts';
import { SHARED_ZONE } from './cells-of-one-zone.ts';

/** `e000`, `e001` … of the shared zone. */
export function endpointNames(count: number): readonly DnsName[] {
  return Array.from({ length: count }, (_, index) =>
    dnsName(`e${String(index).padStart(3, '0')}.${SHARED_ZONE}`),
  );
}

/** The fleet of a cell with these endpoints over two targets, under the default policy but without retention. */
export function fleetWith(
  cell: CellName,
  zoneId: string,
  names: readonly DnsName[],
  families: CellFleet['endpoints'][number]['families'] = ['A'],
): CellFleet {
  const target = (id: string, last: number) => ({
    ...({ id, az: 'az1', capacity: 100, health: 'healthy' } as const),
    ...{ ipv4: [`192.0.2.${last}`], ipv6: [`2001:db8::${last}`] },
  });
  return {
    ...{ cell, zone: SHARED_ZONE, zoneId },
    policy: {
      ...DEFAULT_POLICY,
      coalesceS: 0,
      retainGenerations: 1,
      retainMinutes: 0,
      capacityRemovedPercent: 60,
    },
    targets: [target('t-1', 1), target('t-2', 2)],
    endpoints: names.map((name) => ({
      ...({ name, kind: 'addresses', ttl: 60, floor: 1, families } as const),
      targets: ['t-1', 't-2'],
    })),
  };
}
