import { describe, expect, it } from 'vitest';
import { steppedCapacity } from '../../lib/lease/capacity-steps.ts';
import type { LeaseRow } from '../../lib/lease/lease-row.ts';
import { rowProblem } from '../../lib/lease/lease-row.ts';
import type { Tick } from '../../lib/lease/lease-rule.ts';
import {
  dueChange,
  firstTick,
  HELD_MS,
  isDeaf,
  missingMax,
  standingAt,
  tickProblem,
} from '../../lib/lease/lease-rule.ts';

const SEEN: Tick = { n: 7, at: 100_000, seen: true, every: 60_000 };

describe('a row', () => {
  it.each([
    [7, 'heard'],
    [6, 'heard'],
    [5, 'silent'],
    [3, 'silent'],
    [2, 'lapsed'],
    [9, 'heard'],
  ])('of tick %d is %s at tick 7', (t, standing) => {
    expect(standingAt(7, t)).toBe(standing);
  });

  it('gives its holder less time than four intervals', () => {
    expect(HELD_MS).toBe(226_000);
  });

  const row: LeaseRow = { group: 'rack-7', e: 1, s: 1, t: 7, since: 7, members: [0, 255], by: 'a', tries: 0 };

  it('is written only if it can be read', () => {
    expect(rowProblem(row)).toBeUndefined();
    expect(rowProblem({ ...row, members: [] })).toBeUndefined();
    expect(rowProblem({ ...row, members: Array.from({ length: 750 }, () => 1) })).toBeUndefined();
  });

  it.each([
    [{ group: '!tick' }, '"!tick" is not the name of a group'],
    [{ by: 'Ana' }, '"Ana" is not the name of a holder'],
    [{ s: 0 }, 'e, s, t or since is no number above 0'],
    [{ since: 8 }, 'it is held since tick 8, which is after its own, 7'],
    [{ tries: -1 }, 'its tries are no number'],
    [{ members: Array.from({ length: 751 }, () => 1) }, 'it has 751 members, more than 750'],
    [{ members: [256] }, 'a member is no byte'],
  ])('with %o is refused', (change, problem) => {
    expect(rowProblem({ ...row, ...change })).toBe(problem);
  });
});

describe('a zone', () => {
  it.each([
    [0, 2],
    [1, 2],
    [13, 2],
    [20, 3],
    [2_000, 300],
  ])('of %d declared rows hears although %d are missing', (declared, missing) => {
    expect(missingMax(declared)).toBe(missing);
    expect(isDeaf(declared, declared - missing)).toBe(false);
    expect(isDeaf(declared, declared - missing - 1)).toBe(true);
  });
});

describe('a tick', () => {
  it('rises after an interval, and says nothing of when', () => {
    expect(dueChange(SEEN, 157_999, false)).toBeUndefined();
    expect(dueChange(SEEN, 158_000, false)).toEqual({ ...SEEN, n: 8, seen: false });
  });

  it('stands still while its zone is deaf, and while its time lies ahead', () => {
    expect(dueChange(SEEN, 900_000, true)).toBeUndefined();
    expect(dueChange(SEEN, 0, false)).toBeUndefined();
  });

  it('is seen before it rises again, deaf or not, at a time that is an interval later at least', () => {
    const risen = { ...SEEN, n: 8, seen: false };
    expect(dueChange(risen, 160_000, false)).toEqual({ ...risen, at: 160_000, seen: true });
    expect(dueChange(risen, 155_000, true)).toEqual({ ...risen, at: 158_000, seen: true });
    expect(dueChange(firstTick(5), 5, true)?.n).toBe(1);
  });

  it.each([
    [{ n: 0 }, 'its n is no number above 0'],
    [{ at: Number.NaN }, 'its time is missing'],
    [{ every: 19_999 }, 'its period is 19999 ms, and not 20000 to 100000'],
  ])('with %o cannot be read', (change, problem) => {
    expect(tickProblem(SEEN)).toBeUndefined();
    expect(tickProblem({ ...SEEN, ...change })).toBe(problem);
  });
});

describe('the capacity of a group', () => {
  const of = (out: number) => Array.from({ length: 100 }, (_, index) => (index < out ? 0 : 255));

  it('moves in steps of 5 %, rounded down', () => {
    expect(steppedCapacity(of(0), 1_000, undefined)).toBe(1_000);
    expect(steppedCapacity(of(1), 1_000, undefined)).toBe(950);
    expect(steppedCapacity(of(99), 1_000, undefined)).toBe(50);
    expect(steppedCapacity(of(100), 1_000, undefined)).toBe(0);
    expect(steppedCapacity([1], 3, undefined)).toBe(1);
  });

  it('stays until it is a whole step away', () => {
    expect(steppedCapacity(of(4), 1_000, 1_000)).toBe(1_000);
    expect(steppedCapacity(of(5), 1_000, 1_000)).toBe(950);
    expect(steppedCapacity(of(1), 1_000, 950)).toBe(950);
    expect(steppedCapacity(of(0), 1_000, 950)).toBe(1_000);
  });
});
