import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { elbv2Source } from '../fleet/sources/elbv2-source.ts';
import type { Source } from '../fleet/sources/source.ts';
import { staticSource } from '../fleet/sources/static-source.ts';
import type { CellFleet } from '../plan/fleet-model.ts';
import { systemClock } from '../runtime/clock.ts';
import { systemRandomness } from '../runtime/ids.ts';

/** Which source a cell's observations come from. */
export type ChooseSource = (fleet: CellFleet) => Source;

/** Elastic Load Balancing where a target names something of it, else the file. One attempt a request: the source itself tries again. */
export function chooseSource(): ChooseSource {
  const client = new ElasticLoadBalancingV2Client({
    maxAttempts: 1,
    requestHandler: { connectionTimeout: 3_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
  });
  const live = elbv2Source(client, { clock: systemClock, randomness: systemRandomness });
  const declared = staticSource();
  return ({ targets }) => (targets.some(({ elbv2 }) => elbv2 !== undefined) ? live : declared);
}
