import { ElasticLoadBalancingV2Client } from '@aws-sdk/client-elastic-load-balancing-v2';
import { elbv2Source } from '../fleet/sources/elbv2-source.ts';
import type { TargetSource } from '../fleet/sources/source.ts';
import type { SourceName } from '../fleet/sources/sources.ts';
import type { World } from './world.ts';

/** Clients of the services that sources ask. One attempt a request: each source itself tries again. */
const CLIENT = {
  maxAttempts: 1,
  requestHandler: { connectionTimeout: 3_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
} as const;

/**
 * The adapter of every source that a fleet may name. In a local world too they ask AWS, with the credentials and the
 * Region of the environment; nothing is asked before a target names a source.
 */
export function liveSources(
  world: Pick<World, 'clock' | 'randomness'>,
): Readonly<Record<SourceName, TargetSource>> {
  return {
    elbv2: elbv2Source(new ElasticLoadBalancingV2Client(CLIENT), world),
  };
}
