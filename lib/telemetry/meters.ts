import type { Attributes, Counter, Gauge } from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import type { IMetricReader } from '@opentelemetry/sdk-metrics';
import { MeterProvider } from '@opentelemetry/sdk-metrics';
import { METRIC_FACTS } from './metric-facts.ts';
import type { RunReadings } from './run-readings.ts';

/** Instruments of the OpenTelemetry SDK, one for each metric under the name that it has in CloudWatch. */
export interface Meters {
  record(readings: RunReadings): void;
  /** Ends the readers, after what they were doing. */
  close(): Promise<void>;
}

/** An instrument comes about at its first value: a metric without a value has none here either. */
export function meters(
  readers: readonly IMetricReader[],
  resource: Readonly<Record<string, string>>,
  version: string,
): Meters {
  const provider = new MeterProvider({
    resource: resourceFromAttributes({ ...resource }),
    readers: [...readers],
  });
  const meter = provider.getMeter('pawl', version);
  const counters = new Map<string, Counter<Attributes>>();
  const gauges = new Map<string, Gauge<Attributes>>();
  return {
    record: ({ attributes, counts, levels }) => {
      for (const [name, value] of counts) {
        const counter = counters.get(name) ?? meter.createCounter(name, optionsOf(name));
        counters.set(name, counter);
        counter.add(value, { ...attributes });
      }
      for (const [name, value] of levels) {
        const gauge = gauges.get(name) ?? meter.createGauge(name, optionsOf(name));
        gauges.set(name, gauge);
        gauge.record(value, { ...attributes });
      }
    },
    close: () => provider.shutdown(),
  };
}

/** Unit and description, from the one table of facts. */
function optionsOf(name: string): { readonly unit: string; readonly description: string } {
  const facts = METRIC_FACTS.get(name);
  if (facts === undefined) throw new RangeError(`There is no metric ${name}.`);
  return { unit: facts.unit, description: facts.says };
}
