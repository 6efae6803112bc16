import { setTimeout as delay } from 'node:timers/promises';
import {
  DescribeTargetGroupsCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Place } from './place.ts';

/**
 * What a step needs beyond functions, a table and a Route 53 that doctor finds safe. `emulator`: what cannot be had of
 * AWS, such as a target group without a network, or a wire that can be held.
 */
export type Need = 'emulator' | 'load balancers' | 'schedules';

/** For each need, why it cannot be met here, or undefined where it can. */
export type Abilities = (need: Need) => Promise<string | undefined>;

/** A schedule fires within a minute; a slow emulator may need some more. */
const SCHEDULE_WITHIN_MS = 90_000;
const POLL_MS = 2_000;

/** Tries what the place can do. The trial of schedules takes more than a minute, so that it begins here, beside the deployment. */
export function probeAbilities(place: Place): Abilities {
  if (place.kind === 'real')
    return async (need) => (need === 'emulator' ? 'it needs the help of an emulator' : undefined);
  const schedules = whyNoSchedules(place);
  const balancers = whyNoLoadBalancers();
  return async (need) => {
    if (need === 'emulator') return undefined;
    return need === 'schedules' ? schedules : balancers;
  };
}

async function whyNoLoadBalancers(): Promise<string | undefined> {
  const client = new ElasticLoadBalancingV2Client({ maxAttempts: 1 });
  try {
    await client.send(new DescribeTargetGroupsCommand({ PageSize: 1 }));
    return undefined;
  } catch (error) {
    return `no Elastic Load Balancing: ${said(error)}`;
  } finally {
    client.destroy();
  }
}

/** Has a schedule send a message every minute, and waits for the first. */
async function whyNoSchedules(place: Place): Promise<string | undefined> {
  const ask = unsigned(place);
  const name = `pawl-probe-${Date.now()}`;
  const sqs = (operation: string, body: object) =>
    ask('sqs', 'POST', '/', body, {
      'content-type': 'application/x-amz-json-1.0',
      'x-amz-target': `AmazonSQS.${operation}`,
    });
  try {
    const { QueueUrl } = await sqs('CreateQueue', { QueueName: name });
    const region = place.environment['AWS_REGION'];
    const schedule = {
      ScheduleExpression: 'rate(1 minute)',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: {
        Arn: `arn:aws:sqs:${region}:${place.account}:${name}`,
        RoleArn: `arn:aws:iam::${place.account}:role/${name}`,
        Input: '{}',
      },
    };
    await ask('scheduler', 'POST', `/schedules/${name}`, schedule);
    const end = Date.now() + SCHEDULE_WITHIN_MS;
    let fired = false;
    while (!fired && Date.now() < end) {
      await delay(POLL_MS, undefined, { ref: false });
      const { Messages } = await sqs('ReceiveMessage', { QueueUrl, MaxNumberOfMessages: 1 });
      fired = Array.isArray(Messages) && Messages.length > 0;
    }
    await ask('scheduler', 'DELETE', `/schedules/${name}`);
    await sqs('DeleteQueue', { QueueUrl });
    return fired ? undefined : `a schedule of every minute did not fire in ${SCHEDULE_WITHIN_MS / 1_000} s`;
  } catch (error) {
    return `no schedules: ${said(error)}`;
  }
}

type Answer = Readonly<Record<string, unknown>>;

/** A request without a signature, which emulators do not ask for: two clients more would be there for this alone. */
function unsigned({ environment }: Place) {
  const key = environment['AWS_ACCESS_KEY_ID'];
  return async (
    service: string,
    method: string,
    path: string,
    body?: object,
    headers: Readonly<Record<string, string>> = { 'content-type': 'application/json' },
  ): Promise<Answer> => {
    const scope = `${key}/20261126/${environment['AWS_REGION']}/${service}/aws4_request`;
    const authorization = `AWS4-HMAC-SHA256 Credential=${scope}, SignedHeaders=host, Signature=0`;
    const answer = await fetch(new URL(path, environment['AWS_ENDPOINT_URL']), {
      method,
      headers: { ...headers, authorization },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} of ${service} is answered with ${answer.status}`);
    return text === '' ? {} : (JSON.parse(text) as Answer);
  };
}

function said(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
