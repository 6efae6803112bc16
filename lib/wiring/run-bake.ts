import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, GetMetricDataCommand, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import { z } from 'zod';
import type { Baked, BakeWatch } from '../bake/bake.ts';
import { bake } from '../bake/bake.ts';
import type { Clock } from '../runtime/clock.ts';
import { failureText } from '../runtime/failed-request.ts';
import type { StackRequest } from './stack-answer.ts';

/** What the stack writes into the environment of the function that bakes (lib/infrastructure/bake-resource.ts). */
const settings = z.object({
  PAWL_BAKE_SECONDS: z.coerce.number().int().min(1).max(600),
  /** What the names of all alarms of the stack begin with. */
  PAWL_ALARM_PREFIX: z.string().min(1),
  /** What the names of its root cause alarms end with, divided by commas. */
  PAWL_ROOT_ALARMS: z.string().min(1),
  /** The function of the enactor that is new first. */
  PAWL_FIRST_ENACTOR: z.string().min(1),
});
type Settings = z.infer<typeof settings>;

const CLIENT = {
  maxAttempts: 1,
  requestHandler: { connectionTimeout: 3_000, requestTimeout: 8_000, throwOnRequestTimeout: true },
} as const;
/** Alarms that ring, in pages of a hundred (DescribeAlarms, API reference). */
const PAGES_MAX = 20;
const PAGE = 100;
const PERIOD_S = 60;

/** Bakes as the environment says, for a request of CloudFormation's. A wrong environment is a watch that sees nothing. */
export async function runBake(
  { RequestType, StackId }: StackRequest,
  clock: Clock,
  env: NodeJS.ProcessEnv = process.env,
): Promise<Baked> {
  const of = settings.safeParse(env);
  const clients = { stacks: new CloudFormationClient(CLIENT), metrics: new CloudWatchClient(CLIENT) };
  try {
    const request = { kind: RequestType, seconds: of.data?.PAWL_BAKE_SECONDS ?? 0 };
    return await bake({ watch: awsWatch(clients, StackId, of), clock }, request);
  } finally {
    clients.stacks.destroy();
    clients.metrics.destroy();
  }
}

interface Clients {
  readonly stacks: CloudFormationClient;
  readonly metrics: CloudWatchClient;
}

function awsWatch(
  { stacks, metrics }: Clients,
  stackId: string,
  parsed: z.ZodSafeParseResult<Settings>,
): BakeWatch {
  // Not before it is needed: the status of the stack, on which everything rests, needs none of them.
  const known = (): Settings => {
    if (parsed.success) return parsed.data;
    throw new Error(`the environment of the function is wrong: ${z.prettifyError(parsed.error)}`);
  };
  return {
    status: () =>
      told('CloudFormation', async () => {
        const { Stacks } = await stacks.send(new DescribeStacksCommand({ StackName: stackId }));
        const status = Stacks?.[0]?.StackStatus;
        if (status === undefined) throw new Error('an answer without a status');
        return status;
      }),
    ringing: () =>
      told('CloudWatch', async () => {
        const { PAWL_ALARM_PREFIX, PAWL_ROOT_ALARMS } = known();
        const roots = PAWL_ROOT_ALARMS.split(',');
        const found: string[] = [];
        let pages = 0;
        const query = {
          AlarmNamePrefix: PAWL_ALARM_PREFIX,
          AlarmTypes: ['MetricAlarm' as const],
          StateValue: 'ALARM' as const,
        };
        for await (const { MetricAlarms } of paginateDescribeAlarms(
          { client: metrics, pageSize: PAGE },
          query,
        )) {
          found.push(...(MetricAlarms ?? []).flatMap(({ AlarmName }) => AlarmName ?? []));
          pages += 1;
          if (pages === PAGES_MAX) break;
        }
        return found.filter((name) => roots.includes(name.split('.').at(-1) ?? ''));
      }),
    runs: (from, to) =>
      told('CloudWatch', async () => {
        const { PAWL_FIRST_ENACTOR } = known();
        if (from >= to) return { ended: 0, failed: 0 };
        const { MetricDataResults } = await metrics.send(
          new GetMetricDataCommand({
            StartTime: new Date(from),
            EndTime: new Date(to),
            MetricDataQueries: ['Invocations', 'Errors'].map((name) => metric(name, PAWL_FIRST_ENACTOR)),
          }),
        );
        const sum = (id: string) =>
          (MetricDataResults?.find(({ Id }) => Id === id)?.Values ?? []).reduce((all, each) => all + each, 0);
        return { ended: sum('invocations'), failed: sum('errors') };
      }),
  };
}

/** What Lambda counts of a function, by the minute (Lambda Developer Guide, "Types of metrics for Lambda functions"). */
function metric(name: string, functionName: string) {
  return {
    Id: name.toLowerCase(),
    MetricStat: {
      Metric: {
        Namespace: 'AWS/Lambda',
        MetricName: name,
        Dimensions: [{ Name: 'FunctionName', Value: functionName }],
      },
      Period: PERIOD_S,
      Stat: 'Sum',
    },
  };
}

async function told<Answer>(service: string, ask: () => Promise<Answer>): Promise<Answer> {
  try {
    return await ask();
  } catch (cause) {
    throw new Error(`${service} does not say it: ${failureText(cause, service)}`, { cause });
  }
}
