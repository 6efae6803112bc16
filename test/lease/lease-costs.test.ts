import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { leaseSource } from '../../lib/fleet/sources/lease-source.ts';
import { instant } from '../../lib/runtime/clock.ts';
import { dollars } from '../support/costs.ts';
import { leaseCosts, rowWritesASecond } from '../support/lease-costs.ts';
import { standingLeases } from '../support/lease-pages.ts';
import { LEASED_CELL, leasedFleet } from '../support/leased-fleet.ts';

const page = readFileSync('docs/leases.md', 'utf8');
const MEMBERS = [10_000, 100_000, 1_000_000];
const NOW = 1_000_000;

describe('the table of what leases cost', () => {
  it('has every row with its arithmetic, and their sums', () => {
    const costs = MEMBERS.map(leaseCosts);
    const [, arithmetic = []] = costs;
    const rows = arithmetic.map(({ what, month }, row) => {
      const each = costs.map((column) => dollars(column[row]?.month.value ?? Number.NaN));
      return `| ${[what, ...each, month.text].join(' | ')} |`;
    });
    const sums = costs.map((column) => dollars(column.reduce((sum, { month }) => sum + month.value, 0)));
    expect(page).toContain(
      `${rows.join('\n')}\n| **sum** | ${sums.map((sum) => `**${sum}**`).join(' | ')} | |`,
    );
  });

  it('says how many rows are written in a second', () => {
    const each = MEMBERS.map((members) => rowWritesASecond(members).toFixed(2));
    expect(page).toContain(`${each[0]}, ${each[1]} and ${each[2]} writes of rows a second`);
  });
});

describe('what a planner reads at a look', () => {
  it.each([
    [10_000, 15, 3, 9],
    [100_000, 135, 3, 33],
    [1_000_000, 1_335, 3, 276],
    [4_500_000, 6_000, 6, 1_227],
  ])('at %d members, in %d rows, is %d pages and %d units', async (members, rows, pages, units) => {
    const { zones, targets } = leasedFleet(members, NOW);
    const { leases, counts } = standingLeases(zones);
    const { type } = await leaseSource({ leases, clock: { now: () => instant(NOW) } }).look(
      targets,
      LEASED_CELL,
    );
    expect(type).toBe('observed');
    expect(targets).toHaveLength(rows);
    expect(counts).toEqual({ requests: pages + zones.length, pages, units });
  });
});
