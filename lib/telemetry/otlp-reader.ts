import {
  AggregationTemporalityPreference,
  OTLPMetricExporter,
} from '@opentelemetry/exporter-metrics-otlp-http';
import type { IMetricReader, PushMetricExporter } from '@opentelemetry/sdk-metrics';
import { PeriodicExportingMetricReader } from '@opentelemetry/sdk-metrics';

/** Where metrics go by OTLP over HTTP, as the standard variables say it (lib/wiring/otlp-settings.ts). */
export interface OtlpSettings {
  /** The whole URL, such as `https://collector.example/v1/metrics`. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Attributes of the resource: who sends. */
  readonly resource: Readonly<Record<string, string>>;
  readonly temporality: Temporality;
  /** After which an export is given up, milliseconds. */
  readonly timeoutMs: number;
  /** Between two exports of a process that stays, milliseconds. */
  readonly intervalMs: number;
}

/** What a count is sent as: what came since the last export, or all since the process began. */
export type Temporality = 'delta' | 'cumulative' | 'lowmemory';

const PREFERENCES: Readonly<Record<Temporality, AggregationTemporalityPreference>> = {
  delta: AggregationTemporalityPreference.DELTA,
  cumulative: AggregationTemporalityPreference.CUMULATIVE,
  lowmemory: AggregationTemporalityPreference.LOWMEMORY,
};

/** The code of an export that was taken (ExportResultCode of the SDK's core). */
const TAKEN = 0;

/**
 * A reader of the SDK that exports at its interval, and when it is flushed.
 *
 * @param told is called after each export, with why it was not taken; undefined when it was.
 */
export function otlpReader(
  { url, headers, temporality, timeoutMs, intervalMs }: Omit<OtlpSettings, 'resource'>,
  told: (reason: string | undefined) => void,
): IMetricReader {
  const exporter = new OTLPMetricExporter({
    url,
    headers: { ...headers },
    temporalityPreference: PREFERENCES[temporality],
    timeoutMillis: timeoutMs,
    // A connection that a frozen function kept open is dead when it works again.
    keepAlive: false,
  });
  const watched: PushMetricExporter = {
    export: (metrics, done) => {
      exporter.export(metrics, (result) => {
        told(result.code === TAKEN ? undefined : (result.error?.message ?? 'it was not taken'));
        done(result);
      });
    },
    forceFlush: () => exporter.forceFlush(),
    shutdown: () => exporter.shutdown(),
    selectAggregationTemporality: (instrument) => exporter.selectAggregationTemporality(instrument),
    selectAggregation: (instrument) => exporter.selectAggregation(instrument),
  };
  return new PeriodicExportingMetricReader({
    exporter: watched,
    exportIntervalMillis: Math.max(intervalMs, timeoutMs),
    exportTimeoutMillis: timeoutMs,
  });
}
