// @module-tag slow
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { costsAtRest, dollars, sumOf } from '../support/costs.ts';
import { failedZoneWork, TARGETS_A_CELL } from '../support/scale-cell.ts';
import { looksAtScale } from '../support/scale-cells.ts';
import { atRest, playBurst } from '../support/scale-model.ts';

const page = readFileSync('docs/scale.md', 'utf8');
const ACCOUNTS = 100;
const whole = (value: number): string => value.toLocaleString('en-US');

describe('the page on scale', () => {
  it('says what a failed zone asks of a cell', async () => {
    const { stages, flip, records, endpoints, stateBytes } = await failedZoneWork();
    expect(stages).toHaveLength(1);
    expect(10_000 * TARGETS_A_CELL).toBe(1_000_000);
    expect(page).toContain(
      `Every cell has ${endpoints} endpoints to change: a batch of trees with ${stages[0]} changes, a flip with ${flip}`,
    );
    expect(page).toContain(`holds ${records} records after the change`);
    expect(page).toContain(`${whole(stateBytes)} characters of state`);
  });

  it.each([1, 10, 30, 100, 300])(
    'has the burst of %d cells in an account',
    async (cells) => {
      const { requests, changes, lastFlipS, lastAnswerS } = playBurst(cells, await failedZoneWork());
      expect(page).toContain(
        `| ${whole(cells)} | ${whole(cells * ACCOUNTS)} | ${whole(requests)} | ${whole(changes)} | ${lastFlipS} s | ${lastAnswerS} s |`,
      );
    },
    120_000,
  );

  it.each([1, 10, 30, 100, 300])('has what %d cells in an account have at rest', (cells) => {
    const { reserved, schedules, runsASecond } = atRest(cells);
    expect(page).toContain(
      `| ${whole(cells)} | ${whole(reserved)} | ${whole(schedules)} | ${runsASecond.toFixed(2)} |`,
    );
  });

  it('says how many cells the default concurrency of an account has room for', () => {
    expect(atRest(165).reserved).toBeLessThanOrEqual(1_000);
    expect(atRest(166).reserved).toBeGreaterThan(1_000);
    expect(page).toContain('ends at 165 cells');
  });

  it('says what one more cell costs, and what of it is for watching', () => {
    const rows = costsAtRest();
    const watching = rows.filter(({ what }) => /^(metrics|alarms|dashboard|X-Ray|logs)/.test(what));
    const more = (some: typeof rows) => (sumOf(some, 'twelve') - sumOf(some, 'one')) / 11;
    expect(page).toContain(
      `One more cell costs ${dollars(more(rows))} dollars a month at rest, of which ${dollars(more(watching))} are for watching`,
    );
    expect(page).toContain(`10,000 cells are ${whole(Math.round(10_000 * more(rows)))} dollars a month`);
  });

  it.each([100, 1_000])('has what status asks of %d cells', async (cells) => {
    const { calls, route53 } = await looksAtScale(cells);
    expect(page).toContain(
      `| ${whole(cells)} | ${whole(calls['head'] ?? 0)} | ${whole(calls['getBody'] ?? 0)} | ${whole(route53)} |`,
    );
  });
});
