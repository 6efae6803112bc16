import { METRIC_FACTS } from '../../lib/telemetry/metric-facts.ts';
import { HOLDER_METRICS, publicationOf } from '../../lib/telemetry/metric-names.ts';

const HEADING = '## Every metric\n';
const HOLDERS: readonly string[] = Object.values(HOLDER_METRICS);

/** The rows of the table, by name. */
function metricsTable(): string {
  const rows = [...METRIC_FACTS]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, { kind, unit, of, says }]) => {
      const value = HOLDERS.includes(name) ? 'not in CloudWatch' : publicationOf(name);
      return `| ${name} | ${kind} | \`${unit}\` | ${of.join(', ')} | ${value} | ${says} |`;
    });
  return [
    '| metric | kind | unit | of | has a value | what it counts |',
    '|---|---|---|---|---|---|',
    ...rows,
  ].join('\n');
}

/** The page with its table as the code has it. @throws Error where the page has no such section. */
export function metricsPage(page: string): string {
  const from = page.indexOf(HEADING);
  const table = page.indexOf('\n|', from) + 1;
  const end = page.indexOf('\n\n', table);
  if (from < 0 || table < 1) throw new Error(`docs/metrics.md has no table below "${HEADING.trim()}".`);
  return `${page.slice(0, table)}${metricsTable()}${end < 0 ? '\n' : page.slice(end)}`;
}
