import type { MetricAlarm } from '../support/cloudwatch-alarms.ts';
import type { Templates } from './synthesised.ts';
import { everyResource } from './synthesised.ts';

/** As much of AWS::CloudWatch::Alarm as tests look at. An alarm on metric math has the facts of the metric `own` in it. */
export interface AlarmProperties extends MetricAlarm {
  readonly AlarmName: string;
  readonly AlarmDescription: string;
  readonly AlarmActions?: readonly unknown[];
  readonly MetricName: string;
  readonly Namespace: string;
  readonly TreatMissingData: 'breaching' | 'notBreaching';
  readonly Dimensions: readonly { readonly Name: string; readonly Value: unknown }[];
}

/** Every metric alarm of a stack and of its cells. */
export function metricAlarms(templates: Templates): readonly AlarmProperties[] {
  return everyResource(templates, 'AWS::CloudWatch::Alarm').map(({ Properties }) => {
    const alarm = Properties as AlarmProperties;
    const own = alarm.Metrics?.find(({ Id }) => Id === 'own')?.MetricStat;
    return own === undefined ? alarm : { ...alarm, ...own.Metric, Period: own.Period, Statistic: own.Stat };
  });
}

/** The metrics that an alarm looks at. */
export function metricsOf({ MetricName, Metrics }: AlarmProperties): readonly string[] {
  return Metrics?.flatMap(({ MetricStat }) => MetricStat?.Metric.MetricName ?? []) ?? [MetricName];
}
