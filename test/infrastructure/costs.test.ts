import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { CostRow } from '../support/costs.ts';
import {
  costOfLeaseMetrics,
  costOfTrail,
  costsAtRest,
  costsOfChanges,
  costsOfTracing,
  dollars,
  sumOf,
} from '../support/costs.ts';

const operations = readFileSync('docs/operations.md', 'utf8');
const section = operations.slice(
  operations.indexOf('## What it costs'),
  operations.indexOf('## The suite that runs'),
);
/** The rows of each table, without its head, its rule and its sum. */
const [atRest = [], ofChanges = []] = section
  .split('\n\n')
  .filter((block) => block.startsWith('|'))
  .map((block) => block.trimEnd().split('\n').slice(2));

function row({ what, one, arithmetic }: CostRow): string {
  return `| ${what} | ${dollars(one)} | ${arithmetic} |`;
}

function cells(row: CostRow): string {
  return `| ${row.what} | ${dollars(row.one)} | ${dollars(row.twelve)} | ${row.arithmetic} |`;
}

describe('the table of what a deployment costs', () => {
  const rows = costsAtRest();
  const watching = rows.filter(({ what }) => /^(metrics|alarms|dashboard)/.test(what));

  it('has every row at rest, with its arithmetic', () => {
    expect(atRest.slice(0, -1)).toEqual(rows.map(cells));
  });

  it('sums them up', () => {
    const sums = [dollars(sumOf(rows, 'one')), dollars(sumOf(rows, 'twelve'))];
    const ofWatching = [dollars(sumOf(watching, 'one')), dollars(sumOf(watching, 'twelve'))];
    expect(atRest.at(-1)).toBe(
      `| **sum** | **${sums[0]}** | **${sums[1]}** | what watches is ${ofWatching.join(' and ')} of it |`,
    );
  });

  it('says what a cell without leases pays less, and what traces would cost', () => {
    expect(section).toContain(`pays ${dollars(costOfLeaseMetrics())} less`);
    const { atRest: resting, changes } = costsOfTracing();
    expect(section).toContain(
      `${dollars(resting)} dollars a cell at rest and ${dollars(changes)} at 1,000 changes a day`,
    );
  });

  it('says what a trail that is read costs', () => {
    expect(section).toContain(`\`trail\` costs ${dollars(costOfTrail())} dollars a month`);
  });

  it('has every row of changes, and sums them up', () => {
    const { month, year } = costsOfChanges();
    expect(ofChanges).toEqual([
      ...month.map(row),
      `| **sum, in the first month** | **${dollars(sumOf(month, 'one'))}** | |`,
      ...year.map(row),
      `| **more after a year of history** | **${dollars(sumOf(year, 'one'))}** | |`,
    ]);
  });
});
