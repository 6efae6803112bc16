// CloudWatch's own rules for alarms, as far as the stack uses them: one expression of metric math, no anomaly detection
// ("Alarm evaluation", "Configuring how CloudWatch alarms treat missing data" and "Using math expressions with CloudWatch
// metrics", CloudWatch User Guide).

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

type Statistic = 'Sum' | 'Maximum' | 'Minimum';

/** A part of an alarm on metric math: the expression, or a metric in it. */
export interface MetricQuery {
  readonly Id: string;
  readonly Expression?: string;
  readonly MetricStat?: {
    readonly Stat: Statistic;
    /** Seconds. */
    readonly Period: number;
    readonly Metric: {
      readonly MetricName: string;
      readonly Namespace: string;
      readonly Dimensions: readonly { readonly Name: string; readonly Value: unknown }[];
    };
  };
}

/** As much of AWS::CloudWatch::Alarm as decides when it rings. */
export interface MetricAlarm {
  /** Of an alarm on metric math alone. */
  readonly Metrics?: readonly MetricQuery[];
  readonly Statistic: Statistic;
  readonly Threshold: number;
  readonly ComparisonOperator: 'GreaterThanOrEqualToThreshold' | 'LessThanThreshold';
  readonly TreatMissingData?: 'breaching' | 'notBreaching' | 'ignore' | 'missing';
  /** Seconds. */
  readonly Period: number;
  readonly EvaluationPeriods: number;
  readonly DatapointsToAlarm?: number;
}

/** What one period came to: breaching or not; undefined where nothing was published. */
export type Datapoint = boolean | undefined;

/** A value that was published, so many seconds after the beginning. */
export interface Sample {
  readonly at: number;
  readonly value: number;
  /** For an alarm on metric math: the metric that it is a value of. */
  readonly metric?: string;
}

/** CloudWatch looks farther back than the periods it evaluates, by a number that it does not tell; its examples say two. */
export const FURTHER_PERIODS = 2;

/**
 * The state after the newest of these periods, oldest first. Periods with data count before missing ones, from as far
 * back as is looked; only what is lacking then is filled in as the alarm treats missing data.
 */
export function stateAfter(alarm: MetricAlarm, points: readonly Datapoint[], before: AlarmState): AlarmState {
  const { EvaluationPeriods: periods, TreatMissingData: missing = 'missing' } = alarm;
  const toAlarm = alarm.DatapointsToAlarm ?? periods;
  const real = points.slice(-(periods + FURTHER_PERIODS)).filter((point) => point !== undefined);
  const evaluated = real.slice(-periods);
  const breaching = evaluated.filter(Boolean).length;
  const lacking = periods - evaluated.length;
  if (breaching >= toAlarm) return 'ALARM';
  switch (missing) {
    case 'breaching':
      return breaching + lacking >= toAlarm ? 'ALARM' : 'OK';
    case 'notBreaching':
      return 'OK';
    case 'ignore':
      return lacking > 0 && breaching === evaluated.length ? before : 'OK';
    case 'missing':
      if (evaluated.length === 0) return 'INSUFFICIENT_DATA';
      return lacking > 0 && breaching === evaluated.length ? 'ALARM' : 'OK';
  }
}

export interface StateAt {
  /** The end of a period, seconds. */
  readonly at: number;
  readonly state: AlarmState;
}

/** The state of an alarm at the end of every period until then, seconds. It begins with no data. */
export function statesOver(
  alarm: MetricAlarm,
  samples: readonly Sample[],
  until: number,
): readonly StateAt[] {
  const points: Datapoint[] = [];
  const states: StateAt[] = [];
  let state: AlarmState = 'INSUFFICIENT_DATA';
  for (let at = alarm.Period; at <= until; at += alarm.Period) {
    points.push(
      datapoint(
        alarm,
        samples.filter((each) => each.at >= at - alarm.Period && each.at < at),
      ),
    );
    state = stateAfter(alarm, points, state);
    states.push({ at, state });
  }
  return states;
}

function datapoint(alarm: MetricAlarm, samples: readonly Sample[]): Datapoint {
  const level =
    alarm.Metrics === undefined ? statistic(alarm.Statistic, samples) : math(alarm.Metrics, samples);
  if (level === undefined) return undefined;
  return alarm.ComparisonOperator === 'LessThanThreshold'
    ? level < alarm.Threshold
    : level >= alarm.Threshold;
}

/** Undefined of nothing. */
function statistic(which: Statistic, samples: readonly Sample[]): number | undefined {
  if (samples.length === 0) return undefined;
  const values = samples.map(({ value }) => value);
  const statistics = {
    Sum: values.reduce((sum, each) => sum + each, 0),
    Maximum: Math.max(...values),
    Minimum: Math.min(...values),
  };
  return statistics[which];
}

/** How much of `whole` the metric `own` lacks, percent. */
export const LACKS = 'IF(whole > 0, 100 * (whole - own) / whole, 0)';

/** Every expression that the stack has, by its text. */
const EXPRESSIONS: Readonly<Record<string, (level: (id: string) => number) => number>> = {
  [LACKS]: (level) => (level('whole') > 0 ? (100 * (level('whole') - level('own'))) / level('whole') : 0),
};

/** An expression has no value of a period in which a metric of it has none. @throws Error where the expression is not known. */
function math(queries: readonly MetricQuery[], samples: readonly Sample[]): number | undefined {
  const text = queries.find(({ Expression }) => Expression !== undefined)?.Expression ?? '';
  const expression = EXPRESSIONS[text];
  if (expression === undefined) throw new Error(`Nobody here knows the expression ${text}.`);
  const levels = new Map<string, number>();
  for (const { Id, MetricStat } of queries) {
    if (MetricStat === undefined) continue;
    const own = samples.filter(({ metric }) => metric === MetricStat.Metric.MetricName);
    const level = statistic(MetricStat.Stat, own);
    if (level === undefined) return undefined;
    levels.set(Id, level);
  }
  return expression((id) => levels.get(id) ?? Number.NaN);
}

/** As much of AWS::CloudWatch::CompositeAlarm as decides whom it pages. */
export interface CompositeAlarm {
  readonly name: string;
  /** The names in its rule, of which one is enough. */
  readonly anyOf: readonly string[];
  /** The name of the alarm that silences it. */
  readonly suppressor?: string | undefined;
  readonly actions: readonly unknown[];
}

/** The composite alarms that send to their actions when these metric alarms ring, and the others do not. */
export function paging(
  composites: readonly CompositeAlarm[],
  ringing: ReadonlySet<string>,
): readonly string[] {
  const isRinging = (name: string): boolean => {
    const composite = composites.find((each) => each.name === name);
    return composite === undefined ? ringing.has(name) : composite.anyOf.some(isRinging);
  };
  return composites
    .filter(({ actions }) => actions.length > 0)
    .filter(({ name, suppressor }) => isRinging(name) && !(suppressor !== undefined && isRinging(suppressor)))
    .map(({ name }) => name);
}
