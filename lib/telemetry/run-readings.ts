import { METRIC_FACTS } from './metric-facts.ts';

/** What one run counted, as it leaves for OpenTelemetry or Prometheus. */
export interface RunReadings {
  /** What the run was of, and who ran: `cell`, `ledger`, `worker`. */
  readonly attributes: Readonly<Record<string, string>>;
  /** Of counts: the sum of the run. */
  readonly counts: ReadonlyMap<string, number>;
  /** Of levels: the worst of the run's values, as the alarm on it sees them. */
  readonly levels: ReadonlyMap<string, number>;
}

/** Collects the values of one run after the other. */
export interface ReadingsBook {
  /** One value of a metric that has a value. @throws RangeError for a name that is in no table. */
  add(metric: string, value: number): void;
  /** What was added since the last time. */
  take(attributes: RunReadings['attributes']): RunReadings;
}

export function readingsBook(): ReadingsBook {
  let counts = new Map<string, number>();
  let levels = new Map<string, number>();
  return {
    add: (metric, value) => {
      const facts = METRIC_FACTS.get(metric);
      if (facts === undefined) throw new RangeError(`There is no metric ${metric}.`);
      if (facts.kind === 'count') {
        counts.set(metric, (counts.get(metric) ?? 0) + value);
        return;
      }
      const worse = facts.worst === 'lowest' ? Math.min : Math.max;
      levels.set(metric, worse(levels.get(metric) ?? value, value));
    },
    take: (attributes) => {
      const taken: RunReadings = { attributes, counts, levels };
      counts = new Map();
      levels = new Map();
      return taken;
    },
  };
}
