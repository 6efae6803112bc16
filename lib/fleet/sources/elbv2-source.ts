import type {
  ElasticLoadBalancingV2Client,
  TargetHealthStateEnum,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Elbv2Reference, FleetTarget, Observation } from '../../plan/fleet-model.ts';
import type { Clock, Instant } from '../../runtime/clock.ts';
import { instant } from '../../runtime/clock.ts';
import type { Randomness } from '../../runtime/ids.ts';
import { rateBudget } from '../../runtime/rate-budget.ts';
import { retry } from '../../runtime/retry.ts';
import type { Source } from './source.ts';
import { staticSource } from './static-source.ts';

export interface Elbv2SourceDeps {
  readonly clock: Clock;
  readonly randomness: Randomness;
}

/** How many of what stands behind a target can serve. */
interface Serving {
  readonly serving: number;
  readonly registered: number;
}

/** Asks Elastic Load Balancing for one thing. @throws whatever the SDK throws, when the deadline came first. */
type Ask = <T>(send: () => Promise<T>) => Promise<T>;

/** Below the default request quota of the Describe actions of Elastic Load Balancing, which an account shares. */
const RATE = { requestsPerSecond: 8, burst: 20, reserve: 0 } as const;
/** One look at a cell ends after this, whatever is still unanswered is unknown. */
const LOOK_MS = 30_000;
/** Pages of up to 400 target groups: a load balancer has at most 100 of them. */
const PAGES_MAX = 5;
const AT_ONCE = 8;

/** States that say nothing about whether it can serve: it was registered this moment, or nobody checks it. */
const SAYS_NOTHING: readonly TargetHealthStateEnum[] = ['initial', 'unavailable'];

/**
 * Health and capacity from Elastic Load Balancing, for the targets that name a target group or a load balancer; for
 * the others as the fleet file says.
 *
 * The declared capacity is what a target can take with everything behind it healthy; the share that serves is the share
 * of it that is observed. A group with nothing registered serves nobody: that is an answer, and it is "unhealthy". An
 * answer that did not come (throttled, denied, lost) is "unknown", and the plan leaves such a target as it was.
 * Health lags behind the truth by the group's own check interval (Elastic Load Balancing User Guides, "Health checks").
 */
export function elbv2Source(client: ElasticLoadBalancingV2Client, deps: Elbv2SourceDeps): Source {
  const declared = staticSource();
  const budget = rateBudget(deps.clock, RATE);
  return {
    kind: 'live',
    observe: async (cell) => {
      const asked = cell.targets.filter(({ elbv2 }) => elbv2 !== undefined);
      const base = await declared.observe(cell);
      if (asked.length === 0 || base.type === 'blind') return base;
      const deadline = instant(deps.clock.now() + LOOK_MS);
      const ask = asking(deps, deadline, budget);
      const seen = await inTurns(asked, (target) => observation(client, ask, target));
      if (seen.every(([, { health }]) => health === 'unknown')) {
        return { type: 'blind', reason: 'Elastic Load Balancing said nothing about any target' };
      }
      const repeated = cell.targets.filter(({ elbv2 }) => elbv2 === undefined).map(({ id }) => id);
      return {
        type: 'observed',
        observations: { ...base.observations, ...Object.fromEntries(seen) },
        repeated,
      };
    },
  };
}

function asking(deps: Elbv2SourceDeps, deadline: Instant, budget: ReturnType<typeof rateBudget>): Ask {
  return async (send) => {
    const outcome = await retry(deps, { deadline }, async () => {
      if ((await budget.take(1, 'routine', deadline)) === 'late') throw new Error('no room in the rate');
      try {
        return { type: 'done', value: await send() };
      } catch (cause) {
        if (isForGood(cause)) throw cause;
        return { type: 'again', cause };
      }
    });
    if (outcome.type === 'done') return outcome.value;
    throw new Error('Elastic Load Balancing did not answer in time', { cause: outcome.cause });
  };
}

/** A refusal that asking again does not change. `Throttling` is a 400 too. */
function isForGood(cause: unknown): boolean {
  if (!(cause instanceof Error) || !('$fault' in cause) || cause.$fault !== 'client') return false;
  return !['Throttling', 'ThrottlingException', 'RequestLimitExceeded'].includes(cause.name);
}

async function observation(
  client: ElasticLoadBalancingV2Client,
  ask: Ask,
  { id, capacity, elbv2 }: FleetTarget,
): Promise<readonly [id: string, seen: Observation]> {
  if (elbv2 === undefined) return [id, { health: 'unknown', capacity }];
  try {
    const counted = await servingBehind(client, ask, elbv2);
    return [id, counted === undefined ? { health: 'unknown', capacity } : observed(counted, capacity)];
  } catch {
    // Whatever kept the answer away says nothing about the target.
    return [id, { health: 'unknown', capacity }];
  }
}

function observed({ serving, registered }: Serving, capacity: number): Observation {
  if (serving === 0) return { health: 'unhealthy', capacity };
  return { health: 'healthy', capacity: Math.max(1, Math.round((capacity * serving) / registered)) };
}

/** Undefined when what was answered says nothing. */
async function servingBehind(
  client: ElasticLoadBalancingV2Client,
  ask: Ask,
  { kind, arn }: Elbv2Reference,
): Promise<Serving | undefined> {
  if (kind === 'target-group') return groupServing(client, ask, arn);
  const { LoadBalancers } = await ask(() =>
    client.send(new DescribeLoadBalancersCommand({ LoadBalancerArns: [arn] })),
  );
  const state = LoadBalancers?.[0]?.State?.Code;
  if (state === undefined || state === 'provisioning') return undefined;
  if (state === 'failed') return { serving: 0, registered: 0 };
  const groups: (Serving | undefined)[] = [];
  for (const group of await groupsOf(client, ask, arn)) groups.push(await groupServing(client, ask, group));
  const known = groups.flatMap((group) => group ?? []);
  if (known.length < groups.length) return undefined;
  return {
    serving: known.reduce((sum, { serving }) => sum + serving, 0),
    registered: known.reduce((sum, { registered }) => sum + registered, 0),
  };
}

async function groupsOf(
  client: ElasticLoadBalancingV2Client,
  ask: Ask,
  loadBalancer: string,
): Promise<readonly string[]> {
  const arns: string[] = [];
  let marker: string | undefined;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const command = new DescribeTargetGroupsCommand({ LoadBalancerArn: loadBalancer, Marker: marker });
    const answer = await ask(() => client.send(command));
    for (const { TargetGroupArn } of answer.TargetGroups ?? [])
      if (TargetGroupArn !== undefined) arns.push(TargetGroupArn);
    marker = answer.NextMarker;
    if (marker === undefined) return arns;
  }
  throw new Error(`${loadBalancer} has more target groups than can be asked for`);
}

async function groupServing(
  client: ElasticLoadBalancingV2Client,
  ask: Ask,
  arn: string,
): Promise<Serving | undefined> {
  const command = new DescribeTargetHealthCommand({ TargetGroupArn: arn });
  const { TargetHealthDescriptions = [] } = await ask(() => client.send(command));
  const states = TargetHealthDescriptions.flatMap(({ TargetHealth }) => TargetHealth?.State ?? []);
  if (states.length < TargetHealthDescriptions.length) return undefined;
  const telling = states.filter((state) => !SAYS_NOTHING.includes(state));
  if (states.length > 0 && telling.length === 0) return undefined;
  return { serving: telling.filter((state) => state === 'healthy').length, registered: telling.length };
}

/** A few at a time: the order of the answers is that of the items. */
async function inTurns<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = [];
  for (let at = 0; at < items.length; at += AT_ONCE) {
    results.push(...(await Promise.all(items.slice(at, at + AT_ONCE).map(work))));
  }
  return results;
}
