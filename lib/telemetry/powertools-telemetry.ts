import type { Logger } from '@aws-lambda-powertools/logger';
import type { Metrics } from '@aws-lambda-powertools/metrics';
import { MetricUnit } from '@aws-lambda-powertools/metrics';
import type { Clock } from '../runtime/clock.ts';
import { systemClock } from '../runtime/clock.ts';
import { METRICS, publicationOf } from './metric-names.ts';
import { repeatedNotes } from './repeated-notes.ts';
import type { WorkerExport } from './run-export.ts';
import { readingsBook } from './run-readings.ts';
import { sparseValues } from './sparse-values.ts';
import type { Telemetry } from './telemetry.ts';

/** What every metric of a run is of: a cell, or the ledger where no cell is meant. */
export type RunDimension = { readonly cell: string } | { readonly ledger: string };

/** Telemetry of a function, which does one run at a time. */
export interface FunctionTelemetry extends Telemetry {
  /** Begins a run: what is counted from now on is of this cell or ledger. */
  begin(dimension: RunDimension): void;
  /** What this run counted that stands in its log line alone: the last level of each. */
  levels(): Readonly<Record<string, number>>;
  /** Says why the run failed, with the stack, unless the runs before it failed for the same reason. */
  failed(error: Error): void;
  /**
   * Ends it: what was summed up is counted, the metrics are published and then exported, and faults that are over are
   * told. Never throws because of an export.
   *
   * @param isWhole whether it did its work.
   * @param remainingMs what is left of the function's time; enough unless given.
   */
  end(isWhole: boolean, remainingMs?: number): Promise<void>;
}

// See docs/adr/0021-one-dimension.md.
/** The dimensions that a metric keeps. Each combination of their values is billed by the month as a metric. */
const KEPT: readonly string[] = ['cell'];
/** Counted at every attempt of a request, so that a service that fails would multiply them: one value a run, the sum. */
const SUMMED: readonly string[] = [METRICS.route53Requests, METRICS.route53Failures];
/** An export delays the end of a run by so much at most, whatever the collector does. */
const EXPORT_MAX_MS = 1_000;
/** What an export leaves of the function's time: to say that it failed, and to answer. */
const KEPT_BACK_MS = 300;

/**
 * Telemetry of a function: metrics as lines of the embedded metric format, notes as lines of JSON.
 *
 * A function works for one cell at a time and `metrics` carries that cell as its dimension. Every other dimension of
 * a count (which operation, which outcome) goes into a line of the log instead: a metric costs the same whether it is
 * used or not, and a query over the log answers the rare question. For the same reason most metrics are published above
 * 0 alone, and some never: see {@link publicationOf}.
 *
 * A fault that goes on does not multiply lines or values: see repeated-notes.ts.
 *
 * @param exporting where the published values go beside that, when a run ends; nowhere unless given.
 */
export function powertoolsTelemetry(
  metrics: Metrics,
  logger: Logger,
  { now }: Pick<Clock, 'now'> = systemClock,
  exporting?: WorkerExport,
): FunctionTelemetry {
  let run: RunDimension | undefined;
  const sums = new Map<string, number>();
  const levels = new Map<string, number>();
  const sparse = sparseValues(now);
  const notes = repeatedNotes((message, facts) => logger.info(message, { facts }), now);
  const book = readingsBook();
  const give = (metric: string, value: number): void => {
    metrics.addMetric(metric, MetricUnit.Count, value);
    book.add(metric, value);
  };
  const publish = (metric: string, value: number): void => {
    switch (publicationOf(metric)) {
      case 'always':
        give(metric, value);
        return;
      case 'above-zero':
        if (sparse.isPublished(JSON.stringify(run), metric, value)) give(metric, value);
        return;
      case 'logged':
        levels.set(metric, value);
    }
  };
  /** After everything else of the run, and after its metrics are in the log: nothing waits for a collector but the end. */
  const sendOut = async ({ to, worker }: WorkerExport, remainingMs: number): Promise<void> => {
    const readings = book.take({ ...run, worker });
    if (readings.counts.size + readings.levels.size === 0) return;
    const withinMs = Math.min(EXPORT_MAX_MS, remainingMs - KEPT_BACK_MS);
    const reason = withinMs > 0 ? await to.send(readings, withinMs) : 'no time was left for it';
    if (reason !== undefined) notes.note('metrics were not exported', { reason });
    publish(METRICS.exportsFailed, reason === undefined ? 0 : 1);
    if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
  };
  return {
    begin: (dimension) => {
      run = dimension;
      book.take({});
      sums.clear();
      levels.clear();
      notes.begin(JSON.stringify(dimension));
      // A default dimension, because Powertools publishes by itself at the hundredth value of a metric, and forgets every
      // other dimension when it does: the rest of the run would be of no cell. It takes the place of the service, which
      // Powertools adds by itself: seven functions would turn each metric into seven that are billed.
      metrics.clearDefaultDimensions();
      metrics.setDefaultDimensions({ ...dimension });
    },
    count: (metric, value, dimensions = {}) => {
      const { cell } = dimensions;
      const isLate = cell !== undefined && run !== undefined && !('cell' in run && run.cell === cell);
      if (isLate) {
        // A run that was ended by its time goes on when the container works again, perhaps for another cell.
        logger.warn('counted after its run was over', { metric, value, ...dimensions });
        return;
      }
      const rest = Object.entries(dimensions).filter(([name]) => !KEPT.includes(name));
      if (SUMMED.includes(metric)) sums.set(metric, (sums.get(metric) ?? 0) + value);
      else publish(metric, value);
      if (rest.length > 0) logger.debug('counted', { metric, value, ...Object.fromEntries(rest) });
    },
    note: (message, facts = {}) => {
      notes.note(message, facts);
    },
    failed: (error) => {
      notes.note('failed', { reason: `${error.name}: ${error.message}` }, (message) => {
        logger.error(message, error);
      });
    },
    levels: () => Object.fromEntries(levels),
    end: async (isWhole, remainingMs = EXPORT_MAX_MS + KEPT_BACK_MS) => {
      for (const [metric, value] of sums) publish(metric, value);
      sums.clear();
      // Powertools warns of a run that has none, which is what most runs of the herald are.
      if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
      if (exporting !== undefined) await sendOut(exporting, remainingMs);
      notes.end(isWhole);
    },
  };
}
