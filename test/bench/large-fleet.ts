import type { CellFleet, FleetEndpoint, FleetTarget } from '../../lib/plan/fleet-model.ts';
import { DEFAULT_POLICY } from '../../lib/plan/fleet-model.ts';
import { cellName, dnsName } from '../../lib/plan/names.ts';

/** A cell of so many endpoints with so many IPv4 targets each; `shift` moves every address. */
export function largeFleet(
  index: number,
  endpoints: number,
  targets: number,
  zoneId: string,
  shift = 0,
): CellFleet {
  const zone = dnsName(`zone-${index}.test`);
  const all: FleetTarget[] = [];
  const declared: FleetEndpoint[] = [];
  for (let endpoint = 0; endpoint < endpoints; endpoint += 1) {
    const members = Array.from({ length: targets }, (_, target): FleetTarget => {
      const id = `t-${endpoint}-${target}`;
      const address = `10.${(index + shift) % 256}.${endpoint}.${target}`;
      return {
        id,
        az: `az${target % 3}`,
        capacity: 100 + (target % 7),
        health: 'healthy',
        ipv4: [address],
        ipv6: [],
      };
    });
    all.push(...members);
    declared.push({
      name: dnsName(`e${endpoint}.${zone}`),
      kind: 'addresses',
      ttl: 60,
      floor: 1,
      families: ['A'],
      targets: members.map(({ id }) => id),
    });
  }
  const policy = {
    ...DEFAULT_POLICY,
    coalesceS: 0,
    endpointsChangedPercent: 100,
    capacityRemovedPercent: 100,
  };
  return { cell: cellName(`cell-${index}`), zone, zoneId, policy, targets: all, endpoints: declared };
}
