import { CloudWatchClient, PutMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import type { FilterLogEventsCommandOutput } from '@aws-sdk/client-cloudwatch-logs';
import {
  CloudWatchLogsClient,
  FilterLogEventsCommand,
  ResourceNotFoundException,
} from '@aws-sdk/client-cloudwatch-logs';

/** A line of the embedded metric format, as far as it is read. */
interface EmbeddedLine {
  readonly _aws: {
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string }[];
    }[];
  };
  readonly [field: string]: unknown;
}

const BATCH_MAX = 500;

/**
 * Does what CloudWatch Logs does with lines of the embedded metric format, and no emulator does: every metric in these
 * log groups is put, with its dimensions. Each line once, however often this is called.
 */
export function embeddedMetrics(logGroups: readonly string[]) {
  const seen = new Set<string>();
  return async (): Promise<number> => {
    const logs = new CloudWatchLogsClient({});
    const metrics = new CloudWatchClient({});
    let put = 0;
    for (const logGroupName of logGroups) {
      let nextToken: string | undefined;
      do {
        const asked = { logGroupName, ...(nextToken === undefined ? {} : { nextToken }) };
        const page = await logs.send(new FilterLogEventsCommand(asked)).catch(noneThere);
        for (const { timestamp, message = '' } of page.events ?? []) {
          // MiniStack gives the lines of functions no event id to tell them apart by.
          const line = `${logGroupName} ${timestamp} ${message}`;
          if (seen.has(line) || !message.includes('"_aws"')) continue;
          seen.add(line);
          put += await putLine(metrics, JSON.parse(message) as EmbeddedLine);
        }
        nextToken = page.nextToken;
      } while (nextToken !== undefined);
    }
    logs.destroy();
    metrics.destroy();
    return put;
  };
}

/** A log group that Lambda would make by itself is not there when the functions write to others. */
function noneThere(error: unknown): FilterLogEventsCommandOutput {
  if (error instanceof ResourceNotFoundException) return { $metadata: {}, events: [] };
  throw error;
}

async function putLine(client: CloudWatchClient, line: EmbeddedLine): Promise<number> {
  let put = 0;
  for (const { Namespace, Dimensions, Metrics } of line._aws.CloudWatchMetrics) {
    const data = Metrics.slice(0, BATCH_MAX).map(({ Name }) => ({
      MetricName: Name,
      Values: [line[Name]].flat().map(Number),
      Dimensions: (Dimensions[0] ?? []).map((name) => ({ Name: name, Value: String(line[name]) })),
    }));
    if (data.length === 0) continue;
    await client.send(new PutMetricDataCommand({ Namespace, MetricData: data }));
    put += data.length;
  }
  return put;
}
