import { expect, test } from 'vitest';
import { publicationOf } from '../../lib/telemetry/metric-names.ts';
import { FURTHER_PERIODS, stateAfter } from '../support/cloudwatch-alarms.ts';
import { ALL_WATCHES, alarmOf, metricsOfWatch } from '../support/watched-alarms.ts';
import { brokenWatchingRules } from '../support/watching-rules.ts';

test('no alarm is lost to a 0 that is not published', () => {
  expect(brokenWatchingRules()).toEqual([]);
});

/** Periods of one history, each breaching or not. */
const PERIODS = 12;
const sparse = ALL_WATCHES.filter((watch) =>
  metricsOfWatch(watch).every((metric) => publicationOf(metric) === 'above-zero'),
);

// Where containers change at every run no 0 follows what was above it: all histories of twelve periods, as CloudWatch
// would judge them with every 0 and with none.
test.each(sparse)('without any zeros $id rings no later, for no less, and not for ever', (watch) => {
  const alarm = alarmOf(watch);
  const { EvaluationPeriods: periods } = alarm;
  const inSight = periods + FURTHER_PERIODS;
  const wrong: unknown[] = [];
  for (let history = 0; history < 2 ** PERIODS; history += 1) {
    const points = Array.from({ length: PERIODS }, (_, period) => (history >> period) % 2 === 1);
    for (let period = 1; period <= PERIODS; period += 1) {
      const seen = points.slice(0, period);
      const full = stateAfter(alarm, seen, 'OK');
      const left = stateAfter(
        alarm,
        seen.map((point) => point || undefined),
        'OK',
      );
      const breaching = seen.slice(-inSight).filter(Boolean).length;
      // It rings when so many of the periods in sight were breaching, instead of so many in a row, and never otherwise.
      if (left !== (breaching >= periods ? 'ALARM' : 'OK') || (full === 'ALARM' && left !== 'ALARM'))
        wrong.push({ seen, full, left });
    }
  }
  expect(wrong).toEqual([]);
  expect(stateAfter(alarm, Array(inSight).fill(undefined), 'ALARM')).toBe('OK');
});
