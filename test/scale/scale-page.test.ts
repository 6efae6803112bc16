// @module-tag slow
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ROUTE53_RATE } from '../../lib/emulator/settings.ts';
import { costsAtRest, dollars, sumOf } from '../support/costs.ts';
import { failedZoneWork, TARGETS_A_CELL } from '../support/scale-cell.ts';
import { looksAtScale } from '../support/scale-cells.ts';
import { atRest, playBurst, REQUESTS_AT_REST } from '../support/scale-model.ts';

const page = readFileSync('docs/scale.md', 'utf8');
const ACCOUNTS = 100;
/** A rate that AWS may have raised an account to. */
const RAISED_A_SECOND = 50;
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

  it.each([1, 10, 30, 50, 60, 76, 100, 300])(
    'has the burst of %d cells in an account',
    async (cells) => {
      const work = await failedZoneWork();
      const { requests, changes, end } = playBurst(cells, work);
      const [flip, answer] =
        end === undefined ? ['never', 'never'] : [`${end.lastFlipS} s`, `${end.lastAnswerS} s`];
      const raised = playBurst(cells, work, RAISED_A_SECOND).end?.lastFlipS;
      expect(page).toContain(
        `| ${whole(cells)} | ${whole(cells * ACCOUNTS)} | ${whole(requests)} | ${whole(changes)} | ${flip} | ${answer} | ${raised} s |`,
      );
    },
    120_000,
  );

  it.each([1, 10, 30, 100, 300])('has what %d cells in an account have at rest', (cells) => {
    const { reserved, schedules, runsASecond, requestsASecond } = atRest(cells);
    expect(page).toContain(
      `| ${whole(cells)} | ${whole(reserved)} | ${whole(schedules)} | ${runsASecond.toFixed(2)} | ${requestsASecond.toFixed(2)} |`,
    );
  });

  it('says how many cells at rest fill the bucket of requests', () => {
    const { perSecond } = ROUTE53_RATE.throttle;
    expect(atRest(76).requestsASecond).toBeLessThan(perSecond);
    expect(atRest(77).requestsASecond).toBeGreaterThan(perSecond);
    expect(page).toContain(`10,000 cells need ${Math.ceil(10_000 / 76)} accounts at least`);
    expect(page).toContain('77 cells at rest ask for more than the 10 a second');
    const { enactor, janitor, auditor } = REQUESTS_AT_REST;
    expect(page).toContain(`each with ${enactor} requests`);
    expect(page).toContain(`its janitor with ${janitor} and its auditor with ${auditor} every 5 minutes`);
  });

  it('says how many cells the default concurrency of an account has room for', () => {
    expect(atRest(165).reserved).toBeLessThanOrEqual(1_000);
    expect(atRest(166).reserved).toBeGreaterThan(1_000);
    expect(page).toContain('ends at 165 cells');
  });

  it('says what one more cell costs, and what of it is for watching', () => {
    const rows = costsAtRest();
    const watching = rows.filter(({ what }) => /^(metrics|alarms|dashboard|logs)/.test(what));
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
