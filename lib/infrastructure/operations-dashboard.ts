import { Duration } from 'aws-cdk-lib';
import type { IAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import { AlarmStatusWidget, Dashboard, GraphWidget, SingleValueWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { ROLES } from '../roles.ts';
import { METRICS } from '../telemetry/metric-names.ts';
import { pawlMetric } from './alarms.ts';

export interface OperationsDashboardProps {
  readonly cells: readonly string[];
  readonly alarms: readonly IAlarm[];
  /** Drawn as a line above the requests. */
  readonly requestsPerSecond: number;
}

const MINUTE = Duration.minutes(1);
const FULL = 24;
const HALF = 12;
const THIRD = 8;

/** To be read in ten seconds, from the top: is anything red; is every cell at its goal; then why not. */
export class OperationsDashboard extends Construct {
  readonly dashboard: Dashboard;

  constructor(scope: Construct, id: string, { cells, alarms, requestsPerSecond }: OperationsDashboardProps) {
    super(scope, id);
    const each = (name: string, statistic = 'Sum', period = MINUTE) =>
      cells.map((cell) => pawlMetric(name, { cell }, statistic, period).with({ label: cell }));
    const graph = (title: string, names: readonly string[], statistic: string, width: number) =>
      new GraphWidget({
        title,
        width,
        height: 5,
        left: names.flatMap((name) =>
          each(name, statistic).map((metric) =>
            names.length === 1 ? metric : metric.with({ label: `${name} ${metric.label}` }),
          ),
        ),
        leftYAxis: { min: 0 },
      });
    this.dashboard = new Dashboard(this, 'Dashboard', { defaultInterval: Duration.hours(3) });
    this.dashboard.addWidgets(
      new AlarmStatusWidget({ title: 'Is anything wrong?', alarms: [...alarms], width: FULL }),
    );
    this.dashboard.addWidgets(
      new SingleValueWidget({
        title: 'Generations behind the goal',
        width: THIRD,
        metrics: each(METRICS.lagGenerations, 'Maximum'),
      }),
      new SingleValueWidget({ title: 'Frozen', width: THIRD, metrics: each(METRICS.cellsFrozen, 'Maximum') }),
      new SingleValueWidget({
        title: 'Waiting for an approval',
        width: THIRD,
        metrics: each(METRICS.plansHeld, 'Maximum'),
      }),
    );
    this.dashboard.addWidgets(
      graph(
        'Goal and applied generation',
        [METRICS.goalGeneration, METRICS.appliedGeneration],
        'Maximum',
        HALF,
      ),
      graph('Seconds that the goal has been waiting', [METRICS.lagSeconds], 'Maximum', HALF),
    );
    this.dashboard.addWidgets(
      graph(
        'Wrong in the zone',
        [METRICS.zoneRegressions, METRICS.driftedNames, METRICS.emptyAnswers],
        'Sum',
        THIRD,
      ),
      graph('Fences lost, and in a row', [METRICS.fencesLost, METRICS.consecutiveLosses], 'Maximum', THIRD),
      graph(
        'Runs',
        ROLES.map(({ heartbeat }) => heartbeat.metric),
        'Sum',
        THIRD,
      ),
    );
    this.dashboard.addWidgets(
      new GraphWidget({
        title: 'Requests to Route 53 a minute, and what the account has',
        width: FULL,
        height: 5,
        stacked: true,
        left: each(METRICS.route53Requests),
        leftAnnotations: [{ value: requestsPerSecond * 60, label: 'the account' }],
        leftYAxis: { min: 0 },
      }),
    );
  }
}
