import { METRICS, publicationOf } from './metric-names.ts';
import type { RunReadings } from './run-readings.ts';
import { readingsBook } from './run-readings.ts';
import { sparseValues } from './sparse-values.ts';
import type { Telemetry } from './telemetry.ts';

/** What one worker of a process that stays counts, run by run. */
export interface MeteredRuns {
  /** For the worker's ports and workflow. */
  readonly telemetry: Telemetry;
  /** Does one run in a cell, and records what it counted, also when it fails. @throws what the run throws. */
  during<Result>(cell: string, run: () => Promise<Result>): Promise<Result>;
}

/**
 * Meters the runs of one worker, by the rules of a function's metrics: what has no value there has none here
 * (docs/adr/0077-a-metric-that-is-0-has-no-value.md).
 *
 * @param record is called at the end of each run.
 * @param now milliseconds since 1970.
 */
export function meteredRuns(
  worker: string,
  record: (readings: RunReadings) => void,
  now: () => number,
): MeteredRuns {
  const book = readingsBook();
  const sparse = sparseValues(now);
  let of = '';
  const count = (metric: string, value: number): void => {
    const publication = publicationOf(metric);
    if (publication === 'logged') return;
    if (publication === 'always' || sparse.isPublished(of, metric, value)) book.add(metric, value);
  };
  return {
    telemetry: { count, note: () => undefined },
    during: async (cell, run) => {
      of = cell;
      try {
        const result = await run();
        count(METRICS.runsFailed, 0);
        return result;
      } catch (error) {
        count(METRICS.runsFailed, 1);
        throw error;
      } finally {
        record(book.take({ cell, worker }));
      }
    },
  };
}
