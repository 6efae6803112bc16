import { Duration } from 'aws-cdk-lib';
import type { IAlarm, IAlarmRule } from 'aws-cdk-lib/aws-cloudwatch';
import {
  Alarm,
  AlarmRule,
  ComparisonOperator,
  CompositeAlarm,
  Metric,
  TreatMissingData,
} from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { METRIC_NAMESPACE } from '../telemetry/metric-names.ts';
import type { Deployment } from './deployment.ts';
import { isEmulated } from './emulation.ts';
import type { Watch, Watches } from './watches.ts';
import { cellWatches, LEDGER_WATCHES } from './watches.ts';

export interface AlarmsProps {
  readonly cells: readonly string[];
  readonly topic: ITopic;
  readonly deadLetters: IQueue;
  /** The name of the ledger's table. */
  readonly ledger: string;
  readonly settings: Pick<Deployment, 'keptBackAlarmMinutes' | 'frozenAlarmMinutes'>;
}

/** The metric alarms, by the composite alarm that speaks of them. */
export type AlarmGroups = Readonly<Record<keyof Watches, readonly IAlarm[]>>;

/**
 * What wakes people: one alarm for root causes, one for symptoms and one for what waits for a person; the last two are
 * silent while the first one rings. The metric alarms below them have no action of their own.
 */
export class Alarms extends Construct {
  readonly groups: AlarmGroups;

  constructor(scope: Construct, id: string, { cells, topic, deadLetters, ledger, settings }: AlarmsProps) {
    super(scope, id);
    const watches = cellWatches(settings);
    const group = (of: keyof Watches): readonly IAlarm[] => [
      ...LEDGER_WATCHES[of].map((watch) => this.alarm(watch.id, { ledger }, watch)),
      ...cells.flatMap((cell) =>
        watches[of].map((watch) => this.alarm(`${cell}-${watch.id}`, { cell }, watch)),
      ),
    ];
    this.groups = {
      roots: group('roots'),
      symptoms: [this.letters(deadLetters), ...group('symptoms')],
      waiting: group('waiting'),
    };
    if (isEmulated(this))
      for (const each of Object.values(this.groups).flat())
        (each as Alarm).addAlarmAction(new SnsAction(topic));
    else this.compose(topic);
  }

  private compose(topic: ITopic): void {
    const root = new CompositeAlarm(this, 'RootCause', {
      alarmRule: anyOf(this.groups.roots),
      alarmDescription:
        'Something that Pawl rests on is broken: an answer is empty or went back, the ledger was rewritten, or a role is silent or blocked. The zone stays as it is. First "pawl status", then the section of docs/operations.md that the alarm below names; to stop every writer at once, "pawl freeze CELL".',
    });
    const belowRoot = {
      actionsSuppressor: root,
      actionsSuppressorWaitPeriod: Duration.minutes(2),
      actionsSuppressorExtensionPeriod: Duration.minutes(5),
    };
    const symptoms = new CompositeAlarm(this, 'Symptoms', {
      alarmRule: anyOf(this.groups.symptoms),
      ...belowRoot,
      alarmDescription:
        'Pawl works, but not as it should: changes wait, batches are lost, runs fail or events are dropped. Each alarm below says what to run. Silent while the root cause alarm rings.',
    });
    const waiting = new CompositeAlarm(this, 'Waiting', {
      alarmRule: anyOf(this.groups.waiting),
      ...belowRoot,
      alarmDescription:
        'Pawl works, and part of a cell stands still until somebody acts: an endpoint is kept back or refused, a source is blind, a plan is held, or a cell is frozen. "pawl status" names it and what to run. Silent while the root cause alarm rings.',
    });
    for (const alarm of [root, symptoms, waiting]) alarm.addAlarmAction(new SnsAction(topic));
  }

  private letters(deadLetters: IQueue): Alarm {
    return new Alarm(this, 'DeadLetters', {
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

/** By names instead of ARNs, so that the alarms of twelve cells fit the 10,240 characters of a rule (PutCompositeAlarm). */
function anyOf(alarms: readonly IAlarm[]): IAlarmRule {
  return AlarmRule.anyOf(...alarms.map(({ alarmName }) => AlarmRule.fromString(`ALARM("${alarmName}")`)));
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
