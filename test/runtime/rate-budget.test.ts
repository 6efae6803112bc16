import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instant } from '../../lib/runtime/clock.ts';
import type { Permit, RateBudget, RateSettings, Urgency } from '../../lib/runtime/rate-budget.ts';
import { rateBudget } from '../../lib/runtime/rate-budget.ts';
import type { VirtualClock } from './virtual-clock.ts';
import { seededRandomness, virtualClock } from './virtual-clock.ts';

const START_MS = 1_000_000;
const far = instant(START_MS + 3_600_000);

function budgetOf(clock: VirtualClock, settings: RateSettings): RateBudget {
  return rateBudget({ clock, randomness: seededRandomness() }, settings);
}

/** Takes one request that may not wait; whether there was one. */
async function takeNow(
  budget: RateBudget,
  clock: VirtualClock,
  urgency: Urgency,
  changes = 0,
): Promise<boolean> {
  return (await budget.take({ urgency, deadline: clock.now(), changes })) !== 'late';
}

async function taken(budget: RateBudget, urgency: Urgency = 'routine'): Promise<Permit> {
  const permit = await budget.take({ urgency, deadline: far });
  if (permit === 'late') throw new Error('there was no room in time');
  return permit;
}

describe('a share of the rate', () => {
  it('gives the burst at once, then one request an interval', async () => {
    const clock = virtualClock(START_MS);
    const budget = budgetOf(clock, { requestsPerSecond: 5, burst: 3, reserve: 0 });
    const times: number[] = [];
    for (let i = 0; i < 6; i += 1) {
      await taken(budget);
      times.push(clock.now() - START_MS);
    }
    expect(times).toEqual([0, 0, 0, 200, 400, 600]);
  });

  it('keeps the reserve for urgent callers', async () => {
    const clock = virtualClock(START_MS);
    const budget = budgetOf(clock, { requestsPerSecond: 1, burst: 3, reserve: 1 });
    const asked: Urgency[] = ['routine', 'routine', 'routine', 'urgent', 'urgent'];
    const got: boolean[] = [];
    for (const urgency of asked) got.push(await takeNow(budget, clock, urgency));
    expect(got).toEqual([true, true, false, true, false]);
  });

  it('says late at once, takes nothing and does not sleep when the deadline comes first', async () => {
    const clock = virtualClock(START_MS);
    const budget = budgetOf(clock, { requestsPerSecond: 1, burst: 1, reserve: 0 });
    await taken(budget);
    const takeBefore = (ms: number) => budget.take({ urgency: 'routine', deadline: instant(START_MS + ms) });
    expect(await takeBefore(999)).toBe('late');
    expect(clock.sleeps).toEqual([]);
    expect(await takeBefore(1_000)).not.toBe('late');
    expect(clock.sleeps).toEqual([1_000]);
  });

  it('is not spent on a request that was refused because of the rate', async () => {
    const clock = virtualClock(START_MS);
    const budget = budgetOf(clock, { requestsPerSecond: 1, burst: 1, reserve: 0 });
    (await taken(budget)).answered('throttled');
    expect(await takeNow(budget, clock, 'routine')).toBe(true);
    expect(await takeNow(budget, clock, 'routine')).toBe(false);
  });

  it('never gives more than the rate allows, whatever the callers do together', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 2, max: 20 }),
        fc.array(fc.boolean(), { maxLength: 30 }),
        async (requestsPerSecond, burst, callers) => {
          const clock = virtualClock(START_MS);
          const budget = budgetOf(clock, { requestsPerSecond, burst, reserve: burst - 2 });
          let count = 0;
          await Promise.all(
            callers.map(async (urgent) => {
              await taken(budget, urgent ? 'urgent' : 'routine');
              count += 1;
              const allowed = burst + ((clock.now() - START_MS) * requestsPerSecond) / 1_000;
              expect(count).toBeLessThanOrEqual(allowed + 1e-6);
            }),
          );
          expect(count).toBe(callers.length);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('goes on when the clock is set back', async () => {
    const clock = virtualClock(START_MS);
    const budget = budgetOf(clock, { requestsPerSecond: 10, burst: 1, reserve: 0 });
    await taken(budget);
    clock.shift(-600_000);
    await taken(budget);
    expect(clock.sleeps).toEqual([100]);
  });

  it('rejects with the reason when aborted before or during the wait', async () => {
    const clock = virtualClock(START_MS);
    const budget = budgetOf(clock, { requestsPerSecond: 1, burst: 1, reserve: 0 });
    await taken(budget);
    const controller = new AbortController();
    const { signal } = controller;
    const waiting = budget.take({ urgency: 'routine', deadline: far, signal });
    controller.abort(new Error('the run is over'));
    await expect(waiting).rejects.toThrow('the run is over');
    const asked = budget.take({ urgency: 'routine', deadline: far, signal });
    await expect(asked).rejects.toThrow('the run is over');
  });

  const fine = { requestsPerSecond: 1, burst: 1, reserve: 0 };
  it.each([
    { ...fine, requestsPerSecond: 0 },
    { ...fine, requestsPerSecond: Number.NaN },
    { ...fine, burst: 0 },
    { ...fine, burst: 5, reserve: 5 },
    { ...fine, burst: 5, reserve: -1 },
    { ...fine, borrowing: { upToPerSecond: 0.5, urgentPerSecond: 0 } },
    { ...fine, borrowing: { upToPerSecond: 2, urgentPerSecond: -1 } },
    { ...fine, changes: { perSecond: 0, burst: 1, reserve: 0 } },
    { ...fine, changes: { perSecond: 1, burst: 10, reserve: 10 } },
  ])('refuses settings out of range: %o', (settings) => {
    expect(() => budgetOf(virtualClock(), settings)).toThrow(RangeError);
  });
});

const BORROWING: RateSettings = {
  requestsPerSecond: 0.1,
  burst: 1,
  reserve: 0,
  borrowing: { upToPerSecond: 8, urgentPerSecond: 2 },
};

/** Sends one request after another and answers each at once; the times at which they were sent. */
async function send(budget: RateBudget, clock: VirtualClock, count: number): Promise<number[]> {
  const times: number[] = [];
  for (let sent = 0; sent < count; sent += 1) {
    const permit = await taken(budget);
    times.push(clock.now() - START_MS);
    permit.answered('served');
  }
  return times;
}

describe('what others leave', () => {
  it('is borrowed faster with every answer, up to the limit', async () => {
    const clock = virtualClock(START_MS);
    const budget = budgetOf(clock, BORROWING);
    const times = await send(budget, clock, 60);
    const gaps = times.slice(1).map((time, index) => time - (times[index] ?? 0));
    expect(gaps.slice(0, 4)).toEqual([1_000, 500, 334, 250]);
    const [last = 0] = gaps.slice(-1);
    expect(last).toBeGreaterThanOrEqual(1_000 / 8);
    expect(last).toBeLessThan(1_000 / 7);
  });

  it('is not borrowed after a Throttling: the share alone is left, and it is whole', async () => {
    const clock = virtualClock(START_MS);
    const budget = budgetOf(clock, BORROWING);
    await send(budget, clock, 20);
    const permit = await taken(budget);
    permit.answered('throttled');
    const waiting = await budget.take({ urgency: 'routine', deadline: instant(clock.now() + 900) });
    expect(waiting).toBe('late');
  });

  it('is asked for again with one request after a pause, and then no more than a quarter is borrowed', async () => {
    const clock = virtualClock(START_MS);
    const budget = budgetOf(clock, BORROWING);
    await send(budget, clock, 40);
    (await taken(budget)).answered('throttled');
    const began = clock.now() - START_MS;
    const times = await send(budget, clock, 60);
    const [first = 0, second = 0] = times;
    expect(first - began).toBeGreaterThanOrEqual(1_000);
    expect(first - began).toBeLessThanOrEqual(2_000);
    expect(second - first).toBe(1_000);
    const span = (times.at(-1) ?? 0) - (times.at(-21) ?? 0);
    // A quarter of 7.9, and the share.
    expect(20_000 / span).toBeGreaterThan(1.9);
    expect(20_000 / span).toBeLessThan(2.2);
  });

  it('is forgotten when nobody answers for half a minute', async () => {
    const clock = virtualClock(START_MS);
    const budget = budgetOf(clock, BORROWING);
    await send(budget, clock, 20);
    clock.shift(30_000);
    const times = await send(budget, clock, 4);
    // One of the share, one that asks whether there is room, and then from the beginning.
    expect(times.map((time) => time - (times[0] ?? 0))).toEqual([0, 0, 500, 834]);
  });

  it('keeps no urgent caller waiting, whatever routine ones borrow or were refused', async () => {
    const clock = virtualClock(START_MS);
    const budget = budgetOf(clock, BORROWING);
    const routine = Array.from({ length: 10 }, () => taken(budget));
    expect(await takeNow(budget, clock, 'routine')).toBe(false);
    expect(await takeNow(budget, clock, 'urgent')).toBe(true);
    const first = await Promise.race(routine);
    first.answered('throttled');
    await clock.sleep(500);
    expect(await takeNow(budget, clock, 'urgent')).toBe(true);
    await Promise.all(routine);
  });

  it('property: after any answers, a Throttling leaves only the share for a second, and no rate is above the limit', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.integer({ min: 0, max: 5_000 }), fc.integer({ min: 0, max: 9 })), {
          minLength: 1,
          maxLength: 60,
        }),
        async (steps) => {
          const clock = virtualClock(START_MS);
          const budget = budgetOf(clock, BORROWING);
          const times: number[] = [];
          let heard = Number.NEGATIVE_INFINITY;
          let sinceHeard = 0;
          for (const [pauseMs, luck] of steps) {
            clock.shift(pauseMs);
            const permit = await taken(budget);
            const now: number = clock.now();
            times.push(now);
            sinceHeard += 1;
            // The share had at most one, and the refused request was put back.
            if (now < heard + 1_000) expect(sinceHeard).toBeLessThanOrEqual(1);
            if (luck === 0) {
              permit.answered('throttled');
              [heard, sinceHeard] = [now, 0];
              times.pop();
            } else if (luck < 9) permit.answered('served');
          }
          for (const [index, time] of times.entries()) {
            const within = times.filter((other, at) => at >= index && other < time + 10_000).length;
            // One that the share saved, one that was borrowed ahead, and what the rate gives.
            expect(within).toBeLessThanOrEqual(8 * 10 + 3);
          }
        },
      ),
      { numRuns: 100 },
    );
  });
});

describe('changes of record sets', () => {
  const settings: RateSettings = {
    requestsPerSecond: 1_000,
    burst: 1_000,
    reserve: 0,
    changes: { perSecond: 80, burst: 1_500, reserve: 300 },
  };

  it('are counted beside the requests, and the reserve is for urgent batches', async () => {
    const clock = virtualClock(START_MS);
    const budget = budgetOf(clock, settings);
    expect(await takeNow(budget, clock, 'routine', 1_000)).toBe(true);
    expect(await takeNow(budget, clock, 'routine', 201)).toBe(false);
    expect(await takeNow(budget, clock, 'routine')).toBe(true);
    expect(await takeNow(budget, clock, 'urgent', 201)).toBe(true);
    await budget.take({ urgency: 'routine', deadline: far, changes: 80 });
    // 299 are left: 81 are missing above the reserve.
    expect(clock.sleeps).toEqual([Math.ceil((81 * 1_000) / 80)]);
  });

  it('that were refused because of the rate are not spent', async () => {
    const clock = virtualClock(START_MS);
    const budget = budgetOf(clock, settings);
    const permit = await budget.take({ urgency: 'routine', deadline: far, changes: 1_200 });
    if (permit !== 'late') permit.answered('throttled');
    expect(await takeNow(budget, clock, 'routine', 1_200)).toBe(true);
  });

  it('of a batch that is larger than the bucket go when it is full, and are owed', async () => {
    const clock = virtualClock(START_MS);
    const budget = budgetOf(clock, { ...settings, changes: { perSecond: 100, burst: 500, reserve: 0 } });
    expect(await takeNow(budget, clock, 'routine', 1_000)).toBe(true);
    await budget.take({ urgency: 'routine', deadline: far, changes: 1 });
    expect(clock.sleeps).toEqual([5_010]);
  });
});
