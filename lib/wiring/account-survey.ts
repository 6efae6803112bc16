import type { Stack } from '@aws-sdk/client-cloudformation';
import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import {
  DescribeLoadBalancersCommand,
  ElasticLoadBalancingV2Client,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { GetAccountSettingsCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetTopicAttributesCommand, SNSClient } from '@aws-sdk/client-sns';
import { fromTemporaryCredentials } from '@aws-sdk/credential-providers';
import type { AccountSurvey, StackFacts } from '../preflight/survey.ts';
import { NotAsked } from '../preflight/survey.ts';
import { failedRequest, failureText } from '../runtime/failed-request.ts';

/** Where the account's services are; the default chain decides what is absent. */
export interface AccountPlace {
  readonly region?: string;
  readonly profile?: string;
}

const CLIENT = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 3_000, requestTimeout: 10_000, throwOnRequestTimeout: true },
} as const;
/** A trial of a role lasts no longer than STS's shortest session (AssumeRole, API reference). */
const TRIAL_S = 900;
/** Load balancers of a Region: pages of at most 400 (DescribeLoadBalancers, API reference). */
const PAGES_MAX = 50;
const STACK_ARN = /^arn:[^:]*:cloudformation:([^:]+):(\d{12}):/;
const SERVER_ERROR = 500;

/** The account as its services describe it. Each client lives for one verb: a preflight asks each of them once or twice. */
export function awsAccountSurvey(place: AccountPlace): AccountSurvey {
  const config = { ...CLIENT, ...place };
  return {
    stack: (name) =>
      using(new CloudFormationClient(config), 'CloudFormation', async (client) => {
        try {
          const { Stacks } = await client.send(new DescribeStacksCommand({ StackName: name }));
          return stackFacts(Stacks?.[0]);
        } catch (error) {
          // DescribeStacks says so of a name that it does not know (API reference).
          if (error instanceof Error && error.name === 'ValidationError') return undefined;
          throw error;
        }
      }),
    concurrency: () =>
      using(new LambdaClient(config), 'Lambda', async (client) => {
        const { AccountLimit } = await client.send(new GetAccountSettingsCommand({}));
        const limit = AccountLimit?.ConcurrentExecutions;
        const unreserved = AccountLimit?.UnreservedConcurrentExecutions;
        if (limit === undefined || unreserved === undefined)
          throw new NotAsked('Lambda does not say what the account may run at once');
        return { limit, unreserved };
      }),
    mayAssume: (roleArn) => mayAssume(roleArn, config),
    subscriptions: (topicArn) =>
      using(new SNSClient(config), 'SNS', async (client) => {
        const { Attributes } = await client.send(new GetTopicAttributesCommand({ TopicArn: topicArn }));
        const count = (name: string) => Number(Attributes?.[name] ?? Number.NaN);
        const [confirmed, pending] = [count('SubscriptionsConfirmed'), count('SubscriptionsPending')];
        if (!Number.isSafeInteger(confirmed) || !Number.isSafeInteger(pending))
          throw new NotAsked('SNS does not say who is subscribed');
        return { confirmed, pending };
      }),
    loadBalancers: (region) =>
      using(
        new ElasticLoadBalancingV2Client({ ...config, region }),
        'Elastic Load Balancing',
        loadBalancerNames,
      ),
  };
}

/** One conversation with a service; whatever keeps it from an answer is said as {@link NotAsked}. */
async function using<Client extends { destroy(): void }, T>(
  client: Client,
  service: string,
  ask: (client: Client) => Promise<T>,
): Promise<T> {
  try {
    return await ask(client);
  } catch (error) {
    if (error instanceof NotAsked) throw error;
    throw new NotAsked(`${service} does not say it (${failureText(error, service)})`, { cause: error });
  } finally {
    client.destroy();
  }
}

function stackFacts(stack: Stack | undefined): StackFacts {
  const [, region, account] = STACK_ARN.exec(stack?.StackId ?? '') ?? [];
  if (stack?.StackStatus === undefined || region === undefined || account === undefined)
    throw new NotAsked('CloudFormation describes a stack without its id or its status');
  const outputs = (stack.Outputs ?? []).flatMap(({ OutputKey: key, OutputValue: value }) =>
    key === undefined || value === undefined ? [] : [[key, value] as const],
  );
  return { status: stack.StackStatus, outputs: new Map(outputs), account, region };
}

/** Whether STS gives a session of the role. A denial is an answer; a service that is away gives none. */
async function mayAssume(
  roleArn: string,
  { region, profile, ...client }: AccountPlace & typeof CLIENT,
): Promise<boolean> {
  const assume = fromTemporaryCredentials({
    params: { RoleArn: roleArn, RoleSessionName: 'pawl-preflight', DurationSeconds: TRIAL_S },
    clientConfig: {
      ...client,
      ...(region === undefined ? {} : { region }),
      ...(profile === undefined ? {} : { profile }),
    },
  });
  try {
    await assume();
    return true;
  } catch (error) {
    const { status, isForeign } = failedRequest(error);
    if (status !== undefined && status < SERVER_ERROR && !isForeign) return false;
    throw new NotAsked(`STS does not say it (${failureText(error, 'STS')})`, { cause: error });
  }
}

async function loadBalancerNames(client: ElasticLoadBalancingV2Client): Promise<ReadonlySet<string>> {
  const names = new Set<string>();
  let Marker: string | undefined;
  for (let page = 0; page < PAGES_MAX; page += 1) {
    const answer = await client.send(new DescribeLoadBalancersCommand({ Marker }));
    for (const { DNSName } of answer.LoadBalancers ?? []) if (DNSName) names.add(DNSName.toLowerCase());
    Marker = answer.NextMarker;
    if (Marker === undefined || Marker === '') return names;
  }
  throw new NotAsked('the Region has more load balancers than a preflight reads');
}
