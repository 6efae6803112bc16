import type {
  ElasticLoadBalancingV2Client,
  TargetHealthStateEnum,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import {
  DescribeLoadBalancersCommand,
  DescribeTargetGroupsCommand,
  DescribeTargetHealthCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Observation } from '../../plan/fleet-model.ts';
import type { Clock, Instant } from '../../runtime/clock.ts';
import { instant } from '../../runtime/clock.ts';
import type { Randomness } from '../../runtime/ids.ts';
import { rateBudget } from '../../runtime/rate-budget.ts';
import { retry } from '../../runtime/retry.ts';
import type { Elbv2Reference } from './elbv2.ts';
import { elbv2 } from './elbv2.ts';
import type { Permission, Unseen } from './elbv2-unseen.ts';
import { deniedAmong, PermissionDenied, reasonsAmong } from './elbv2-unseen.ts';
import type { SourceTarget, TargetSource } from './source.ts';

export interface Elbv2SourceDeps {
  readonly clock: Clock;
  readonly randomness: Randomness;
}

/** How many of the targets that are registered behind a fleet's target can serve. */
interface Serving {
  readonly serving: number;
  readonly registered: number;
}

/**
 * Sends one request to Elastic Load Balancing, with retries.
 *
 * @throws what the SDK last threw when the deadline comes, PermissionDenied where the request needs one that is lacking.
 */
type Ask = <T>(permission: Permission, send: () => Promise<T>) => Promise<T>;

/** Below the default request quota of the Describe actions of Elastic Load Balancing, which an account shares. */
const RATE = { requestsPerSecond: 8, burst: 20, reserve: 0 } as const;
/** One look at a cell ends after this. Targets without an answer by then are unknown. */
const LOOK_MS = 30_000;
/** Pages of up to 400 target groups: a load balancer has at most 100 of them. */
const PAGES_MAX = 5;
const AT_ONCE = 8;

/** States that do not show whether a target can serve: it was just registered, or its health is not checked. */
const SAYS_NOTHING: readonly TargetHealthStateEnum[] = ['initial', 'unavailable'];

/**
 * Health and capacity from Elastic Load Balancing, for targets that name a target group or a load balancer.
 *
 * The declared capacity is what a target can take with everything behind it healthy. The observed capacity is the share
 * of it that serves. A group with nothing registered is "unhealthy". So is a target whose load balancer or group does
 * not exist any more: Route 53 refuses a new alias to it, and an alias that stands answers nothing. (Where many are gone
 * at once, as for the wrong account, the lint of the change presumes that the observer is blind.) A target whose answer
 * did not come (throttled, denied, lost) is "unknown", and the plan leaves such a target as it was; where it is denied for
 * some targets, they and the permission are named.
 * Health lags behind the truth by the group's own check interval (Elastic Load Balancing User Guides, "Health checks").
 */
export function elbv2Source(client: ElasticLoadBalancingV2Client, deps: Elbv2SourceDeps): TargetSource {
  const budget = rateBudget(deps, RATE);
  return {
    look: async (targets) => {
      if (!(await hasRegion(client))) return { type: 'blind', reason: 'no AWS Region is set' };
      const deadline = instant(deps.clock.now() + LOOK_MS);
      const ask = asking(deps, deadline, budget);
      const seen = await inTurns(targets, (target) => observation(client, ask, target));
      const unseen = seen.filter(({ observed }) => observed.health === 'unknown');
      if (unseen.length === seen.length) {
        const reason = `Elastic Load Balancing said nothing about any target (${reasonsAmong(unseen)})`;
        return { type: 'blind', reason };
      }
      return {
        type: 'observed',
        observations: Object.fromEntries(seen.map(({ id, observed }) => [id, observed])),
        gone: seen.flatMap(({ id, cause }) => (isGone(cause) ? [id] : [])),
        unseen: deniedAmong(unseen),
      };
    },
  };
}

/** Without a Region no request can be sent, and each would fail with an error that looks worth a retry. */
async function hasRegion(client: ElasticLoadBalancingV2Client): Promise<boolean> {
  try {
    return (await client.config.region()) !== '';
  } catch {
    return false;
  }
}

function asking(deps: Elbv2SourceDeps, deadline: Instant, budget: ReturnType<typeof rateBudget>): Ask {
  return async (permission, send) => {
    /** What the service last answered: it says more than that the rate had no room for another request. */
    let refused: unknown;
    const outcome = await retry(deps, { deadline }, async () => {
      if ((await budget.take({ urgency: 'routine', deadline })) === 'late')
        throw refused ?? new Error('no room in the rate');
      try {
        return { type: 'done', value: await send() };
      } catch (cause) {
        if (isDenied(cause)) throw new PermissionDenied(permission, { cause });
        if (isForGood(cause)) throw cause;
        refused = cause;
        return { type: 'again', cause };
      }
    });
    if (outcome.type === 'done') return outcome.value;
    throw outcome.cause;
  };
}

/** What the SDK's credential providers throw: nothing was sent, and a retry would send nothing either. */
const NO_CREDENTIALS: readonly string[] = ['CredentialsProviderError', 'TokenProviderError'];
/** Refusals with status 400 that are temporary. */
const THROTTLES: readonly string[] = ['Throttling', 'ThrottlingException', 'RequestLimitExceeded'];

/** The answers that what an ARN names does not exist (Elastic Load Balancing API reference, the Describe actions). */
const GONE: readonly string[] = [
  'LoadBalancerNotFound',
  'LoadBalancerNotFoundException',
  'TargetGroupNotFound',
  'TargetGroupNotFoundException',
];

function isGone(cause: unknown): boolean {
  return cause instanceof Error && GONE.includes(cause.name);
}

/** The names of the errors of a caller without the permission (Elastic Load Balancing API reference, "Common Errors"). */
const DENIED: readonly string[] = ['AccessDenied', 'AccessDeniedException', 'NotAuthorized'];

function isDenied(cause: unknown): boolean {
  return cause instanceof Error && DENIED.includes(cause.name);
}

/** A refusal that a retry does not change. */
function isForGood(cause: unknown): boolean {
  if (!(cause instanceof Error)) return false;
  if (NO_CREDENTIALS.includes(cause.name)) return true;
  return '$fault' in cause && cause.$fault === 'client' && !THROTTLES.includes(cause.name);
}

/** One target's observation, and the cause when the answer did not come. */
interface Seen extends Unseen {
  readonly observed: Observation;
}

async function observation(
  client: ElasticLoadBalancingV2Client,
  ask: Ask,
  { id, capacity, reference }: SourceTarget,
): Promise<Seen> {
  const unknown: Observation = { health: 'unknown', capacity };
  try {
    const counted = await servingBehind(client, ask, elbv2.reference.parse(reference));
    return { id, observed: counted === undefined ? unknown : observedOf(counted, capacity) };
  } catch (cause) {
    // A missing answer says nothing about the target; the answer that there is no such thing does.
    return { id, observed: isGone(cause) ? { health: 'unhealthy', capacity } : unknown, cause };
  }
}

function observedOf({ serving, registered }: Serving, capacity: number): Observation {
  if (serving === 0) return { health: 'unhealthy', capacity };
  return { health: 'healthy', capacity: Math.max(1, Math.round((capacity * serving) / registered)) };
}

/** Undefined when the answer does not show whether the target can serve. */
async function servingBehind(
  client: ElasticLoadBalancingV2Client,
  ask: Ask,
  { kind, arn }: Elbv2Reference,
): Promise<Serving | undefined> {
  if (kind === 'target-group') return groupServing(client, ask, arn);
  const { LoadBalancers } = await ask('elasticloadbalancing:DescribeLoadBalancers', () =>
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
    const answer = await ask('elasticloadbalancing:DescribeTargetGroups', () => client.send(command));
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
  const { TargetHealthDescriptions = [] } = await ask('elasticloadbalancing:DescribeTargetHealth', () =>
    client.send(command),
  );
  const states = TargetHealthDescriptions.flatMap(({ TargetHealth }) => TargetHealth?.State ?? []);
  if (states.length < TargetHealthDescriptions.length) return undefined;
  const telling = states.filter((state) => !SAYS_NOTHING.includes(state));
  if (states.length > 0 && telling.length === 0) return undefined;
  return { serving: telling.filter((state) => state === 'healthy').length, registered: telling.length };
}

/** Works on a few items at a time. The results have the order of the items. */
async function inTurns<T, R>(items: readonly T[], work: (item: T) => Promise<R>): Promise<readonly R[]> {
  const results: R[] = [];
  for (let at = 0; at < items.length; at += AT_ONCE) {
    results.push(...(await Promise.all(items.slice(at, at + AT_ONCE).map(work))));
  }
  return results;
}
