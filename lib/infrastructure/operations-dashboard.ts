import { Duration } from 'aws-cdk-lib';
import type { IMetric, IWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { AlarmStatusWidget, Dashboard, GraphWidget, SingleValueWidget } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { ROLES } from '../roles.ts';
import { METRICS } from '../telemetry/metric-names.ts';
import type { AlarmGroups } from './alarms.ts';
import { pawlMetric } from './alarms.ts';

export interface OperationsDashboardProps {
  readonly cells: readonly string[];
  /** Those that wake people. */
  readonly alarms: AlarmGroups;
  /** Drawn as a line above the requests. */
  readonly requestsPerSecond: number;
}

const MINUTE = Duration.minutes(1);
const FULL = 24;
const HALF = 12;
const THIRD = 8;
const SIXTH = 4;

/** To be read in ten seconds, from the top: is anything red; is every cell at its goal; then why not. */
export class OperationsDashboard extends Construct {
  readonly dashboard: Dashboard;
  readonly #cells: readonly string[];

  constructor(scope: Construct, id: string, { cells, alarms, requestsPerSecond }: OperationsDashboardProps) {
    super(scope, id);
    this.#cells = cells;
    this.dashboard = new Dashboard(this, 'Dashboard', { defaultInterval: Duration.hours(3) });
    for (const row of [...alarmRows(alarms), this.levels(), ...this.graphs()])
      this.dashboard.addWidgets(...row);
    this.dashboard.addWidgets(
      new GraphWidget({
        title: 'Requests to Route 53 a minute, and what the account has',
        width: FULL,
        height: 5,
        stacked: true,
        left: [...this.each(METRICS.route53Requests, 'Sum')],
        leftAnnotations: [{ value: requestsPerSecond * 60, label: 'the account' }],
        leftYAxis: { min: 0 },
      }),
    );
  }

  /** Each cell as it is now. */
  private levels(): readonly IWidget[] {
    const now = (title: string, name: string) =>
      new SingleValueWidget({ title, width: SIXTH, metrics: [...this.each(name, 'Maximum')] });
    return [
      now('Generations behind the goal', METRICS.lagGenerations),
      now('Endpoints kept back', METRICS.keptBackEndpoints),
      now('Endpoints that Route 53 refused', METRICS.refusedEndpoints),
      now('Blind sources', METRICS.blindSources),
      now('Waiting for an approval', METRICS.plansHeld),
      now('Frozen', METRICS.cellsFrozen),
    ];
  }

  private graphs(): readonly (readonly IWidget[])[] {
    const m = METRICS;
    const heartbeats = ROLES.map(({ heartbeat }) => heartbeat.metric);
    const deafness = [m.leaseZonesDeaf, m.leaseTriesFailed];
    const waits = [m.keptBackSeconds, m.heldSeconds, m.frozenSeconds];
    const failures = [m.runsFailed, m.plannerBlocked, m.enactorBlocked, m.runsWithoutRoom];
    return [
      [
        this.graph('Goal and applied generation', [m.goalGeneration, m.appliedGeneration], 'Maximum', HALF),
        this.graph('Seconds that the goal has been waiting', [m.lagSeconds], 'Maximum', HALF),
      ],
      [
        this.graph('Wrong in the zone', [m.zoneRegressions, m.driftedNames, m.emptyAnswers], 'Sum', THIRD),
        this.graph('Seconds that something has been waiting for a person', waits, 'Maximum', THIRD),
        this.graph('Runs that failed or were blocked', failures, 'Sum', THIRD),
      ],
      [
        this.graph('Fences lost, and in a row', [m.fencesLost, m.consecutiveLosses], 'Maximum', HALF),
        this.graph('Runs', heartbeats, 'Sum', HALF),
      ],
      [
        this.graph('Groups of leases', [m.leasesHeard, m.leasesHeld, m.leasesLapsed], 'Maximum', THIRD),
        this.graph('Seconds since the oldest tick of leases', [m.leaseTickSeconds], 'Maximum', THIRD),
        this.graph('Deaf zones, and periods that holders missed', deafness, 'Maximum', THIRD),
      ],
    ];
  }

  private graph(title: string, names: readonly string[], statistic: string, width: number): GraphWidget {
    const left = names.flatMap((name) =>
      this.#cells.map((cell) =>
        this.of(cell, name, statistic, names.length === 1 ? cell : `${name} ${cell}`),
      ),
    );
    return new GraphWidget({ title, width, height: 5, left, leftYAxis: { min: 0 } });
  }

  private each(name: string, statistic: string): readonly IMetric[] {
    return this.#cells.map((cell) => this.of(cell, name, statistic, cell));
  }

  private of(cell: string, name: string, statistic: string, label: string): IMetric {
    return pawlMetric(name, { cell }, statistic, MINUTE).with({ label });
  }
}

/** One widget for each group: a widget takes at most 100 alarms, as a composite alarm does. */
function alarmRows({ roots, symptoms, waiting }: AlarmGroups): readonly (readonly IWidget[])[] {
  const row = (title: string, alarms: AlarmGroups[keyof AlarmGroups]) => [
    new AlarmStatusWidget({ title, alarms: [...alarms], width: FULL }),
  ];
  return [
    row('Is anything wrong?', roots),
    row('Does anything not work as it should?', symptoms),
    row('Does anything wait for a person?', waiting),
  ];
}
