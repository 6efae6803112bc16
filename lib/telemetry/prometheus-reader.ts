import { PrometheusExporter, PrometheusSerializer } from '@opentelemetry/exporter-prometheus';
import type { IMetricReader } from '@opentelemetry/sdk-metrics';
import { METRIC_FACTS } from './metric-facts.ts';

/** What the text of Prometheus is served as. */
export const PROMETHEUS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** A reader of the SDK that is asked for the text. */
export interface PrometheusReader {
  readonly reader: IMetricReader;
  /** Everything that has a value, in the text format of Prometheus. */
  text(): Promise<string>;
}

/** The serializer ends the name of a count with it, which the text format does not ask for. */
const ENDING = '_total';
const COUNTS = [...METRIC_FACTS].flatMap(([name, { kind }]) => (kind === 'count' ? [name] : []));
const ENDED = new RegExp(`^(# (?:HELP|TYPE|UNIT) )?(${COUNTS.join('|')})${ENDING}(?=[ {])`, 'gm');

/** The metrics under the names that they have in CloudWatch: with them one dashboard and one set of alerts fit all. */
export function prometheusReader(): PrometheusReader {
  // Its own server listens for any Host.
  const reader = new PrometheusExporter({ preventServerStart: true });
  const serializer = new PrometheusSerializer(undefined, false, undefined, true, true);
  return {
    reader,
    text: async () => {
      const { resourceMetrics } = await reader.collect();
      return `${serializer.serialize(resourceMetrics).replace(ENDED, '$1$2').trimEnd()}\n`;
    },
  };
}
