import { describe, expect, test } from 'vitest';
import type { AlarmState, Datapoint, MetricAlarm } from './cloudwatch-alarms.ts';
import { paging, stateAfter, statesOver } from './cloudwatch-alarms.ts';

const alarm: MetricAlarm = {
  Statistic: 'Sum',
  Threshold: 1,
  ComparisonOperator: 'GreaterThanOrEqualToThreshold',
  Period: 60,
  EvaluationPeriods: 3,
};

const WAYS = ['missing', 'ignore', 'breaching', 'notBreaching'] as const;
const RETAINED = 'INSUFFICIENT_DATA';

function points(row: string): readonly Datapoint[] {
  return row.split(' ').map((each) => ({ '0': false, X: true })[each]);
}

type Row = readonly [points: string, ...states: readonly [AlarmState, AlarmState, AlarmState, AlarmState]];

describe('the examples of AWS, three periods', () => {
  const rows: readonly Row[] = [
    ['0 - X - X', 'OK', 'OK', 'OK', 'OK'],
    ['0 - - - -', 'OK', 'OK', 'OK', 'OK'],
    ['- - - - -', 'INSUFFICIENT_DATA', RETAINED, 'ALARM', 'OK'],
    ['0 X X - X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    ['- - X - -', 'ALARM', RETAINED, 'ALARM', 'OK'],
  ];

  test.each(rows)('%s', (row, ...states) => {
    WAYS.forEach((TreatMissingData, index) => {
      expect(stateAfter({ ...alarm, TreatMissingData }, points(row), RETAINED)).toBe(states[index]);
    });
  });
});

describe('the examples of AWS, two of three periods', () => {
  const rows: readonly Row[] = [
    ['0 - X - X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    ['0 0 X 0 X', 'ALARM', 'ALARM', 'ALARM', 'ALARM'],
    ['0 - X - -', 'OK', 'OK', 'ALARM', 'OK'],
    ['- - - - 0', 'OK', 'OK', 'ALARM', 'OK'],
    ['- - - X -', 'ALARM', RETAINED, 'ALARM', 'OK'],
  ];

  test.each(rows)('%s', (row, ...states) => {
    WAYS.forEach((TreatMissingData, index) => {
      const twoOfThree = { ...alarm, TreatMissingData, DatapointsToAlarm: 2 };
      expect(stateAfter(twoOfThree, points(row), RETAINED)).toBe(states[index]);
    });
  });
});

test('a period is what its samples come to', () => {
  const once = { ...alarm, EvaluationPeriods: 1, TreatMissingData: 'notBreaching', Threshold: 2 } as const;
  const samples = [
    { at: 61, value: 1 },
    { at: 119, value: 1 },
    { at: 121, value: 1 },
  ];
  const states = (Statistic: MetricAlarm['Statistic']) =>
    statesOver({ ...once, Statistic }, samples, 180).map(({ state }) => state);
  expect(states('Sum')).toEqual(['OK', 'ALARM', 'OK']);
  expect(states('Maximum')).toEqual(['OK', 'OK', 'OK']);
});

test('a composite alarm pages when one of its alarms rings, unless what suppresses it rings', () => {
  const composites = [
    { name: 'root', anyOf: ['a'], actions: ['topic'] },
    { name: 'symptoms', anyOf: ['b'], suppressor: 'root', actions: ['topic'] },
    { name: 'above', anyOf: ['root'], actions: [] },
  ];
  expect(paging(composites, new Set(['b']))).toEqual(['symptoms']);
  expect(paging(composites, new Set(['a', 'b']))).toEqual(['root']);
  expect(paging(composites, new Set())).toEqual([]);
});
