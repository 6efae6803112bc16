import { describe, expect, it } from 'vitest';
import { rowItem } from '../../lib/lease/dynamodb/lease-items.ts';
import type { LeaseRow } from '../../lib/lease/lease-row.ts';
import { MEMBERS_MAX, rowProblem } from '../../lib/lease/lease-row.ts';
import { cellName } from '../../lib/plan/names.ts';
import { itemBytes, writeUnitsOf } from '../support/lease-units.ts';

/** The longest names that a fleet file and a row may have, and the greatest numbers. */
const ZONE = { cell: cellName('c'.repeat(32)), az: 'z'.repeat(64) };
const LARGEST = Number.MAX_SAFE_INTEGER;
const row: LeaseRow = {
  ...{ group: 'g'.repeat(64), by: 'b'.repeat(32), members: new Array<number>(MEMBERS_MAX).fill(255) },
  ...{ e: LARGEST, s: LARGEST, t: LARGEST, since: LARGEST, tries: LARGEST },
};

describe('the largest row', () => {
  it('is one write unit', () => {
    expect(rowProblem(row)).toBeUndefined();
    expect(itemBytes(rowItem(ZONE, row))).toBe(1_011);
    expect(writeUnitsOf(rowItem(ZONE, row))).toBe(1);
  });

  it('has room for 13 more members, and with 900 would be two', () => {
    const withMore = (members: number) =>
      rowItem(ZONE, { ...row, members: new Array<number>(members).fill(1) });
    expect(writeUnitsOf(withMore(MEMBERS_MAX + 13))).toBe(1);
    expect(writeUnitsOf(withMore(MEMBERS_MAX + 14))).toBe(2);
    expect(itemBytes(withMore(900))).toBe(1_161);
  });
});
