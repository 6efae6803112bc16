import { Duration } from 'aws-cdk-lib';
import type { IAlarm, IMetric } from 'aws-cdk-lib/aws-cloudwatch';
import {
  Alarm,
  AlarmRule,
  ComparisonOperator,
  CompositeAlarm,
  MathExpression,
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
import { runbookLink } from './runbook.ts';
import type { Watch, Watches } from './watches.ts';
import { cellWatches, LEDGER_WATCHES, TRAIL_WATCHES } from './watches.ts';

/** Alarms by what they mean, as {@link Watches} divides them. */
export type AlarmGroups = Readonly<Record<keyof Watches, readonly IAlarm[]>>;

interface Sink {
  /** The name of the stack, which begins the name of every alarm. */
  readonly stackName: string;
  readonly topic: ITopic;
  /** The page that the texts link to. */
  readonly runbookUrl: string;
}

export interface CellAlarmsProps extends Sink {
  readonly cell: string;
  readonly settings: Pick<Deployment, 'keptBackAlarmMinutes' | 'frozenAlarmMinutes'>;
}

/** What wakes people about one cell. A cell of which everything is broken silences no alarm of another one. */
export class CellAlarms extends Construct {
  /** What wakes people, for the dashboard. */
  readonly loud: AlarmGroups;

  constructor(
    scope: Construct,
    id: string,
    { stackName, topic, runbookUrl, cell, settings }: CellAlarmsProps,
  ) {
    super(scope, id);
    const watches = cellWatches(settings);
    const isKnown = ({ lacksOf }: Watch) => lacksOf === undefined || !isEmulated(this);
    const group = (of: keyof Watches) =>
      watches[of]
        .filter(isKnown)
        .map((watch) =>
          metricAlarm(this, alarmName(stackName, cell, watch.id), { cell }, { ...watch, runbookUrl }),
        );
    const groups = { roots: group('roots'), symptoms: group('symptoms'), waiting: group('waiting') };
    const of = alarmName(stackName, cell);
    this.loud = waking(this, { groups, topic, runbookUrl, of, about: `Cell ${cell}: ` });
  }
}

export interface StackAlarmsProps extends Sink {
  readonly cells: ReadonlyMap<string, CellAlarms>;
  readonly deadLetters: IQueue;
  /** The name of the ledger's table. */
  readonly ledger: string;
  /** Whether the account's trail is read. */
  readonly readsTrail: boolean;
}

/** What wakes people about what all cells share, and one alarm above those of all cells. */
export class StackAlarms extends Construct {
  /** Every alarm of the stack that wakes people, for the dashboard. */
  readonly loud: AlarmGroups;

  constructor(scope: Construct, id: string, props: StackAlarmsProps) {
    super(scope, id);
    const { stackName, topic, runbookUrl, cells, deadLetters, ledger, readsTrail } = props;
    const group = (of: keyof Watches) =>
      [...LEDGER_WATCHES[of], ...(readsTrail ? TRAIL_WATCHES[of] : [])].map((watch) =>
        metricAlarm(this, alarmName(stackName, watch.id), { ledger }, { ...watch, runbookUrl }),
      );
    const letters = lettersAlarm(this, alarmName(stackName, 'DeadLetters'), deadLetters, runbookUrl);
    const groups = {
      roots: group('roots'),
      symptoms: [letters, ...group('symptoms')],
      waiting: group('waiting'),
    };
    const own = waking(this, { groups, topic, runbookUrl, of: stackName, about: 'All cells: ' });
    const all = (of: keyof Watches) => [...own[of], ...[...cells.values()].flatMap(({ loud }) => loud[of])];
    this.loud = { roots: all('roots'), symptoms: all('symptoms'), waiting: all('waiting') };
    if (!isEmulated(this)) this.above(stackName, [...cells.keys()], runbookUrl);
  }

  /** One alarm for a program that must know whether anything is broken, such as a deployment. It wakes nobody. */
  private above(stackName: string, cells: readonly string[], runbookUrl: string): void {
    const roots = [stackName, ...cells.map((cell) => alarmName(stackName, cell))].map((of) =>
      alarmName(of, 'RootCause'),
    );
    const above = new CompositeAlarm(this, 'AnyRootCause', {
      compositeAlarmName: alarmName(stackName, 'AnyRootCause'),
      alarmRule: AlarmRule.anyOf(...roots.map((name) => AlarmRule.fromString(`ALARM("${name}")`))),
      alarmDescription: linked(
        'The root cause alarm of at least one cell rings, or that of the ledger. Wakes nobody: it is there for what must stop then, such as a deployment.',
        { runbookUrl, runbook: OVERVIEW },
      ),
    });
    // The names in its rule are text, which CloudFormation cannot see.
    above.node.addDependency(...this.loud.roots);
  }
}

interface Waking extends Omit<Sink, 'stackName'> {
  readonly groups: AlarmGroups;
  /** What the names begin with. */
  readonly of: string;
  /** What the descriptions begin with. */
  readonly about: string;
}

/**
 * Puts the metric alarms of one thing below alarms that send to the topic: one for root causes, and one for symptoms and
 * one for what waits for a person, both silent while the first one rings. An emulator has no composite alarms, so there
 * each metric alarm sends by itself.
 */
function waking(scope: Construct, { groups, topic, runbookUrl, of, about }: Waking): AlarmGroups {
  const action = new SnsAction(topic);
  if (isEmulated(scope)) {
    for (const alarm of Object.values(groups).flat()) (alarm as Alarm).addAlarmAction(action);
    return groups;
  }
  const composite = (id: keyof typeof SAYS, alarms: readonly IAlarm[], below?: IAlarm): readonly IAlarm[] => {
    if (alarms.length === 0) return [];
    const made = new CompositeAlarm(scope, id, {
      compositeAlarmName: alarmName(of, id),
      alarmRule: anyOf(alarms),
      alarmDescription: linked(`${about}${SAYS[id]}`, { runbookUrl, runbook: OVERVIEW }),
      ...(below === undefined
        ? {}
        : {
            actionsSuppressor: below,
            actionsSuppressorWaitPeriod: Duration.minutes(2),
            actionsSuppressorExtensionPeriod: Duration.minutes(5),
          }),
    });
    made.addAlarmAction(action);
    return [made];
  };
  const roots = composite('RootCause', groups.roots);
  return {
    roots,
    symptoms: composite('Symptoms', groups.symptoms, roots[0]),
    waiting: composite('Waiting', groups.waiting, roots[0]),
  };
}

/** The section of the page that has a row for each alarm. */
const OVERVIEW = 'Alarms';

const SAYS = {
  RootCause:
    'something that Pawl rests on is broken: an answer is empty or went back, the ledger was rewritten, or a role is silent or blocked. The zone stays as it is. First "pawl status", then the page that the alarm below links to; to stop every writer at once, "pawl freeze CELL".',
  Symptoms:
    'Pawl works, but not as it should: changes wait, batches are lost, runs fail or events are dropped. Each alarm below says what to run. Silent while the root cause alarm beside it rings.',
  Waiting:
    'Pawl works, and part of a cell stands still until somebody acts: an endpoint is kept back or refused, a source is blind, leases are not heard, a plan is held, or a cell is frozen. "pawl status" names it and what to run. Silent while the root cause alarm beside it rings.',
} as const;

/**
 * The name of an alarm, which is what a pager shows: `pawl.use1-a.RootCause`. With dots, which neither a stack nor a cell
 * has in its name, so that the alarms of two stacks never have the same.
 */
function alarmName(...parts: readonly string[]): string {
  return parts.join('.');
}

function lettersAlarm(scope: Construct, name: string, deadLetters: IQueue, runbookUrl: string): Alarm {
  return new Alarm(scope, 'DeadLetters', {
    alarmName: name,
    metric: deadLetters.metricApproximateNumberOfMessagesVisible({
      period: Duration.minutes(5),
      statistic: 'Maximum',
    }),
    threshold: 1,
    evaluationPeriods: 1,
    comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: TreatMissingData.NOT_BREACHING,
    alarmDescription: linked(
      'A run failed: its event and its error are in the queue. The next sweep has come since.',
      { runbookUrl, runbook: 'Dead letters' },
    ),
  });
}

/** Where a text leads to. */
interface Linked {
  /** The page. */
  readonly runbookUrl: string;
  /** The heading of the section. */
  readonly runbook: string;
}

/** What a pager shows, with the page to open at its end. */
function linked(says: string, { runbookUrl, runbook }: Linked): string {
  return `${says} ${runbookLink(runbookUrl, runbook)}`;
}

function metricAlarm(scope: Construct, name: string, of: MetricDimension, watch: Watch & Linked): Alarm {
  const { dead = false } = watch;
  return new Alarm(scope, watch.id, {
    alarmName: name,
    metric: watched(watch, of),
    threshold: watch.threshold,
    evaluationPeriods: watch.periods,
    comparisonOperator: dead
      ? ComparisonOperator.LESS_THAN_THRESHOLD
      : ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
    treatMissingData: dead ? TreatMissingData.BREACHING : TreatMissingData.NOT_BREACHING,
    alarmDescription: linked('cell' in of ? `Cell ${of.cell}: ${watch.says}` : watch.says, watch),
  });
}

function watched({ metric, statistic, minutes, lacksOf }: Watch, of: MetricDimension): IMetric {
  const period = Duration.minutes(minutes);
  const own = pawlMetric(metric, of, statistic, period);
  if (lacksOf === undefined) return own;
  return new MathExpression({
    // A division by 0 would leave the period without data.
    expression: 'IF(whole > 0, 100 * (whole - own) / whole, 0)',
    usingMetrics: { own, whole: pawlMetric(lacksOf, of, 'Minimum', period) },
    label: `${metric} below ${lacksOf}, percent`,
    period,
  });
}

/** By names instead of ARNs: a rule has 10,240 characters (PutCompositeAlarm). */
function anyOf(alarms: readonly IAlarm[]) {
  return AlarmRule.anyOf(...alarms.map(({ alarmName: name }) => AlarmRule.fromString(`ALARM("${name}")`)));
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
