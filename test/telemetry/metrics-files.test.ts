import { readFileSync } from 'node:fs';
import { describe, expect, it, test } from 'vitest';
import { parse } from 'yaml';
import { z } from 'zod';
import { ALARM_TITLES, PANEL_ROWS, REQUESTS_TITLE } from '../../lib/infrastructure/dashboard-panels.ts';
import { OWN_RUNBOOK, runbookLink } from '../../lib/infrastructure/runbook.ts';
import { METRIC_FACTS } from '../../lib/telemetry/metric-facts.ts';
import { ALL_METRICS, HOLDER_METRICS, publicationOf } from '../../lib/telemetry/metric-names.ts';
import { grafanaDashboard } from '../../scripts/metrics/grafana-dashboard.ts';
import { metricsPage } from '../../scripts/metrics/metrics-table.ts';
import { alertsFile } from '../../scripts/metrics/prometheus-alerts.ts';
import { promqlNames } from '../support/promql-names.ts';
import { ALL_WATCHES, WATCHES_OF_TRAIL } from '../support/watched-alarms.ts';

/** The stack's alarms, but the silence of passes over a trail: no rule can tell whether there should be any. */
const HEARD = [...ALL_WATCHES, ...WATCHES_OF_TRAIL.filter(({ dead }) => dead !== true)];

const DASHBOARD = readFileSync('examples/grafana/pawl.json', 'utf8');
const ALERTS = readFileSync('examples/prometheus/alerts.yaml', 'utf8');
const PAGE = readFileSync('docs/metrics.md', 'utf8');

/** Of Prometheus itself: the alerts that ring. */
const OTHERS = ['ALERTS'];

test.each([
  ['examples/grafana/pawl.json', DASHBOARD, grafanaDashboard],
  ['examples/prometheus/alerts.yaml', ALERTS, alertsFile],
  ['the table of docs/metrics.md', PAGE, () => metricsPage(PAGE)],
])('%s is what "npm run generate:metrics" writes', (_file, written, generated) => {
  expect(written).toBe(generated());
});

describe('the table of facts', () => {
  it('has every metric, and no other', () => {
    expect([...METRIC_FACTS.keys()].sort()).toEqual(
      [...ALL_METRICS, ...Object.values(HOLDER_METRICS)].sort(),
    );
  });

  it('has names that Prometheus takes as they are, and units of UCUM', () => {
    for (const [name, { unit, says }] of METRIC_FACTS) {
      expect(name).toMatch(/^[A-Za-z][A-Za-z0-9]*$/);
      expect(unit).toMatch(/^(s|%|\{[a-z]+\})$/);
      expect(name.endsWith('Seconds')).toBe(unit === 's');
      expect(name.endsWith('Percent')).toBe(unit === '%');
      expect(says).toMatch(/^[A-Z0-9].*[.]$/);
    }
  });

  it('takes the lowest value of a run exactly where an alarm rings when no look was better', () => {
    const minima = new Set(
      ALL_WATCHES.filter(({ statistic }) => statistic === 'Minimum').map(({ metric }) => metric),
    );
    const lowest = [...METRIC_FACTS].flatMap(([name, { worst }]) => (worst === 'lowest' ? [name] : []));
    expect(new Set(lowest)).toEqual(minima);
  });

  it('calls nothing a level whose alarm sums it up, unless one is enough', () => {
    for (const { metric, statistic, threshold } of ALL_WATCHES)
      if (METRIC_FACTS.get(metric)?.kind === 'level') expect(statistic === 'Sum' ? threshold : 1).toBe(1);
      else expect(statistic).toBe('Sum');
  });
});

const dashboardShape = z.object({
  uid: z.string(),
  title: z.string(),
  schemaVersion: z.int().min(36),
  templating: z.object({
    list: z.array(
      z.looseObject({ name: z.string(), type: z.enum(['datasource', 'query']), query: z.string() }),
    ),
  }),
  panels: z.array(
    z.strictObject({
      id: z.int().positive(),
      type: z.enum(['stat', 'timeseries']),
      title: z.string().min(1),
      description: z.string().min(10),
      gridPos: z.strictObject({
        x: z.int().min(0).max(23),
        y: z.int().min(0),
        w: z.int().min(1).max(24),
        h: z.int().min(1),
      }),
      datasource: z.strictObject({ type: z.literal('prometheus'), uid: z.string() }),
      targets: z
        .array(
          z.strictObject({
            refId: z.string().regex(/^[A-Z]$/),
            datasource: z.strictObject({ type: z.literal('prometheus'), uid: z.string() }),
            expr: z.string().min(1),
            legendFormat: z.string(),
          }),
        )
        .min(1),
      fieldConfig: z.strictObject({
        defaults: z.looseObject({ unit: z.enum(['s', 'percent', 'short']), min: z.number() }),
        overrides: z.array(z.never()),
      }),
      options: z.looseObject({}),
    }),
  ),
});

describe('the dashboard for Grafana', () => {
  const { panels, templating } = dashboardShape.parse(JSON.parse(DASHBOARD));

  it('has the panels of the dashboard in CloudWatch, in their order', () => {
    const titles = PANEL_ROWS.flatMap((row) => row.map(({ title }) => title));
    expect(panels.map(({ title }) => title)).toEqual([
      ...Object.values(ALARM_TITLES),
      ...titles,
      REQUESTS_TITLE,
    ]);
  });

  it('draws every metric of a panel, and names none that nobody counts', () => {
    const drawn = panels.map(({ targets }) => targets.flatMap(({ expr }) => promqlNames(expr)));
    const [first, second, third, ...others] = drawn;
    expect([first, second, third]).toEqual([OTHERS, OTHERS, OTHERS]);
    expect(others.slice(0, -1)).toEqual(PANEL_ROWS.flatMap((row) => row.map(({ metrics }) => [...metrics])));
    for (const name of others.flat()) {
      expect(METRIC_FACTS.has(name)).toBe(true);
      expect(publicationOf(name)).not.toBe('logged');
    }
    const [, cells] = templating.list;
    expect(promqlNames(cells?.query ?? '')).toEqual(['PlannerRuns', 'cell']);
  });

  it('asks for a rate of counts, and for no rate of levels', () => {
    for (const { expr } of panels.slice(3).flatMap(({ targets }) => targets)) {
      const [name = ''] = promqlNames(expr);
      expect(/rate\(/.test(expr)).toBe(METRIC_FACTS.get(name)?.kind === 'count');
    }
  });

  it('lays no panel over another one, and gives each its own id', () => {
    expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
    const taken = new Set<string>();
    for (const { gridPos } of panels) {
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
      for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1)
        for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
          expect(taken).not.toContain(`${x} ${y}`);
          taken.add(`${x} ${y}`);
        }
    }
  });
});

const rulesShape = z.strictObject({
  groups: z.tuple([
    z.strictObject({
      name: z.string(),
      rules: z.array(
        z.strictObject({
          alert: z.string(),
          expr: z.string(),
          for: z
            .string()
            .regex(/^\d+m$/)
            .optional(),
          labels: z.strictObject({ severity: z.enum(['root-cause', 'symptom', 'waiting']) }),
          annotations: z.strictObject({ summary: z.string(), runbook_url: z.url() }),
        }),
      ),
    }),
  ]),
});

describe('the rules for Prometheus', () => {
  const [{ rules }] = rulesShape.parse(parse(ALERTS)).groups;

  it('are one for each alarm of the stack on a metric of ours', () => {
    expect(rules.map(({ alert }) => alert).sort()).toEqual(HEARD.map(({ id }) => id).sort());
  });

  test.each(HEARD)('agree with the alarm $id', (watch) => {
    const { id, metric, lacksOf, threshold, minutes, periods, dead = false, runbook } = watch;
    const rule = rules.find(({ alert }) => alert === id);
    const expr = rule?.expr ?? '';
    expect(new Set(promqlNames(expr))).toEqual(
      new Set([metric, ...(lacksOf === undefined ? [] : [lacksOf])]),
    );
    expect(expr).toContain(`[${minutes}m]`);
    expect(expr).toContain(dead ? `< ${threshold} or absent_over_time(` : `>= ${threshold}`);
    expect(rule?.for).toBe(periods === 1 ? undefined : `${(periods - 1) * minutes}m`);
    expect(rule?.annotations.runbook_url).toBe(runbookLink(OWN_RUNBOOK, runbook));
    expect(/increase\(/.test(expr)).toBe(METRIC_FACTS.get(metric)?.kind === 'count');
  });
});

describe('the reader of expressions', () => {
  it('finds a metric that nobody counts', () => {
    expect(promqlNames('sum by (cell) (rate(NeverCounted{cell=~"$cell"}[5m])) > 0')).toEqual([
      'NeverCounted',
    ]);
  });

  test.each(['sum(A', 'A)', 'sum(A}', 'median(A)', 'A ? B', 'rate(A[5x])'])('refuses %s', (expression) => {
    expect(() => promqlNames(expression)).toThrow();
  });
});
