import type { Panel } from '../../lib/infrastructure/dashboard-panels.ts';
import {
  ALARM_TITLES,
  FULL_WIDTH,
  PANEL_ROWS,
  REQUESTS_TITLE,
} from '../../lib/infrastructure/dashboard-panels.ts';
import { METRIC_FACTS } from '../../lib/telemetry/metric-facts.ts';
import { METRICS } from '../../lib/telemetry/metric-names.ts';

// The fields are those of "Dashboard JSON model" (Grafana documentation), and of its time series and stat panels.

const SOURCE = { type: 'prometheus', uid: '$datasource' } as const;
/** What an account has by default, 10 requests a second (lib/infrastructure/deployment.ts), a minute. */
const ACCOUNT_A_MINUTE = 600;
const HEIGHTS = { alarms: 3, now: 4, graph: 8 } as const;
const GROUPS: Readonly<Record<keyof typeof ALARM_TITLES, string>> = {
  roots: 'root-cause',
  symptoms: 'symptom',
  waiting: 'waiting',
};

interface Drawn {
  readonly title: string;
  readonly description: string;
  readonly type: 'stat' | 'timeseries';
  readonly width: number;
  readonly height: number;
  readonly unit: string;
  readonly targets: readonly { readonly expr: string; readonly legendFormat: string }[];
  readonly isStacked?: boolean;
  /** Drawn as a line above. */
  readonly limit?: number;
}

/** The dashboard of operations for Grafana, with the panels that the one in CloudWatch has. */
export function grafanaDashboard(): string {
  const rows: readonly (readonly Drawn[])[] = [
    ...Object.entries(ALARM_TITLES).map(([group, title]) => [
      alarms(title, GROUPS[group as keyof typeof GROUPS]),
    ]),
    ...PANEL_ROWS.map((row) => row.map(drawn)),
    [requests()],
  ];
  let [y, id] = [0, 0];
  const panels = rows.flatMap((row) => {
    let x = 0;
    const placed = row.map((each) => {
      id += 1;
      const panel = panelOf(each, id, { x, y, w: each.width, h: each.height });
      x += each.width;
      return panel;
    });
    y += Math.max(...row.map(({ height }) => height));
    return placed;
  });
  const dashboard = {
    uid: 'pawl',
    title: 'Pawl: operations',
    description: 'To be read from the top: is anything wrong; is every cell at its goal; then why not.',
    tags: ['pawl', 'dns'],
    schemaVersion: 39,
    editable: true,
    refresh: '30s',
    time: { from: 'now-3h', to: 'now' },
    templating: { list: [sourceVariable(), cellVariable()] },
    panels,
  };
  return `${JSON.stringify(dashboard, null, 2)}\n`;
}

function alarms(title: string, severity: string): Drawn {
  return {
    title,
    description: `Alerts of examples/prometheus/alerts.yaml with the severity ${severity} that ring now; each has the address of its runbook.`,
    type: 'stat',
    width: FULL_WIDTH,
    height: HEIGHTS.alarms,
    unit: 'short',
    targets: [
      {
        expr: `sum by (alertname, cell) (ALERTS{alertstate="firing",severity="${severity}"}) or vector(0)`,
        legendFormat: '{{alertname}} {{cell}}',
      },
    ],
  };
}

function drawn({ title, metrics, shows, width }: Panel): Drawn {
  return {
    title,
    description: metrics.map((name) => `${name}: ${factsOf(name).says}`).join(' '),
    type: shows === 'now' ? 'stat' : 'timeseries',
    width,
    height: HEIGHTS[shows],
    unit: unitOf(metrics),
    targets: metrics.map((name) => ({
      expr: perCell(name),
      legendFormat: metrics.length === 1 ? '{{cell}}' : `${name} {{cell}}`,
    })),
  };
}

function requests(): Drawn {
  const name = METRICS.route53Requests;
  return {
    title: REQUESTS_TITLE,
    description: `${name}: ${factsOf(name).says} The line is what an account has unless AWS raised it.`,
    type: 'timeseries',
    width: FULL_WIDTH,
    height: HEIGHTS.graph,
    unit: 'short',
    targets: [{ expr: perCell(name), legendFormat: '{{cell}}' }],
    isStacked: true,
    limit: ACCOUNT_A_MINUTE,
  };
}

/** Of a count what comes a minute, of a level the highest of all workers. */
function perCell(name: string): string {
  const series = `${name}{cell=~"$cell"}`;
  return factsOf(name).kind === 'count'
    ? `60 * sum by (cell) (rate(${series}[$__rate_interval]))`
    : `max by (cell) (${series})`;
}

function factsOf(name: string) {
  const facts = METRIC_FACTS.get(name);
  if (facts === undefined) throw new RangeError(`There is no metric ${name}.`);
  return facts;
}

/** As Grafana names units. */
function unitOf(metrics: readonly string[]): string {
  const units = new Set(metrics.map((name) => factsOf(name).unit));
  if (units.size === 1 && units.has('s')) return 's';
  return units.size === 1 && units.has('%') ? 'percent' : 'short';
}

function panelOf(
  { title, description, type, unit, targets, isStacked, limit }: Drawn,
  id: number,
  gridPos: object,
) {
  const thresholds = {
    mode: 'absolute',
    steps: [
      { color: 'green', value: null },
      ...(limit === undefined
        ? type === 'stat'
          ? [{ color: 'red', value: 1 }]
          : []
        : [{ color: 'red', value: limit }]),
    ],
  };
  return {
    id,
    type,
    title,
    description,
    gridPos,
    datasource: SOURCE,
    targets: targets.map((target, index) => ({
      refId: String.fromCharCode('A'.charCodeAt(0) + index),
      datasource: SOURCE,
      ...target,
    })),
    fieldConfig: {
      defaults: {
        unit,
        min: 0,
        thresholds,
        ...(type === 'timeseries'
          ? {
              custom: {
                drawStyle: 'line',
                fillOpacity: isStacked === true ? 20 : 0,
                stacking: { mode: isStacked === true ? 'normal' : 'none' },
                thresholdsStyle: { mode: limit === undefined ? 'off' : 'line' },
              },
            }
          : {}),
      },
      overrides: [],
    },
    options:
      type === 'stat'
        ? { reduceOptions: { calcs: ['lastNotNull'], fields: '', values: false }, colorMode: 'background' }
        : { legend: { displayMode: 'list', placement: 'bottom' }, tooltip: { mode: 'multi' } },
  };
}

function sourceVariable() {
  return { name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus' };
}

function cellVariable() {
  return {
    name: 'cell',
    label: 'Cell',
    type: 'query',
    datasource: SOURCE,
    query: 'label_values(PlannerRuns, cell)',
    refresh: 2,
    includeAll: true,
    multi: true,
    allValue: '.*',
    current: { text: 'All', value: '$__all' },
  };
}
