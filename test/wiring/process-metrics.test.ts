import { request } from 'node:http';
import { afterEach, beforeEach, describe, expect, it, test, vi } from 'vitest';
import type { MeteredRuns } from '../../lib/telemetry/metered-runs.ts';
import type { ProcessMetrics } from '../../lib/wiring/process-metrics.ts';
import { processMetrics } from '../../lib/wiring/process-metrics.ts';
import type { OtlpCollector } from '../support/otlp-collector.ts';
import { otlpCollector } from '../support/otlp-collector.ts';

let open: ProcessMetrics[] = [];
let collector: OtlpCollector;
const told: (string | undefined)[] = [];

beforeEach(async () => {
  told.length = 0;
  collector = await otlpCollector();
});
afterEach(async () => {
  await Promise.all(open.map((each) => each.close()));
  open = [];
  await collector.close();
});

async function opened(port: number | undefined, env: NodeJS.ProcessEnv = {}): Promise<ProcessMetrics> {
  const metrics = await processMetrics(
    { port, worker: 'test', onExport: (reason) => told.push(reason), now: () => Date.now() },
    env,
  );
  open.push(metrics);
  return metrics;
}

const planners = new WeakMap<ProcessMetrics, MeteredRuns | undefined>();

/** The one planner of a process. */
function plannerOf(metrics: ProcessMetrics): MeteredRuns | undefined {
  const runs = planners.get(metrics) ?? metrics.runsOf('planner');
  planners.set(metrics, runs);
  return runs;
}

/** One run of a planner that counts what a planner does. */
async function plannedOnce(
  metrics: ProcessMetrics,
  more: Readonly<Record<string, number>> = {},
): Promise<void> {
  const runs = plannerOf(metrics);
  await runs?.during('use1-a', async () => {
    runs.telemetry.count('PlannerRuns', 1, { cell: 'use1-a' });
    runs.telemetry.count('PlannerBlocked', 0, { cell: 'use1-a' });
    for (const [name, value] of Object.entries(more)) runs.telemetry.count(name, value, { cell: 'use1-a' });
  });
}

interface Answer {
  readonly status: number | undefined;
  readonly type: string | undefined;
  readonly text: string;
}

function asked(url: string | undefined, host?: string, method = 'GET', path?: string): Promise<Answer> {
  const to = new URL(path ?? '', url);
  return new Promise((resolve, reject) => {
    const sent = request(to, { method, ...(host === undefined ? {} : { headers: { host } }) }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += String(chunk);
      });
      response.on('end', () =>
        resolve({ status: response.statusCode, type: response.headers['content-type'], text }),
      );
    });
    sent.on('error', reject);
    sent.end();
  });
}

const samples = (text: string) => text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));

describe('Prometheus', () => {
  it('reads the names of CloudWatch, with the cell and who ran, and nothing that has no value', async () => {
    const metrics = await opened(0);
    await plannedOnce(metrics, {
      LagSeconds: 0,
      PlansHeld: 1,
      GoalGeneration: 7,
      FencesLost: 0,
      PlansProposed: 1,
    });
    await plannedOnce(metrics);
    const { status, type, text } = await asked(metrics.url);
    expect({ status, type }).toEqual({ status: 200, type: 'text/plain; version=0.0.4; charset=utf-8' });
    expect(samples(text).sort()).toEqual([
      'PlannerBlocked{cell="use1-a",worker="planner"} 0',
      'PlannerRuns{cell="use1-a",worker="planner"} 2',
      'PlansHeld{cell="use1-a",worker="planner"} 1',
      'PlansProposed{cell="use1-a",worker="planner"} 1',
    ]);
    expect(text).toContain('# TYPE PlannerRuns counter\n');
    expect(text).toContain('# TYPE PlansHeld gauge\n');
    expect(text).toContain('# HELP PlansHeld 1 while a plan waits for an approval, else 0.\n');
    expect(text).not.toContain('_total');
  });

  it('sees the end of a trouble, and the run that failed', async () => {
    const metrics = await opened(0);
    await plannedOnce(metrics, { LagSeconds: 700 });
    await plannedOnce(metrics, { LagSeconds: 0 });
    const failing = plannerOf(metrics)?.during('use1-a', async () => {
      throw new Error('the table is away');
    });
    await expect(failing).rejects.toThrow('the table is away');
    const { text } = await asked(metrics.url);
    expect(samples(text)).toContain('LagSeconds{cell="use1-a",worker="planner"} 0');
    expect(samples(text)).toContain('RunsFailed{cell="use1-a",worker="planner"} 1');
  });

  it('sees the worse of two values of one run', async () => {
    const metrics = await opened(0);
    const runs = metrics.runsOf('planner');
    await runs?.during('use1-a', async () => {
      for (const value of [1, 0]) {
        runs.telemetry.count('BlindSources', value);
        runs.telemetry.count('CellsHalfFrozen', value);
      }
    });
    const { text } = await asked(metrics.url);
    expect(samples(text)).toContain('BlindSources{cell="use1-a",worker="planner"} 1');
    expect(samples(text)).toContain('CellsHalfFrozen{cell="use1-a",worker="planner"} 0');
  });

  test.each(['evil.example', 'evil.example:80', '127.0.0.1.evil.example', '0.0.0.0'])(
    'is refused under the name "%s", by which a page of the web would come',
    async (host) => {
      const metrics = await opened(0);
      await plannedOnce(metrics);
      const answer = await asked(metrics.url, host);
      expect(answer.status).toBe(403);
      expect(answer.text).not.toContain('PlannerRuns');
    },
  );

  it('is answered under the names of this machine, at one path, and reads alone', async () => {
    const metrics = await opened(0);
    await plannedOnce(metrics);
    expect((await asked(metrics.url, 'localhost:9464')).status).toBe(200);
    expect(await asked(metrics.url, undefined, 'HEAD')).toMatchObject({ status: 200, text: '' });
    for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS'])
      expect((await asked(metrics.url, undefined, method)).status).toBe(405);
    expect((await asked(metrics.url, undefined, 'GET', '/')).status).toBe(404);
  });

  it('is told in a sentence where the port is in use, and the runs go on', async () => {
    const first = await opened(0);
    const second = await opened(Number(new URL(first.url ?? '').port));
    expect(second.url).toBeUndefined();
    expect(second.troubles).toEqual([
      expect.stringMatching(/^The port \d+ on 127[.]0[.]0[.]1, for metrics, is in use.*--metrics-port[.]$/),
    ]);
    await plannedOnce(second);
  });
});

describe('a process that stays', () => {
  const env = () => ({
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
    OTEL_METRIC_EXPORT_INTERVAL: '100',
    OTEL_EXPORTER_OTLP_TIMEOUT: '100',
  });

  it('meters nothing that nobody reads', async () => {
    const metrics = await opened(undefined);
    expect(metrics).toMatchObject({ url: undefined, troubles: [] });
    expect(metrics.runsOf('planner')).toBeUndefined();
  });

  it('exports at its interval, counts since it began', async () => {
    const metrics = await opened(undefined, env());
    await plannedOnce(metrics);
    await vi.waitFor(() => expect(collector.points.length).toBeGreaterThan(0));
    await plannedOnce(metrics);
    await vi.waitFor(() =>
      expect(collector.points).toContainEqual(expect.objectContaining({ name: 'PlannerRuns', value: 2 })),
    );
    expect(collector.points.find(({ name }) => name === 'PlannerRuns')).toMatchObject({
      kind: 'sum',
      isMonotonic: true,
      temporality: 2,
      attributes: { cell: 'use1-a', worker: 'planner' },
      resource: { 'service.name': 'pawl' },
    });
  });

  it('exports what is new when it ends', async () => {
    const metrics = await opened(undefined, {
      ...env(),
      OTEL_METRIC_EXPORT_INTERVAL: '3600000',
      OTEL_EXPORTER_OTLP_TIMEOUT: '5000',
    });
    await plannedOnce(metrics);
    await metrics.close();
    expect(collector.points.map(({ name }) => name)).toContain('PlannerRuns');
  });

  it('goes on while a collector is away, and counts how often it was', async () => {
    const metrics = await opened(0, env());
    collector.answer(500);
    await plannedOnce(metrics);
    await vi.waitFor(() => expect(told.filter((reason) => reason !== undefined).length).toBeGreaterThan(1));
    await plannedOnce(metrics);
    expect((await asked(metrics.url)).text).toMatch(/^ExportsFailed\{worker="test"\} [1-9]/m);
    collector.answer(200);
    await vi.waitFor(() => expect(told.at(-1)).toBeUndefined());
    expect(collector.points).toContainEqual(expect.objectContaining({ name: 'PlannerRuns', value: 2 }));
  });

  it('says what it cannot mean, and goes on', async () => {
    const metrics = await opened(0, { OTEL_EXPORTER_OTLP_ENDPOINT: 'collector' });
    expect(metrics.troubles).toEqual([
      'Metrics are not exported: OTEL_EXPORTER_OTLP_ENDPOINT is not a URL: use one such as https://collector.example:4318.',
    ]);
    expect(metrics.url).toBeDefined();
  });
});
