import { stringify } from 'yaml';
import { OWN_RUNBOOK, runbookLink } from '../../lib/infrastructure/runbook.ts';
import type { Watch, Watches } from '../../lib/infrastructure/watches.ts';
import { cellWatches, LEDGER_WATCHES, TRAIL_WATCHES } from '../../lib/infrastructure/watches.ts';
import { METRIC_FACTS } from '../../lib/telemetry/metric-facts.ts';

/** One rule as Prometheus has it. */
interface AlertRule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** The defaults of a deployment. */
const SETTINGS = { keptBackAlarmMinutes: 15, frozenAlarmMinutes: 60 };
const SEVERITIES: Readonly<Record<keyof Watches, string>> = {
  roots: 'root-cause',
  symptoms: 'symptom',
  waiting: 'waiting',
};
/** A cell whose heartbeats were seen within this time and are not there now has fallen silent. */
const REMEMBERED = '1d';

/** The rules of every alarm that the stack has on a metric of Pawl's, of one table with them. */
function alertRules(): readonly AlertRule[] {
  return [
    ...rulesOf(LEDGER_WATCHES, 'ledger'),
    ...rulesOf(withoutSilences(TRAIL_WATCHES), 'ledger'),
    ...rulesOf(cellWatches(SETTINGS), 'cell'),
  ];
}

/** Where no trail is read, nothing of it is heard, and a rule cannot tell: the stack has that alarm. */
function withoutSilences({ roots, symptoms, waiting }: Watches): Watches {
  const heard = (watches: readonly Watch[]) => watches.filter(({ dead }) => dead !== true);
  return { roots: heard(roots), symptoms: heard(symptoms), waiting: heard(waiting) };
}

/** The file of rules. */
export function alertsFile(): string {
  const head =
    '# Written by "npm run generate:metrics" from the table of the alarms (lib/infrastructure/watches.ts).\n# docs/metrics.md says how to use it. Scrape at intervals of at most 15 seconds.\n';
  return head + stringify({ groups: [{ name: 'pawl', rules: alertRules() }] }, { lineWidth: 0 });
}

function rulesOf(watches: Watches, of: 'cell' | 'ledger'): readonly AlertRule[] {
  const levels: readonly (keyof Watches)[] = ['roots', 'symptoms', 'waiting'];
  return levels.flatMap((level) =>
    watches[level].map((watch): AlertRule => {
      const further = (watch.periods - 1) * watch.minutes;
      return {
        alert: watch.id,
        expr: expression(watch, of),
        ...(further === 0 ? {} : { for: `${further}m` }),
        labels: { severity: SEVERITIES[level] },
        annotations: {
          summary: of === 'cell' ? `Cell {{ $labels.cell }}: ${watch.says}` : watch.says,
          runbook_url: runbookLink(OWN_RUNBOOK, watch.runbook),
        },
      };
    }),
  );
}

function expression(
  { metric, statistic, minutes, threshold, dead, lacksOf }: Watch,
  of: 'cell' | 'ledger',
): string {
  const series = `${metric}{${of}!=""}`;
  const window = `${minutes}m`;
  if (dead === true)
    return `(sum by (${of}) (increase(${series}[${window}])) or 0 * sum by (${of}) (last_over_time(${series}[${REMEMBERED}]))) < ${threshold} or absent_over_time(${series}[${REMEMBERED}])`;
  if (lacksOf !== undefined) {
    const whole = `min by (${of}) (min_over_time(${lacksOf}{${of}!=""}[${window}]))`;
    return `100 * (${whole} - max by (${of}) (max_over_time(${series}[${window}]))) / (${whole} > 0) >= ${threshold}`;
  }
  if (METRIC_FACTS.get(metric)?.kind === 'count')
    // A count begins with its first value, of which nothing increases: what was not there before counts whole.
    return `sum by (${of}) ((${series} unless ${series} offset ${window}) or increase(${series}[${window}])) >= ${threshold}`;
  const worst = statistic === 'Minimum' ? 'min' : 'max';
  return `${worst} by (${of}) (${worst}_over_time(${series}[${window}])) >= ${threshold}`;
}
