import type { Watch } from '../../lib/infrastructure/watches.ts';
import { cellWatches, LEDGER_WATCHES, TRAIL_WATCHES } from '../../lib/infrastructure/watches.ts';
import { METRIC_NAMESPACE } from '../../lib/telemetry/metric-names.ts';
import type { MetricAlarm } from './cloudwatch-alarms.ts';
import { LACKS } from './cloudwatch-alarms.ts';

const SETTINGS = { keptBackAlarmMinutes: 15, frozenAlarmMinutes: 60 };
const MINUTE_S = 60;

/** Everything that an alarm watches: of one cell, and of the ledger. */
export const ALL_WATCHES: readonly Watch[] = [cellWatches(SETTINGS), LEDGER_WATCHES].flatMap(
  ({ roots, symptoms, waiting }) => [...roots, ...symptoms, ...waiting],
);

/** What is watched beside that where a trail is read. */
export const WATCHES_OF_TRAIL: readonly Watch[] = Object.values(TRAIL_WATCHES).flat();

/** The metrics that a watch looks at. */
export function metricsOfWatch({ metric, lacksOf }: Watch): readonly string[] {
  return lacksOf === undefined ? [metric] : [metric, lacksOf];
}

/** The alarm of a watch, as the stack makes it (`test/infrastructure/alarms.test.ts` holds them against each other). */
export function alarmOf(watch: Watch): MetricAlarm {
  const { metric, lacksOf, statistic, minutes, periods, threshold, dead = false } = watch;
  const Period = minutes * MINUTE_S;
  const of = (Id: string, MetricName: string, Stat: Watch['statistic']) => ({
    Id,
    MetricStat: { Stat, Period, Metric: { MetricName, Namespace: METRIC_NAMESPACE, Dimensions: [] } },
  });
  return {
    ...(lacksOf === undefined
      ? {}
      : {
          Metrics: [
            { Id: 'expression', Expression: LACKS },
            of('own', metric, statistic),
            of('whole', lacksOf, 'Minimum'),
          ],
        }),
    Statistic: statistic,
    Threshold: threshold,
    ComparisonOperator: dead ? 'LessThanThreshold' : 'GreaterThanOrEqualToThreshold',
    TreatMissingData: dead ? 'breaching' : 'notBreaching',
    Period,
    EvaluationPeriods: periods,
  };
}
