import { Duration } from 'aws-cdk-lib';
import type { IMetric, IWidget, Metric } from 'aws-cdk-lib/aws-cloudwatch';
import {
  AlarmStatusWidget,
  Dashboard,
  GraphWidget,
  MathExpression,
  SingleValueWidget,
} from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { ROLES } from '../roles.ts';
import { METRICS, publicationOf } from '../telemetry/metric-names.ts';
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
/** What the ids of metrics begin with that are drawn as 0 where they have no value. */
const FILLED_ID = 'z';

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
        this.graph('Generations behind the goal', [m.lagGenerations], 'Maximum', HALF),
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
    const drawn = names.map((name) => ({ name, prefix: names.length === 1 ? '' : `${name} ` }));
    const left = this.lines(drawn, statistic);
    return new GraphWidget({ title, width, height: 5, left: [...left], leftYAxis: { min: 0 } });
  }

  private each(name: string, statistic: string): readonly IMetric[] {
    return this.lines([{ name, prefix: '' }], statistic);
  }

  /**
   * A line for each of these metrics and each cell, as a widget draws it. What has no value at 0 is drawn as 0 where it has
   * none. So it is where nobody looked, too: the alarms in the first row and the graph of runs say so.
   */
  private lines(drawn: readonly Drawn[], statistic: string): readonly IMetric[] {
    const of = (some: readonly Drawn[]) =>
      some.flatMap(({ name, prefix }) =>
        this.#cells.map((cell) =>
          pawlMetric(name, { cell }, statistic, MINUTE).with({ label: `${prefix}${cell}` }),
        ),
      );
    const isAlways = ({ name }: Drawn) => publicationOf(name) === 'always';
    const sparse = of(drawn.filter((each) => !isAlways(each)));
    return [...of(drawn.filter(isAlways)), ...(sparse.length === 0 ? [] : [filled(sparse)])];
  }
}

interface Drawn {
  /** Of the metric. */
  readonly name: string;
  /** What its label has before the cell. */
  readonly prefix: string;
}

/** One expression for a whole widget: one for each line would make the template half as large again as CloudFormation takes. */
function filled(metrics: readonly Metric[]): IMetric {
  return new MathExpression({
    expression: `FILL(METRICS("${FILLED_ID}"), 0)`,
    usingMetrics: Object.fromEntries(metrics.map((metric, index) => [`${FILLED_ID}${index}`, metric])),
    // It stands before the label of each line.
    label: 'of',
    period: MINUTE,
  });
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
