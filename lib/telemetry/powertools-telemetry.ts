import type { Logger } from '@aws-lambda-powertools/logger';
import type { Metrics } from '@aws-lambda-powertools/metrics';
import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Telemetry } from './telemetry.ts';

// See docs/adr/0021-one-dimension.md.
/** The dimensions that a metric keeps. Each combination of their values is billed by the month as a metric. */
const KEPT: readonly string[] = ['cell'];

/**
 * Telemetry of a function: metrics as lines of the embedded metric format, notes as lines of JSON.
 *
 * A function works for one cell at a time and `metrics` carries that cell as its dimension. Every other dimension of
 * a count (which operation, which outcome) goes into a line of the log instead: a metric costs the same whether it is
 * used or not, and a query over the log answers the rare question.
 */
export function powertoolsTelemetry(metrics: Metrics, logger: Logger): Telemetry {
  return {
    count: (metric, value, dimensions = {}) => {
      const rest = Object.entries(dimensions).filter(([name]) => !KEPT.includes(name));
      metrics.addMetric(metric, MetricUnit.Count, value);
      if (rest.length > 0) logger.debug('counted', { metric, value, ...Object.fromEntries(rest) });
    },
    note: (message, facts = {}) => {
      logger.info(message, { facts });
    },
  };
}
