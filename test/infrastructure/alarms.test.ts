import { readFileSync } from 'node:fs';
import { Match } from 'aws-cdk-lib/assertions';
import { describe, expect, test } from 'vitest';
import { cellWatches, LEDGER_WATCHES } from '../../lib/infrastructure/watches.ts';
import { METRICS, publicationOf } from '../../lib/telemetry/metric-names.ts';
import type { MetricAlarm } from '../support/cloudwatch-alarms.ts';
import { ALL_WATCHES, alarmOf } from '../support/watched-alarms.ts';
import { metricAlarms, metricsOf } from './alarm-properties.ts';
import { CELLS, everyResource, templatesOf } from './synthesised.ts';

const SETTINGS = { keptBackAlarmMinutes: 15, frozenAlarmMinutes: 60 };
const templates = templatesOf();
const { template } = templates;
const [ofTheFirst] = templates.cells.values();
if (ofTheFirst === undefined) throw new Error('There is a template for each cell.');
const operations = readFileSync('docs/operations.md', 'utf8');

const alarms = metricAlarms(templates);
const composites = everyResource(templates, 'AWS::CloudWatch::CompositeAlarm');
const ofCell = (cell: string) =>
  alarms.filter(({ Dimensions }) => Dimensions?.some(({ Value }) => Value === cell));

const alarmsOfACell = ofCell('use1-a');

describe('the alarms', () => {
  test.each(['use1-a', 'euw1-a'])('watch what the issue is about in %s', (cell) => {
    expect(ofCell(cell).flatMap(metricsOf).sort()).toEqual(
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
        METRICS.runsFailed,
        METRICS.plannerBlocked,
        METRICS.enactorBlocked,
        METRICS.runsWithoutRoom,
        METRICS.keptBackSeconds,
        METRICS.refusedEndpoints,
        METRICS.blindSources,
        METRICS.leaseZonesDeaf,
        METRICS.leaseTickSeconds,
        METRICS.leasesHeard,
        METRICS.leasesHeld,
        METRICS.heldSeconds,
        METRICS.zoneFilledPercent,
        METRICS.cellsHalfFrozen,
        METRICS.frozenSeconds,
        METRICS.logsContradicted,
      ].sort(),
    );
  });

  test('ring at one regression, at once', () => {
    ofTheFirst.hasResourceProperties('AWS::CloudWatch::Alarm', {
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

  test('wake people through composite alarms alone, those of each cell silent below its own root cause', () => {
    expect(alarms.filter(({ AlarmActions }) => AlarmActions !== undefined)).toEqual([]);
    const loud = composites.filter(({ Properties }) => Properties.AlarmActions?.length === 1);
    expect(loud.map(({ Properties }) => Properties.AlarmName)).toEqual([
      'pawl.RootCause',
      'pawl.Symptoms',
      ...Object.keys(CELLS).flatMap((cell) =>
        ['RootCause', 'Symptoms', 'Waiting'].map((level) => `pawl.${cell}.${level}`),
      ),
    ]);
    for (const { of, Properties } of loud) {
      const suppressor = Properties.ActionsSuppressor;
      if (Properties.AlarmName.endsWith('RootCause')) {
        expect(suppressor).toBeUndefined();
        expect(Properties.AlarmDescription).toMatch(/pawl status.*links to.*pawl freeze/);
        continue;
      }
      // A reference that another template could not have made.
      const { [suppressor['Fn::GetAtt'][0]]: root } = of.findResources('AWS::CloudWatch::CompositeAlarm');
      expect(root?.['Properties'].AlarmName).toBe(Properties.AlarmName.replace(/[^.]+$/, 'RootCause'));
    }
  });

  test('say what to run or to open, each of them', () => {
    const silent = alarms.filter(
      ({ AlarmDescription }) => !/pawl |docs\/operations\.md|share of the rate/.test(AlarmDescription),
    );
    expect(silent).toEqual([]);
  });
});

describe('the composite alarms', () => {
  test('name every metric alarm once', () => {
    const rules = composites.flatMap(({ of, Properties }) => {
      const parts: readonly unknown[] = Properties.AlarmRule['Fn::Join']?.[1] ?? [];
      const named = of.findResources('AWS::CloudWatch::Alarm');
      return parts.flatMap((part) =>
        typeof part === 'string'
          ? []
          : [named[(part as { readonly Ref: string }).Ref]?.['Properties'].AlarmName],
      );
    });
    expect(rules.toSorted()).toEqual(alarms.map(({ AlarmName }) => AlarmName).toSorted());
  });

  test('have one above all root causes, which wakes nobody', () => {
    const above = composites.find(({ Properties }) => Properties.AlarmName === 'pawl.AnyRootCause');
    expect(above?.Properties.AlarmActions).toBeUndefined();
    const named = [...String(above?.Properties.AlarmRule).matchAll(/ALARM\("([^"]+)"\)/g)].map(
      ([, name]) => name,
    );
    expect(named).toEqual(['pawl.RootCause', ...Object.keys(CELLS).map((cell) => `pawl.${cell}.RootCause`)]);
  });
});

describe('a deployment', () => {
  test('says after how long an endpoint that is kept back, a held plan and a frozen cell ring', () => {
    const [set] = templatesOf({ keptBackAlarmMinutes: 3, frozenAlarmMinutes: 1_440 }).cells.values();
    for (const [MetricName, Threshold] of [
      [METRICS.keptBackSeconds, 180],
      [METRICS.heldSeconds, 180],
      [METRICS.frozenSeconds, 86_400],
    ])
      set?.hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName, Threshold });
  });
});

describe('docs/operations.md', () => {
  const ids = [
    ...LEDGER_WATCHES.roots,
    ...LEDGER_WATCHES.symptoms,
    ...Object.values(cellWatches(SETTINGS)).flat(),
  ];

  test.each(ids.map(({ id }) => id))('says what to do at %s', (id) => {
    const section = operations.slice(operations.indexOf('## Alarms'), operations.indexOf('## Kept back'));
    expect(section).toMatch(new RegExp(`\\b${id}\\b`));
  });

  test('counts what CloudWatch bills', () => {
    const stack = alarms.length - 2 * alarmsOfACell.length;
    const watched = alarmsOfACell.flatMap(metricsOf).length;
    // Three of each of two cells, and three of the stack: test/support/costs.ts counts them so.
    expect(composites).toHaveLength(9);
    expect(operations).toContain(
      `alarms: ${alarmsOfACell.length} of the cell on ${watched} metrics, ${stack} of the stack, 6 composite`,
    );
  });
});

describe('the dashboard', () => {
  const [dashboard] = Object.values(template.findResources('AWS::CloudWatch::Dashboard'));
  const { 'Fn::Join': [, parts] = [] } = dashboard?.['Properties'].DashboardBody ?? {};
  const body: string = parts.map((part: unknown) => (typeof part === 'string' ? part : '…')).join('');

  test('begins with the alarms', () => {
    expect(body.indexOf('Is anything wrong?')).toBeGreaterThan(0);
    for (const name of [METRICS.lagGenerations, METRICS.emptyAnswers, METRICS.route53Requests])
      expect(body).toContain(name);
  });

  test('draws 0 where a metric has no value at 0, and nothing that has none ever', () => {
    const { widgets } = JSON.parse(body);
    const drawn: string[] = [];
    for (const { properties } of widgets) {
      const lines: readonly (readonly unknown[])[] = properties.metrics ?? [];
      const expressions = lines.flatMap(([first]) => JSON.stringify(first).match(/FILL.*, 0\)/g) ?? []);
      for (const line of lines.filter(({ length }) => length > 1)) {
        const [name, options] = [
          String(line[1]),
          line.at(-1) as { readonly id?: string; readonly visible?: boolean },
        ];
        drawn.push(name);
        const isFilled = options.visible === false && /^z\d+$/.test(options.id ?? '');
        expect(isFilled, name).toBe(publicationOf(name) === 'above-zero');
        if (isFilled) expect(expressions, name).toEqual(['FILL(METRICS(\\"z\\"), 0)']);
      }
    }
    expect(new Set(drawn).size).toBeGreaterThan(20);
    expect(drawn.filter((name) => publicationOf(name) === 'logged')).toEqual([]);
  });
});

test('the alarms that rules are played with are those of the stack', () => {
  const facts = (of: Partial<MetricAlarm>) => ({
    ...{ Statistic: of.Statistic, Threshold: of.Threshold, Period: of.Period },
    ...{ EvaluationPeriods: of.EvaluationPeriods, ComparisonOperator: of.ComparisonOperator },
    TreatMissingData: of.TreatMissingData,
    expression: of.Metrics?.find(({ Expression }) => Expression !== undefined)?.Expression,
  });
  const own = alarms.filter(({ Namespace }) => Namespace === 'Pawl');
  for (const watch of ALL_WATCHES) {
    const made = own.filter(({ AlarmName }) => AlarmName.endsWith(`.${watch.id}`));
    expect(made.length, watch.id).toBeGreaterThan(0);
    for (const alarm of made) expect(facts(alarm), watch.id).toEqual(facts(alarmOf(watch)));
  }
});
