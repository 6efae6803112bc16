import type { CellFleet } from '../../plan/fleet-model.ts';
import { DEFAULT_POLICY } from '../../plan/fleet-model.ts';
import { dnsName } from '../../plan/names.ts';
import { CAMPAIGN_CELL } from './campaign-stage.ts';
import type { CampaignWorld } from './campaign-world.ts';

const CAPACITY = 100;

export function targetId(az: string, group: string): string {
  return `${az}-${group}`;
}

/** A fleet with a target for each declared group. */
export function campaignFleet({ zones }: CampaignWorld): CellFleet {
  return {
    cell: CAMPAIGN_CELL,
    zone: dnsName('example.test'),
    zoneId: 'Z1',
    policy: DEFAULT_POLICY,
    endpoints: [],
    targets: zones.flatMap(({ az, declared }) =>
      declared.map((group) => ({
        id: targetId(az, group),
        az,
        capacity: CAPACITY,
        health: 'healthy' as const,
        ipv4: ['192.0.2.1'],
        ipv6: [],
        observedBy: { source: 'lease', reference: { group } },
      })),
    ),
  };
}
