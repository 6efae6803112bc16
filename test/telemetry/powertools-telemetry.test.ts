import { Logger } from '@aws-lambda-powertools/logger';
import { Metrics } from '@aws-lambda-powertools/metrics';
import { expect, test, vi } from 'vitest';
import { powertoolsTelemetry } from '../../lib/telemetry/powertools-telemetry.ts';
import type { MetricLine } from '../functions/invoked.ts';

/** Telemetry of a function, with the lines that it has published. */
function published() {
  vi.stubEnv('POWERTOOLS_DEV', 'true');
  vi.stubEnv('POWERTOOLS_METRICS_DISABLED', 'false');
  const lines: string[] = [];
  for (const method of ['log', 'warn'] as const) {
    vi.spyOn(console, method).mockImplementation((line: unknown) => {
      lines.push(String(line));
    });
  }
  const metrics = new Metrics({ namespace: 'Pawl' });
  const telemetry = powertoolsTelemetry(metrics, new Logger());
  return {
    telemetry,
    /** Ends the run. */
    lines: (): readonly MetricLine[] => {
      metrics.publishStoredMetrics();
      return lines.filter((line) => line.includes('"_aws"')).map((line) => JSON.parse(line));
    },
  };
}

const dimensionsOf = (line: MetricLine) => line._aws.CloudWatchMetrics[0]?.Dimensions;

test('a metric that is counted more than a hundred times in a run takes the cell from none', () => {
  const { telemetry, lines } = published();
  telemetry.begin({ cell: 'use1-a' });
  for (let request = 0; request < 250; request += 1) telemetry.count('HintsSent', 1);
  telemetry.count('EnactorRuns', 1, { cell: 'use1-a' });
  const all = lines();
  expect(all.length).toBeGreaterThan(1);
  for (const line of all) {
    expect(dimensionsOf(line)).toEqual([['cell']]);
    expect(line['cell']).toBe('use1-a');
  }
  const values = all.flatMap((line) => line['HintsSent'] ?? []);
  expect(values).toHaveLength(250);
});

test('a run is of its own cell or ledger alone', () => {
  const { telemetry, lines } = published();
  telemetry.begin({ cell: 'use1-a' });
  telemetry.begin({ ledger: 'the-table' });
  telemetry.count('HintsSent', 1);
  const [line] = lines();
  expect(line && dimensionsOf(line)).toEqual([['ledger']]);
});

test('what a run counts after it was over is not counted for the cell of the next one', () => {
  const { telemetry, lines } = published();
  telemetry.begin({ cell: 'euw1-a' });
  telemetry.count('FencesLost', 7, { cell: 'use1-a' });
  telemetry.count('FencesLost', 1, { cell: 'euw1-a' });
  expect(lines()).toMatchObject([{ FencesLost: 1, cell: 'euw1-a' }]);
});
