import { expect, test } from 'vitest';
import { cellName } from '../../lib/plan/names.ts';
import { METRICS } from '../../lib/telemetry/metric-names.ts';
import { silentTelemetry } from '../../lib/telemetry/telemetry.ts';
import { lossStreaks, watchLosses } from '../../lib/wiring/loss-streaks.ts';

const cell = cellName('use1-a');

function run(...outcomes: readonly ('applied' | 'lost' | 'unknown')[]) {
  const losses = watchLosses(silentTelemetry);
  for (const outcome of outcomes) losses.telemetry.count(METRICS.batchesSent, 1, { kind: 'flip', outcome });
  losses.telemetry.count(METRICS.route53Requests, 3);
  return losses;
}

test('a batch that is lost, or not known to have landed, counts as lost; requests do not', () => {
  const losses = run('applied', 'lost', 'unknown');
  expect({ sent: losses.sent(), lost: losses.lost() }).toEqual({ sent: 3, lost: 2 });
});

test('only runs that lost all that they sent make a streak; one that sent nothing says nothing', () => {
  const streaks = lossStreaks();
  const after = [
    run('lost'),
    run('lost', 'unknown'),
    run(),
    run('lost'),
    run('lost', 'applied'),
    run('lost'),
  ].map((each) => streaks.after(cell, each));
  expect(after).toEqual([1, 2, 2, 3, 0, 1]);
});

test('each cell has a streak of its own', () => {
  const streaks = lossStreaks();
  streaks.after(cell, run('lost'));
  expect(streaks.after(cellName('euw1-a'), run('lost'))).toBe(1);
});
