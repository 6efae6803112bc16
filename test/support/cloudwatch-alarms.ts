// CloudWatch's own rules for alarms, as far as the stack uses them: no metric math, no anomaly detection
// ("Alarm evaluation" and "Configuring how CloudWatch alarms treat missing data", CloudWatch User Guide).

export type AlarmState = 'OK' | 'ALARM' | 'INSUFFICIENT_DATA';

/** As much of AWS::CloudWatch::Alarm as decides when it rings. */
export interface MetricAlarm {
  readonly Statistic: 'Sum' | 'Maximum' | 'Minimum';
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
}

/** CloudWatch looks farther back than the periods it evaluates, by a number that it does not tell; its examples say two. */
const FURTHER_PERIODS = 2;

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
    const values = samples.filter((each) => each.at >= at - alarm.Period && each.at < at);
    points.push(
      datapoint(
        alarm,
        values.map(({ value }) => value),
      ),
    );
    state = stateAfter(alarm, points, state);
    states.push({ at, state });
  }
  return states;
}

function datapoint(alarm: MetricAlarm, values: readonly number[]): Datapoint {
  if (values.length === 0) return undefined;
  const statistics = {
    Sum: values.reduce((sum, each) => sum + each, 0),
    Maximum: Math.max(...values),
    Minimum: Math.min(...values),
  };
  const level = statistics[alarm.Statistic];
  return alarm.ComparisonOperator === 'LessThanThreshold'
    ? level < alarm.Threshold
    : level >= alarm.Threshold;
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
