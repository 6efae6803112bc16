import { vi } from 'vitest';
import type { RoleName } from '../../lib/roles.ts';
import { functionEnvironment } from './function-environment.ts';

/** As much of Lambda's context as the middlewares and handlers look at. */
function lambdaContext(remainingMs = 60_000) {
  const end = Date.now() + remainingMs;
  return {
    functionName: 'pawl-enactor',
    functionVersion: '$LATEST',
    memoryLimitInMB: '512',
    invokedFunctionArn: 'arn:aws:lambda:us-east-1:123456789012:function:pawl-enactor',
    awsRequestId: 'request-1',
    logGroupName: 'log',
    logStreamName: 'stream',
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: () => end - Date.now(),
    done: () => undefined,
    fail: () => undefined,
    succeed: () => undefined,
  };
}

/** One line of the embedded metric format. */
export interface MetricLine {
  readonly _aws: {
    readonly Timestamp: number;
    readonly CloudWatchMetrics: readonly {
      readonly Namespace: string;
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string }[];
    }[];
  };
  readonly [name: string]: unknown;
}

type Handler = (event: unknown, context: unknown) => Promise<unknown>;

/** A function as Lambda has it: the file imported anew in its environment, with what it printed. */
export async function imported(
  name: RoleName | 'herald' | 'bake' | 'webhook' | 'trail',
  environment: Readonly<Record<string, string>> = functionEnvironment,
) {
  for (const [variable, value] of Object.entries(environment)) vi.stubEnv(variable, value);
  // So that Powertools writes through the console, where this sees it; it would write no metrics there by itself.
  vi.stubEnv('POWERTOOLS_DEV', 'true');
  vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'false');
  const lines: string[] = [];
  for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) {
    vi.spyOn(console, method).mockImplementation((...said: readonly unknown[]) => {
      lines.push(said.map(String).join(' '));
    });
  }
  vi.resetModules();
  const module: { handler: Handler } = await import(`../../functions/${name}.ts`);
  // What it loads beside its work, in a machine that is busy with other tests.
  await vi.dynamicImportSettled();
  return {
    invoke: (event: unknown, remainingMs?: number) => module.handler(event, lambdaContext(remainingMs)),
    metrics: (): readonly MetricLine[] =>
      lines.filter((line) => line.includes('"_aws"')).map((line) => JSON.parse(line)),
    said: () => lines.join('\n'),
    /** Lines of the log, metrics included. */
    lines: () => lines.length,
  };
}
