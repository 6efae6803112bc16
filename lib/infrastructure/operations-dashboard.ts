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
import { METRICS, publicationOf } from '../telemetry/metric-names.ts';
import type { AlarmGroups } from './alarms.ts';
import { pawlMetric } from './alarms.ts';
import type { Panel } from './dashboard-panels.ts';
import { ALARM_TITLES, FULL_WIDTH, PANEL_ROWS, REQUESTS_TITLE } from './dashboard-panels.ts';

export interface OperationsDashboardProps {
  readonly cells: readonly string[];
  /** Those that wake people. */
  readonly alarms: AlarmGroups;
  /** Drawn as a line above the requests. */
  readonly requestsPerSecond: number;
}

const MINUTE = Duration.minutes(1);
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
    const rows = PANEL_ROWS.map((row) => row.map((panel) => this.widget(panel)));
    for (const row of [...alarmRows(alarms), ...rows]) this.dashboard.addWidgets(...row);
    this.dashboard.addWidgets(
      new GraphWidget({
        title: REQUESTS_TITLE,
        width: FULL_WIDTH,
        height: 5,
        stacked: true,
        left: [...this.each(METRICS.route53Requests, 'Sum')],
        leftAnnotations: [{ value: requestsPerSecond * 60, label: 'the account' }],
        leftYAxis: { min: 0 },
      }),
    );
  }

  private widget({ title, metrics, statistic, shows, width }: Panel): IWidget {
    return shows === 'now'
      ? new SingleValueWidget({
          title,
          width,
          metrics: metrics.flatMap((name) => this.each(name, statistic)),
        })
      : this.graph(title, metrics, statistic, width);
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
    new AlarmStatusWidget({ title, alarms: [...alarms], width: FULL_WIDTH }),
  ];
  return [
    row(ALARM_TITLES.roots, roots),
    row(ALARM_TITLES.symptoms, symptoms),
    row(ALARM_TITLES.waiting, waiting),
  ];
}
