// @module-tag slow
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { Route53Client } from '@aws-sdk/client-route-53';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { ROLES } from '../../lib/roles.ts';
import { METRICS } from '../../lib/telemetry/metric-names.ts';
import { powertoolsTelemetry } from '../../lib/telemetry/powertools-telemetry.ts';
import type { MetricLine } from './invoked.ts';
import { imported } from './invoked.ts';
import { quietServices } from './quiet-services.ts';

const dynamodb = mockClient(DynamoDBClient);
const route53 = mockClient(Route53Client);
const lambda = mockClient(LambdaClient);

afterAll(() => {
  dynamodb.restore();
  route53.restore();
  lambda.restore();
});

const MINUTES = 60;
/**
 * Lambda makes an asynchronous run that failed once more (lib/infrastructure/role-function.ts), and the stream gives
 * news that failed once more (lib/infrastructure/stream-reader.ts).
 */
const TRIES = 2;
const SWEEP = { cell: 'use1-a', mode: 'sweep' };

beforeEach(() => quietServices(dynamodb, route53));

interface Volume {
  readonly lines: number;
  readonly values: number;
}

/** What is 0 has no value, so a quiet run has few: a try of a fault has one more at most, that it failed. */
function valuesAtMost(quiet: Volume): number {
  return TRIES * (quiet.values + MINUTES);
}

/** The values of all metrics of a line. */
function valuesIn(line: MetricLine): number {
  return line._aws.CloudWatchMetrics.flatMap(({ Metrics }) => Metrics).reduce((sum, { Name }) => {
    const value = line[Name];
    return sum + (Array.isArray(value) ? value.length : 1);
  }, 0);
}

/** An hour of sweeps of a function, with the tries of those that fail. */
async function hour(
  name: (typeof ROLES)[number]['name'] | 'herald',
  event: unknown = SWEEP,
): Promise<Volume> {
  const { invoke, metrics, lines } = await imported(name);
  for (let minute = 0; minute < MINUTES; minute += 1) {
    for (let tries = 0; tries < TRIES; tries += 1) {
      const isDone = await invoke(event).then(
        () => true,
        () => false,
      );
      if (isDone) break;
    }
  }
  return {
    lines: lines(),
    values: metrics().reduce((sum, line) => sum + valuesIn(line), 0),
  };
}

test.each(ROLES.map(({ name }) => name))(
  'while DynamoDB refuses for an hour the %s writes at most twice what it writes in a quiet one',
  async (name) => {
    const quiet = await hour(name);
    expect(quiet.lines).toBeGreaterThanOrEqual(MINUTES);
    dynamodb.reset();
    const denied = Object.assign(new Error('denied'), {
      name: 'AccessDeniedException',
      $metadata: { httpStatusCode: 400 },
    });
    dynamodb.rejects(denied);
    const fault = await hour(name);
    expect(fault.lines).toBeLessThanOrEqual(2 * quiet.lines);
    expect(fault.values).toBeLessThanOrEqual(valuesAtMost(quiet));
  },
);

const denied = (status: number) =>
  Object.assign(new Error('denied'), { name: 'AccessDenied', $metadata: { httpStatusCode: status } });

test.each(ROLES.filter(({ rateShare }) => rateShare > 0).map(({ name }) => name))(
  'while Route 53 refuses for an hour the %s writes at most twice what it writes in a quiet one',
  async (name) => {
    const quiet = await hour(name);
    route53.reset();
    route53.rejects(denied(403));
    const fault = await hour(name);
    expect(fault.lines).toBeLessThanOrEqual(2 * quiet.lines);
    expect(fault.values).toBeLessThanOrEqual(valuesAtMost(quiet));
  },
);

test('while no function can be woken for an hour the herald writes at most twice what it writes in a quiet one', async () => {
  const Keys = { pk: { S: 'CELL#use1-a' }, sk: { S: 'EVENT#000000000007' } };
  const NewImage = { type: { S: 'PlanAppended' } };
  const news = { Records: [{ eventName: 'INSERT', dynamodb: { Keys, NewImage } }] };
  lambda.on(InvokeCommand).resolves({ StatusCode: 202 });
  const quiet = await hour('herald', news);
  lambda.reset();
  lambda.rejects(denied(403));
  const fault = await hour('herald', news);
  expect(fault.lines).toBeLessThanOrEqual(2 * quiet.lines);
  expect(fault.values).toBeLessThanOrEqual(2 * quiet.values);
});

test('why runs fail is said once, and when they do not any more', async () => {
  const { invoke, said } = await imported('enactor');
  const failed = () => [...said().matchAll(/"message": ?"((?:over: )?failed)"/g)].map(([, what]) => what);
  route53.reset();
  route53.rejects(denied(403));
  for (let run = 0; run < 3; run += 1) await expect(invoke(SWEEP)).rejects.toThrow();
  expect(failed()).toEqual(['failed']);
  quietServices(dynamodb, route53);
  await invoke(SWEEP);
  expect(failed()).toEqual(['failed', 'over: failed']);
});

test('attempts that Route 53 throttles are one value a run, and a fault is told twice', async () => {
  const lines: string[] = [];
  const values: [string, number][] = [];
  const metrics = {
    addMetric: (name: string, _unit: unknown, value: number) => values.push([name, value]),
    clearDefaultDimensions: () => undefined,
    setDefaultDimensions: () => undefined,
    hasStoredMetrics: () => true,
    publishStoredMetrics: () => undefined,
  };
  const logger = { info: (message: string) => lines.push(message), debug: () => undefined };
  const telemetry = powertoolsTelemetry(
    metrics as unknown as Parameters<typeof powertoolsTelemetry>[0],
    logger as unknown as Parameters<typeof powertoolsTelemetry>[1],
  );
  const run = async (attempts: number, isRefused: boolean) => {
    telemetry.begin({ cell: 'use1-a' });
    for (let attempt = 0; attempt < attempts; attempt += 1) {
      telemetry.count(METRICS.route53Requests, 1, { operation: 'ListResourceRecordSets' });
      if (isRefused) telemetry.note('Route 53 did not do what it was asked', { reason: 'Rate exceeded' });
      if (isRefused) telemetry.count(METRICS.route53Failures, 1, { kind: 'throttled' });
    }
    await telemetry.end(true);
  };
  for (let minute = 0; minute < MINUTES; minute += 1) await run(20, true);
  await run(3, false);
  expect(lines).toEqual([
    'Route 53 did not do what it was asked',
    'over: Route 53 did not do what it was asked',
  ]);
  expect(values).toHaveLength(2 * MINUTES + 1);
  expect(values.slice(0, 2)).toEqual([
    [METRICS.route53Requests, 20],
    [METRICS.route53Failures, 20],
  ]);
});
