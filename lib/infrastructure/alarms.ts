import { Duration } from 'aws-cdk-lib';
import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import {
  Alarm,
  AlarmRule,
  AlarmState,
  ComparisonOperator,
  CompositeAlarm,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { ROLES } from '../roles.ts';
import { METRIC_NAMESPACE, METRICS } from '../telemetry/metric-names.ts';
import { isEmulated } from './emulation.ts';

export interface AlarmsProps {
  readonly cells: readonly string[];
  readonly topic: ITopic;
  readonly deadLetters: IQueue;
  /** The name of the ledger's table. */
  readonly ledger: string;
}

/** One watched metric. `dead`: silence is the alarm. */
interface Watch {
  readonly id: string;
  readonly metric: string;
  readonly statistic: 'Sum' | 'Maximum';
  readonly minutes: number;
  /** Periods in a row. */
  readonly periods: number;
  /** Reached or passed; with `dead`, not reached. */
  readonly threshold: number;
  readonly dead?: true;
  /** What it means and what to do, with the section of docs/operations.md. */
  readonly says: string;
}

const ROOT_CAUSES: readonly Watch[] = [
  {
    id: 'Regression',
    metric: METRICS.zoneRegressions,
    ...at(1, 'Sum', 1, 1),
    says: 'A fence or a root is behind what was applied: somebody or something else writes to the zone. Enactors repair; find the writer (CloudTrail, ChangeResourceRecordSets) and see "Regression" in docs/operations.md.',
  },
  {
    id: 'EmptyAnswer',
    metric: METRICS.emptyAnswers,
    ...at(1, 'Sum', 5, 1),
    says: 'A name of the fleet resolves to nothing: run "pawl explain NAME", then see "Rescue" in docs/operations.md.',
  },
  ...silences('root-cause'),
];

const SYMPTOMS: readonly Watch[] = [
  {
    id: 'LagSeconds',
    metric: METRICS.lagSeconds,
    ...at(600, 'Maximum', 1, 5),
    says: 'A goal has been waiting for ten minutes: "pawl status", then "pawl enact CELL --sweep" says why.',
  },
  {
    id: 'LagGenerations',
    metric: METRICS.lagGenerations,
    ...at(3, 'Maximum', 5, 3),
    says: 'Plans are made faster than they are applied: "pawl history --cell CELL" shows what changes so often.',
  },
  {
    id: 'RepeatedFenceLoss',
    metric: METRICS.consecutiveLosses,
    ...at(5, 'Maximum', 1, 2),
    says: 'An enactor loses every batch to somebody: who, is in "pawl history" and in the fence itself. What went before the outage of 2025 looked like this.',
  },
  {
    id: 'FenceAhead',
    metric: METRICS.fencesAhead,
    ...at(1, 'Sum', 1, 1),
    says: 'The zone knew generations that the ledger did not: it was restored, or a fence was forged. See "Restore the ledger" in docs/operations.md.',
  },
  ...silences('symptom'),
  {
    id: 'TimedOut',
    metric: METRICS.runsTimedOut,
    ...at(1, 'Sum', 5, 3),
    says: 'Runs are ended by their time: Route 53 or DynamoDB is slow, or the share of the rate is too small.',
  },
];

/** The roles whose silence is an alarm. */
function silences(level: 'root-cause' | 'symptom'): readonly Watch[] {
  return ROLES.flatMap(({ heartbeat: { metric, silence } }): Watch[] => {
    if (silence?.level !== level) return [];
    const { alarm, periodMinutes } = silence;
    const says = `${silence.says} See "A role is silent" in docs/operations.md.`;
    return [{ id: alarm, metric, ...at(1, 'Sum', periodMinutes, 2), dead: true, says }];
  });
}

function at(threshold: number, statistic: Watch['statistic'], minutes: number, periods: number) {
  return { threshold, statistic, minutes, periods };
}

/**
 * What wakes people: one alarm for root causes, and one for symptoms, which is silent while the first one rings. The
 * metric alarms below them have no action of their own.
 */
export class Alarms extends Construct {
  readonly roots: readonly IAlarm[];
  readonly symptoms: readonly IAlarm[];

  constructor(scope: Construct, id: string, { cells, topic, deadLetters, ledger }: AlarmsProps) {
    super(scope, id);
    const ledgerRewritten = this.alarm(
      'LedgerRewritten',
      { ledger },
      {
        id: 'LedgerRewritten',
        metric: METRICS.ledgerRewritten,
        ...at(1, 'Sum', 1, 1),
        says: 'An item of the ledger was changed or deleted, which no role may do: freeze every cell, run "pawl verify", and see "The ledger was rewritten" in docs/operations.md.',
      },
    );
    const letters = new Alarm(this, 'DeadLetters', {
      metric: deadLetters.metricApproximateNumberOfMessagesVisible({
        period: Duration.minutes(5),
        statistic: 'Maximum',
      }),
      threshold: 1,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      alarmDescription:
        'A run failed: its event and its error are in the queue. The next sweep has come since; see "Dead letters" in docs/operations.md.',
    });
    this.roots = [
      ledgerRewritten,
      ...cells.flatMap((cell) =>
        ROOT_CAUSES.map((watch) => this.alarm(`${cell}-${watch.id}`, { cell }, watch)),
      ),
    ];
    this.symptoms = [
      letters,
      ...cells.flatMap((cell) => SYMPTOMS.map((watch) => this.alarm(`${cell}-${watch.id}`, { cell }, watch))),
    ];
    if (isEmulated(this))
      for (const each of [...this.roots, ...this.symptoms])
        (each as Alarm).addAlarmAction(new SnsAction(topic));
    else this.compose(topic);
  }

  private compose(topic: ITopic): void {
    const root = new CompositeAlarm(this, 'RootCause', {
      alarmRule: anyOf(this.roots),
      alarmDescription:
        'Something that Pawl rests on is broken: an answer is empty or went back, the ledger was rewritten, or a role is silent. The zone stays as it is. First "pawl status", then the section of docs/operations.md that the alarm below names; to stop every writer at once, "pawl freeze CELL".',
    });
    const symptoms = new CompositeAlarm(this, 'Symptoms', {
      alarmRule: anyOf(this.symptoms),
      actionsSuppressor: root,
      actionsSuppressorWaitPeriod: Duration.minutes(2),
      actionsSuppressorExtensionPeriod: Duration.minutes(5),
      alarmDescription:
        'Pawl works, but not as it should: changes wait, batches are lost or events are dropped. Each alarm below says what to run. Silent while the root cause alarm rings.',
    });
    for (const alarm of [root, symptoms]) alarm.addAlarmAction(new SnsAction(topic));
  }

  private alarm(id: string, of: MetricDimension, watch: Watch): Alarm {
    return new Alarm(this, id, {
      metric: pawlMetric(watch.metric, of, watch.statistic, Duration.minutes(watch.minutes)),
      threshold: watch.threshold,
      evaluationPeriods: watch.periods,
      comparisonOperator:
        watch.dead === true
          ? ComparisonOperator.LESS_THAN_THRESHOLD
          : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: watch.dead === true ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
      alarmDescription: 'cell' in of ? `Cell ${of.cell}: ${watch.says}` : watch.says,
    });
  }
}

function anyOf(alarms: readonly IAlarm[]) {
  return AlarmRule.anyOf(...alarms.map((alarm) => AlarmRule.fromAlarm(alarm, AlarmState.ALARM)));
}

/** What a metric is of: each has this one dimension. */
export type MetricDimension = { readonly cell: string } | { readonly ledger: string };

/** One of Pawl's own metrics. */
export function pawlMetric(name: string, of: MetricDimension, statistic: string, period: Duration): Metric {
  return new Metric({
    namespace: METRIC_NAMESPACE,
    metricName: name,
    statistic,
    period,
    dimensionsMap: { ...of },
  });
}
