import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { elbv2Source } from '../fleet/sources/elbv2-source.ts';
import { leaseSource } from '../fleet/sources/lease-source.ts';
import type { TargetSource } from '../fleet/sources/source.ts';
import type { SourceName } from '../fleet/sources/sources.ts';
import type { Hearing } from '../lease/hear-zone.ts';
import type { CellName } from '../plan/names.ts';
import { METRICS } from '../telemetry/metric-names.ts';
import type { World } from './world.ts';

/** Clients of the services that sources ask. One attempt a request: each source itself tries again. */
const CLIENT = {
  maxAttempts: 1,
  requestHandler: { connectionTimeout: 3_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
} as const;

/**
 * The adapter of every source that a fleet may name. In a local world too that of load balancers asks AWS, with the
 * credentials and the Region of the environment; nothing is asked before a target names a source.
 */
export function liveSources(
  world: Pick<World, 'clock' | 'randomness' | 'leases' | 'leasePeriodMs' | 'telemetry'>,
): Readonly<Record<SourceName, TargetSource>> {
  const { leases, leasePeriodMs: firstEveryMs, clock } = world;
  return {
    elbv2: elbv2Source(new ElasticLoadBalancingV2Client(CLIENT), world),
    lease: leaseSource({
      ...{ leases, clock, firstEveryMs },
      heard: (cell, hearings) => countLeases(world, cell, hearings),
    }),
  };
}

/** The levels of a cell's leases, from the zones that could be heard. */
function countLeases(
  { clock, telemetry }: Pick<World, 'clock' | 'telemetry'>,
  cell: CellName,
  hearings: readonly Hearing[],
): void {
  if (hearings.length === 0) return;
  const rows = hearings.flatMap(({ groups }) =>
    [...groups.values()].flatMap((group) => (group.type === 'row' ? [group] : [])),
  );
  const lapsed = rows.filter(({ standing }) => standing === 'lapsed').length;
  const heard = rows.filter(({ standing }) => standing === 'heard');
  // A tick that lies ahead stands still as well, until a clock that was wrong is reached.
  const ages = hearings.map(({ tick }) => Math.abs(clock.now() - tick.at) / 1_000);
  const levels = [
    [METRICS.leasesHeard, heard.length],
    [METRICS.leasesHeld, rows.length - lapsed],
    [METRICS.leasesLapsed, lapsed],
    [METRICS.leaseZonesDeaf, hearings.filter(({ deaf }) => deaf).length],
    [METRICS.leaseTickSeconds, Math.max(0, ...ages)],
    [METRICS.leaseTriesFailed, heard.reduce((sum, { row }) => sum + row.tries, 0)],
  ] as const;
  for (const [metric, level] of levels) telemetry.count(metric, level, { cell });
}
