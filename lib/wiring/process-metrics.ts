import { hostname } from 'node:os';
import manifest from '../../package.json' with { type: 'json' };
import { InvalidValue } from '../plan/invariant.ts';
import type { MeteredRuns } from '../telemetry/metered-runs.ts';
import { meteredRuns } from '../telemetry/metered-runs.ts';
import { METRICS } from '../telemetry/metric-names.ts';
import type { OtlpSettings } from '../telemetry/otlp-reader.ts';
import type { RunReadings } from '../telemetry/run-readings.ts';
import { otlpSettings } from './otlp-settings.ts';
import { serveMetrics } from './serve-metrics.ts';

export interface ProcessMetricsRequest {
  /** Where Prometheus may ask for them; 0 takes any free port, undefined serves none. */
  readonly port: number | undefined;
  /** Who counts that an export failed. */
  readonly worker: string;
  /** Called after each export by OTLP, with why it was not taken; undefined when it was. */
  readonly onExport: (reason: string | undefined) => void;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}

/** The metrics of a process that stays: a local world, or an agent that holds leases. */
export interface ProcessMetrics {
  /** Where Prometheus finds them. */
  readonly url: string | undefined;
  /** Why something that was asked for does not come about, a sentence each. Nobody's work ends because of it. */
  readonly troubles: readonly string[];
  record(readings: RunReadings): void;
  /** The runs of one worker; undefined where nobody reads what they count. */
  runsOf(worker: string): MeteredRuns | undefined;
  /** Exports what has come since the last time, and ends. */
  close(): Promise<void>;
}

const NOBODY: ProcessMetrics = {
  url: undefined,
  troubles: [],
  record: () => undefined,
  runsOf: () => undefined,
  close: async () => undefined,
};
/** A process that ends waits so long for a collector. */
const LAST_EXPORT_MS = 2_000;

/** Metrics as the environment (OTLP) and the request (Prometheus) ask for them; the SDK is loaded where one of them does. */
export async function processMetrics(
  { port, worker, onExport, now }: ProcessMetricsRequest,
  env: NodeJS.ProcessEnv = process.env,
): Promise<ProcessMetrics> {
  const resource = {
    'service.name': 'pawl',
    'service.version': manifest.version,
    'service.instance.id': `${hostname()}/${process.pid}`,
  };
  const { settings, refused } = settingsOf(resource, env);
  if (settings === undefined && port === undefined) return { ...NOBODY, troubles: refused };
  const page = port === undefined ? undefined : await prometheus();
  const own = { worker };
  const readers = [
    ...(page === undefined ? [] : [page.reader]),
    ...(settings === undefined ? [] : [await otlp(settings, (reason) => exported(reason))]),
  ];
  const { meters } = await import('../telemetry/meters.ts');
  const { record, close } = meters(readers, settings?.resource ?? resource, manifest.version);
  function exported(reason: string | undefined): void {
    if (reason !== undefined)
      record({ attributes: own, counts: new Map([[METRICS.exportsFailed, 1]]), levels: new Map() });
    onExport(reason);
  }
  const served = page === undefined || port === undefined ? undefined : await listening(page, port);
  return {
    url: served?.url,
    troubles: [...refused, ...(served?.troubles ?? [])],
    record,
    runsOf: (name) => meteredRuns(name, record, now),
    close: async () => {
      await served?.close();
      await withinTime(close(), LAST_EXPORT_MS);
    },
  };
}

function settingsOf(resource: OtlpSettings['resource'], env: NodeJS.ProcessEnv) {
  try {
    return { settings: otlpSettings({ temporality: 'cumulative', resource }, env), refused: [] };
  } catch (error) {
    if (!(error instanceof InvalidValue)) throw error;
    return { settings: undefined, refused: [`Metrics are not exported: ${error.message}`] };
  }
}

async function prometheus() {
  const { prometheusReader, PROMETHEUS_TYPE } = await import('../telemetry/prometheus-reader.ts');
  return { ...prometheusReader(), type: PROMETHEUS_TYPE };
}

async function otlp(settings: OtlpSettings, told: (reason: string | undefined) => void) {
  const { otlpReader } = await import('../telemetry/otlp-reader.ts');
  return otlpReader(settings, told);
}

async function listening(page: Awaited<ReturnType<typeof prometheus>>, port: number) {
  try {
    return { ...(await serveMetrics(page, port)), troubles: [] };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    const why = code === 'EADDRINUSE' ? 'is in use' : `cannot be listened at (${code})`;
    const trouble = `The port ${port} on 127.0.0.1, for metrics, ${why}, so there are none: end what listens there, or give another --metrics-port.`;
    return { url: undefined, troubles: [trouble], close: async () => undefined };
  }
}

/** The work, or the end of its time; what it comes to after that nobody needs. */
async function withinTime(work: Promise<void>, ms: number): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, ms);
  });
  try {
    await Promise.race([work.catch(() => undefined), late]);
  } finally {
    clearTimeout(timer);
  }
}
