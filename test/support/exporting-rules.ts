import { request } from 'node:http';
import { instant } from '../../lib/runtime/clock.ts';
import { meteredRuns } from '../../lib/telemetry/metered-runs.ts';
import { meters } from '../../lib/telemetry/meters.ts';
import { METRIC_FACTS } from '../../lib/telemetry/metric-facts.ts';
import { otlpRunExport } from '../../lib/telemetry/otlp-run-export.ts';
import { powertoolsTelemetry } from '../../lib/telemetry/powertools-telemetry.ts';
import { prometheusReader } from '../../lib/telemetry/prometheus-reader.ts';
import type { RunReadings } from '../../lib/telemetry/run-readings.ts';
import { serveMetrics } from '../../lib/wiring/serve-metrics.ts';
import { otlpCollector } from './otlp-collector.ts';
import { ALL_WATCHES } from './watched-alarms.ts';

// What must hold where metrics leave beside CloudWatch: nothing waits for them but the end of a run, nothing ends because
// of them, and they say what CloudWatch's say. The seeded bugs of test/mutants/exporting-mutants.test.ts break one each.

const nothing = () => undefined;

/** A function's telemetry, with what happened in its order. */
async function orderOfARun(remainingMs: number) {
  const happened: string[] = [];
  const sent: { readonly readings: RunReadings; readonly withinMs: number }[] = [];
  const metrics = {
    addMetric: nothing,
    clearDefaultDimensions: nothing,
    setDefaultDimensions: nothing,
    hasStoredMetrics: () => true,
    publishStoredMetrics: () => happened.push('published'),
  };
  const to = {
    send: async (readings: RunReadings, withinMs: number) => {
      happened.push('exported');
      sent.push({ readings, withinMs });
      return undefined;
    },
  };
  const telemetry = powertoolsTelemetry(
    metrics as unknown as Parameters<typeof powertoolsTelemetry>[0],
    { info: nothing, debug: nothing } as unknown as Parameters<typeof powertoolsTelemetry>[1],
    { now: () => instant(0) },
    { to, worker: 'planner' },
  );
  telemetry.begin({ cell: 'use1-a' });
  telemetry.count('PlannerRuns', 1);
  for (const value of [1, 0]) telemetry.count('BlindSources', value);
  await telemetry.end(true, remainingMs);
  return { happened, sent };
}

async function functions(): Promise<readonly string[]> {
  const { happened, sent } = await orderOfARun(900);
  const [first] = sent;
  return [
    ...(happened[0] === 'published' ? [] : ['a run is exported before its metrics are in the log']),
    ...(first !== undefined && first.withinMs < 900
      ? []
      : ['an export may take more than is left of the time']),
    ...(first?.readings.levels.get('BlindSources') === 1 ? [] : ['a source that was blind in a run is not']),
  ];
}

const SETTINGS = {
  headers: {},
  resource: {},
  temporality: 'delta',
  timeoutMs: 1_500,
  intervalMs: 60_000,
} as const;
const ONE_RUN: RunReadings = { attributes: {}, counts: new Map([['PlannerRuns', 1]]), levels: new Map() };

/** Of a collector that never answers, and of readings that no instrument takes. */
async function collectors(): Promise<readonly string[]> {
  const collector = await otlpCollector();
  collector.answer('never');
  const atOnce = { sleep: async () => undefined };
  const settings = { ...SETTINGS, url: `${collector.url}/v1/metrics` };
  const hanging = await otlpRunExport(settings, '0', atOnce).send(ONE_RUN, 5);
  const patient = { sleep: () => new Promise<void>(nothing) };
  const unknown: RunReadings = { ...ONE_RUN, counts: new Map([['NeverCounted', 1]]) };
  const failing = await otlpRunExport(settings, '0', patient)
    .send(unknown, 5)
    .then(
      (reason) => (reason === undefined ? 'nobody says that an export failed' : undefined),
      () => 'an error of an export ends a run',
    );
  await collector.close();
  return [
    ...(hanging === 'it did not answer within 5 ms' ? [] : ['a collector that hangs holds a run']),
    ...(failing === undefined ? [] : [failing]),
  ];
}

function tables(): readonly string[] {
  return ALL_WATCHES.flatMap(({ metric, statistic }) =>
    METRIC_FACTS.get(metric)?.kind === 'count' && statistic !== 'Sum'
      ? [`${metric} is a count, and its alarm takes the ${statistic}`]
      : [],
  );
}

async function prometheus(): Promise<readonly string[]> {
  const { reader, text } = prometheusReader();
  const { record, close } = meters([reader], {}, '0');
  const { during, telemetry } = meteredRuns('planner', record, () => 0);
  await during('use1-a', async () => {
    telemetry.count('PlannerRuns', 1);
    telemetry.count('LagSeconds', 0);
  });
  const said = await text();
  const server = await serveMetrics({ type: 'text/plain', text: async () => said }, 0);
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const asking = request(server.url, { headers: { host: 'evil.example' } }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    asking.on('error', reject);
    asking.end();
  });
  await server.close();
  await close();
  return [
    ...(said.includes('\nPlannerRuns{cell="use1-a",worker="planner"} 1')
      ? []
      : ['PlannerRuns has another name']),
    ...(said.includes('LagSeconds') ? ['a metric that has no value has one'] : []),
    ...(status === 403 ? [] : ['a page of the web is answered']),
  ];
}

/** The rules that do not hold. */
export async function brokenExportingRules(): Promise<readonly string[]> {
  return [...tables(), ...(await functions()), ...(await collectors()), ...(await prometheus())];
}
