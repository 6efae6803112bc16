import { describe, expect, it } from 'vitest';
import { awaitInsync, placeOf } from '../../lib/cell/insync.ts';
import { instant } from '../../lib/runtime/clock.ts';
import type { ChangeStatus } from '../../lib/zone/zone.ts';
import { virtualClock } from '../runtime/virtual-clock.ts';
import { givenWriter } from './given-writer.ts';

const SETTINGS = { insyncPollMs: 2_000, unknownChangeMs: 300_000 };
const START = 1_000_000;

/** A zone whose changes turn as told, by id: when each is in sync, and which are not known at all. */
function givenChanges(insyncAt: Readonly<Record<string, number>>) {
  const clock = virtualClock(START);
  const asked: string[] = [];
  const changeStatus = async (changeId: string): Promise<ChangeStatus> => {
    asked.push(changeId);
    const at = insyncAt[changeId];
    if (at === undefined) return 'unknown';
    return clock.now() >= START + at ? 'insync' : 'pending';
  };
  const zone = { ...givenWriter().writer.zone, changeStatus };
  const wait = (ids: readonly string[], deadlineMs: number) =>
    awaitInsync(
      { zone, clock },
      ids.map((changeId) => ({ changeId, at: START })),
      SETTINGS,
      instant(START + deadlineMs),
    );
  return { clock, zone, asked, wait };
}

describe('waiting for changes', () => {
  it('ends at once when there is nothing to wait for, or all of it is everywhere', async () => {
    const given = givenChanges({ a: 0 });
    expect(await given.wait([], 0)).toEqual({ type: 'insync' });
    expect(await given.wait(['a'], 0)).toEqual({ type: 'insync' });
    expect(given.clock.sleeps).toEqual([]);
  });

  it('asks in rounds, and not again of what is everywhere already', async () => {
    const given = givenChanges({ a: 0, b: 4_000 });
    expect(await given.wait(['a', 'b'], 60_000)).toEqual({ type: 'insync' });
    expect(given.asked).toEqual(['a', 'b', 'b', 'b']);
    expect(given.clock.sleeps).toEqual([2_000, 2_000]);
  });

  it('ends at the deadline without sleeping past it', async () => {
    const given = givenChanges({ a: 10_000 });
    expect(await given.wait(['a'], 5_000)).toEqual({ type: 'deadline' });
    expect(given.clock.now()).toBeLessThanOrEqual(START + 5_000);
  });

  it('does not wait for a time that lies ahead by more than the window', async () => {
    const { clock, zone } = givenChanges({});
    const at = (ms: number) => placeOf({ zone, clock }, { changeId: 'lost', at: START + ms }, SETTINGS);
    expect(await at(86_400_000)).toBe('unknown');
    expect(await at(1_000)).toBe('pending');
  });

  it('counts a change that Route 53 does not know as pending until it is old, and then as unknown', async () => {
    const given = givenChanges({ slow: 900_000 });
    expect(await given.wait(['lost'], 299_000)).toEqual({ type: 'deadline' });
    const waited = await given.wait(['lost', 'slow'], 400_000);
    expect(waited).toEqual({ type: 'unknown', changes: ['lost'] });
    expect(given.clock.now()).toBe(START + 300_000);
  });

  it('ends after a bounded number of rounds on a clock that stands still', async () => {
    const given = givenChanges({ a: 10_000 });
    const clock = { ...given.clock, now: () => instant(START), sleep: async () => undefined };
    const outcome = await awaitInsync(
      { zone: given.zone, clock },
      [{ changeId: 'a', at: START }],
      SETTINGS,
      instant(START + 60_000),
    );
    expect(outcome).toEqual({ type: 'deadline' });
    expect(given.asked).toHaveLength(1_000);
  });
});

describe('one change', () => {
  it('is everywhere when Route 53 says so, and never because it is old', async () => {
    const given = givenChanges({ a: 0, b: 9_999 });
    const of = (changeId: string, at: number) => placeOf(given, { changeId, at }, SETTINGS);
    expect(await of('a', START)).toBe('insync');
    expect(await of('b', 0)).toBe('pending');
    expect(await of('lost', START - 299_999)).toBe('pending');
    expect(await of('lost', START - 300_000)).toBe('unknown');
  });
});
