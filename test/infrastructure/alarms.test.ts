import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { METRICS } from '../../lib/telemetry/metric-names.ts';
import { templateOf } from './synthesised.ts';

const template = templateOf();

interface AlarmProperties {
  readonly MetricName: string;
  readonly Namespace: string;
  readonly TreatMissingData: string;
  readonly AlarmDescription: string;
  readonly AlarmActions?: readonly unknown[];
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: unknown }[];
}

const alarms = Object.values(template.findResources('AWS::CloudWatch::Alarm')).map(
  ({ Properties }) => Properties as AlarmProperties,
);
const ofCell = (cell: string) =>
  alarms.filter(({ Dimensions }) => Dimensions?.some(({ Value }) => Value === cell));

describe('the alarms', () => {
  test.each(['use1-a', 'euw1-a'])('watch what the issue is about in %s', (cell) => {
    expect(
      ofCell(cell)
        .map(({ MetricName }) => MetricName)
        .sort(),
    ).toEqual(
      [
        METRICS.zoneRegressions,
        METRICS.emptyAnswers,
        'PlannerRuns',
        'EnactorRuns',
        METRICS.lagSeconds,
        METRICS.lagGenerations,
        METRICS.consecutiveLosses,
        METRICS.fencesAhead,
        METRICS.auditsMade,
        METRICS.runsTimedOut,
      ].sort(),
    );
  });

  test('ring at one regression, at once', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: METRICS.zoneRegressions,
      Namespace: 'Pawl',
      Statistic: 'Sum',
      Threshold: 1,
      Period: 60,
      EvaluationPeriods: 1,
      TreatMissingData: 'notBreaching',
      Dimensions: [{ Name: 'cell', Value: 'use1-a' }],
    });
  });

  test('ring at one rewritten item, whatever its cell', () => {
    template.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: METRICS.ledgerRewritten,
      Threshold: 1,
      EvaluationPeriods: 1,
      Dimensions: [{ Name: 'ledger', Value: { Ref: Match.stringLikeRegexp('^LedgerTable') } }],
    });
  });

  test('take silence for an alarm where a role should be heard', () => {
    const silent = alarms
      .filter(({ TreatMissingData }) => TreatMissingData === 'breaching')
      .map(({ MetricName }) => MetricName);
    expect([...new Set(silent)].sort()).toEqual([METRICS.auditsMade, 'EnactorRuns', 'PlannerRuns'].sort());
  });

  test('have one dimension at most: every combination is billed as a metric', () => {
    const own = alarms.filter(({ Namespace }) => Namespace === 'Pawl');
    expect(own.filter(({ Dimensions = [] }) => Dimensions.length > 1)).toEqual([]);
  });

  test('wake people through two composite alarms alone, and the symptoms are silent below the root cause', () => {
    expect(alarms.filter(({ AlarmActions }) => AlarmActions !== undefined)).toEqual([]);
    template.resourceCountIs('AWS::CloudWatch::CompositeAlarm', 2);
    template.hasResourceProperties('AWS::CloudWatch::CompositeAlarm', {
      ActionsSuppressor: { 'Fn::GetAtt': [Match.stringLikeRegexp('RootCause'), 'Arn'] },
      AlarmActions: [Match.anyValue()],
    });
    template.hasResourceProperties('AWS::CloudWatch::CompositeAlarm', {
      AlarmDescription: Match.stringLikeRegexp('pawl status.*docs/operations.md.*pawl freeze'),
      ActionsSuppressor: Match.absent(),
    });
  });

  test('say what to run or to open, each of them', () => {
    const silent = alarms.filter(
      ({ AlarmDescription }) => !/pawl |docs\/operations\.md|share of the rate/.test(AlarmDescription),
    );
    expect(silent).toEqual([]);
  });
});

test('the dashboard begins with the alarms', () => {
  const [dashboard] = Object.values(template.findResources('AWS::CloudWatch::Dashboard'));
  const body = JSON.stringify(dashboard?.['Properties'].DashboardBody);
  expect(body.indexOf('Is anything wrong?')).toBeGreaterThan(0);
  for (const name of [METRICS.lagGenerations, METRICS.emptyAnswers, METRICS.route53Requests])
    expect(body).toContain(name);
});
