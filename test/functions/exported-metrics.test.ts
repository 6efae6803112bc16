import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { Route53Client } from '@aws-sdk/client-route-53';
import { mockClient } from 'aws-sdk-client-mock';
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { ROLES } from '../../lib/roles.ts';
import { METRIC_FACTS } from '../../lib/telemetry/metric-facts.ts';
import type { OtlpCollector } from '../support/otlp-collector.ts';
import { otlpCollector } from '../support/otlp-collector.ts';
import { functionEnvironment } from './function-environment.ts';
import type { MetricLine } from './invoked.ts';
import { imported } from './invoked.ts';
import { quietServices } from './quiet-services.ts';

const dynamodb = mockClient(DynamoDBClient);
const route53 = mockClient(Route53Client);

// They stand in for every client of their class, also in the next file of the same worker.
afterAll(() => {
  dynamodb.restore();
  route53.restore();
});

const SWEEP = { cell: 'use1-a', mode: 'sweep' };
let collector: OtlpCollector;

beforeEach(async () => {
  quietServices(dynamodb, route53);
  collector = await otlpCollector();
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await collector.close();
});

const environment = (more: Readonly<Record<string, string>> = {}) => ({
  ...functionEnvironment,
  AWS_LAMBDA_LOG_STREAM_NAME: '2026/11/28/[$LATEST]0123',
  OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
  ...more,
});

/** What the lines of the embedded metric format say of each metric: every value, by name. */
function embedded(lines: readonly MetricLine[]): ReadonlyMap<string, readonly number[]> {
  const values = new Map<string, readonly number[]>();
  for (const line of lines) {
    for (const { Metrics } of line._aws.CloudWatchMetrics) {
      for (const { Name } of Metrics)
        values.set(Name, [...(values.get(Name) ?? []), ...[line[Name]].flat().map(Number)]);
    }
  }
  return values;
}

/** What OpenTelemetry has of the same values: the sum of a count, of a level the value by which an alarm judges. */
function expected(name: string, values: readonly number[]): number {
  const facts = METRIC_FACTS.get(name);
  if (facts?.kind === 'count') return values.reduce((sum, each) => sum + each, 0);
  return facts?.worst === 'lowest' ? Math.min(...values) : Math.max(...values);
}

describe.each(ROLES)('a run of the $name', ({ name }) => {
  test('is exported as it is published: the same names, the same values, the cell as an attribute', async () => {
    const { invoke, metrics } = await imported(name, environment());
    await invoke(SWEEP);
    const published = embedded(metrics());
    expect(published.size).toBeGreaterThan(0);
    expect(Object.fromEntries(collector.points.map(({ name: metric, value }) => [metric, value]))).toEqual(
      Object.fromEntries([...published].map(([metric, values]) => [metric, expected(metric, values)])),
    );
    for (const {
      name: metric,
      kind,
      isMonotonic,
      temporality,
      unit,
      description,
      attributes,
      resource,
    } of collector.points) {
      const facts = METRIC_FACTS.get(metric);
      expect({ unit, description }).toEqual({ unit: facts?.unit, description: facts?.says });
      expect(kind).toBe(facts?.kind === 'count' ? 'sum' : 'gauge');
      if (kind === 'sum') expect({ isMonotonic, temporality }).toEqual({ isMonotonic: true, temporality: 1 });
      expect(attributes).toEqual({ cell: 'use1-a', worker: 'enactor-a' });
      expect(resource).toMatchObject({
        'service.name': 'pawl',
        'service.instance.id': 'enactor-a/2026/11/28/[$LATEST]0123',
      });
    }
  });

  test('sends what came since the run before, and the same as CloudWatch gets in each', async () => {
    const { invoke, metrics } = await imported(name, environment());
    for (let run = 0; run < 3; run += 1) {
      const [lines, points] = [metrics().length, collector.points.length];
      await invoke(SWEEP);
      expect(
        Object.fromEntries(collector.points.slice(points).map((point) => [point.name, point.value])),
      ).toEqual(
        Object.fromEntries(
          [...embedded(metrics().slice(lines))].map(([metric, values]) => [metric, expected(metric, values)]),
        ),
      );
    }
  });
});

describe('a function', () => {
  test('exports nothing, and asks nobody, unless an endpoint is configured', async () => {
    const { invoke } = await imported('planner', { ...environment(), OTEL_EXPORTER_OTLP_ENDPOINT: '' });
    await invoke(SWEEP);
    expect(collector.requests).toEqual([]);
  });

  test('exports nothing where OpenTelemetry is switched off', async () => {
    const { invoke } = await imported('planner', environment({ OTEL_SDK_DISABLED: 'true' }));
    await invoke(SWEEP);
    expect(collector.requests).toEqual([]);
  });

  test('sends its headers, and the attributes that the environment gives it', async () => {
    const { invoke } = await imported(
      'planner',
      environment({
        OTEL_EXPORTER_OTLP_HEADERS: 'x-key=a%3Db',
        OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=test',
        OTEL_SERVICE_NAME: 'dns',
      }),
    );
    await invoke(SWEEP);
    expect(collector.requests).toMatchObject([{ path: '/v1/metrics', headers: { 'x-key': 'a=b' } }]);
    expect(collector.points[0]?.resource).toMatchObject({
      'service.name': 'dns',
      'deployment.environment.name': 'test',
    });
  });

  test('exports a run that failed, after it has said that it failed', async () => {
    const { invoke, metrics } = await imported('planner', environment());
    await expect(invoke({ ...SWEEP, force: true })).rejects.toMatchObject({ name: 'EventRefused' });
    expect(metrics()[0]).toMatchObject({ RunsFailed: 1 });
    expect(collector.points).toMatchObject([
      { name: 'RunsFailed', value: 1, attributes: { cell: 'use1-a' } },
    ]);
  });

  test('has done its work, and published it, before it asks the collector', async () => {
    const { invoke, metrics } = await imported('planner', environment());
    collector.answer('never');
    const outcome = invoke(SWEEP);
    await vi.waitFor(() => expect(collector.requests).toHaveLength(1));
    expect(dynamodb.calls().length).toBeGreaterThan(0);
    expect(embedded(metrics()).get('PlannerRuns')).toEqual([1]);
    expect(await outcome).toMatchObject({ type: 'idle' });
  });
});

describe('a collector', () => {
  const bad: readonly (readonly [string, () => Promise<void>])[] = [
    ['that never answers', async () => collector.answer('never')],
    ['that answers 500', async () => collector.answer(500)],
    ['that answers 503', async () => collector.answer(503)],
    ['that answers 401', async () => collector.answer(401)],
    ['that is not there', () => collector.close()],
  ];

  test.each(bad)('%s fails no run; it is noted once and counted each time', async (_what, break_) => {
    const { invoke, metrics, said } = await imported('planner', environment());
    await break_();
    for (let run = 1; run <= 2; run += 1) {
      expect(await invoke(SWEEP)).toMatchObject({ type: 'idle' });
      expect(embedded(metrics()).get('ExportsFailed')).toEqual(Array.from({ length: run }, () => 1));
    }
    expect(embedded(metrics()).get('PlannerRuns')).toEqual([1, 1]);
    expect(said().match(/metrics were not exported/g)).toHaveLength(1);
  });

  test('that is back is told again, and says nothing of the runs that it missed', async () => {
    const { invoke, said } = await imported('planner', environment());
    collector.answer(500);
    await invoke(SWEEP);
    await invoke(SWEEP);
    collector.answer(200);
    await invoke(SWEEP);
    expect(said()).toContain('over: metrics were not exported');
    expect(collector.points.filter(({ name }) => name === 'PlannerRuns')).toMatchObject([{ value: 1 }]);
  });

  test('is not waited for beyond the time of the function', async () => {
    const { invoke, metrics } = await imported('planner', environment());
    await invoke(SWEEP, 250).catch(() => undefined);
    expect(collector.requests).toEqual([]);
    expect(embedded(metrics()).get('ExportsFailed')).toEqual([1]);
  });

  test('whose address nobody can mean fails no run, and is counted', async () => {
    const { invoke, metrics, said } = await imported(
      'planner',
      environment({ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector:4318' }),
    );
    expect(await invoke(SWEEP)).toMatchObject({ type: 'idle' });
    expect(embedded(metrics()).get('ExportsFailed')).toEqual([1]);
    expect(said()).toContain('OTEL_EXPORTER_OTLP_ENDPOINT is not a URL');
  });
});
