import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instant } from '../../lib/runtime/clock.ts';
import { rateBudget } from '../../lib/runtime/rate-budget.ts';
import { virtualClock } from './virtual-clock.ts';

const START_MS = 1_000_000;
const far = instant(START_MS + 3_600_000);

describe('rateBudget', () => {
  it('gives the burst at once, then one token an interval', async () => {
    const clock = virtualClock(START_MS);
    const budget = rateBudget(clock, { requestsPerSecond: 5, burst: 3, reserve: 0 });
    const times: number[] = [];
    for (let i = 0; i < 6; i += 1) {
      expect(await budget.take(1, 'routine', far)).toBe('taken');
      times.push(clock.now() - START_MS);
    }
    expect(times).toEqual([0, 0, 0, 200, 400, 600]);
  });

  it('keeps the reserve for urgent callers', async () => {
    const clock = virtualClock(START_MS);
    const budget = rateBudget(clock, { requestsPerSecond: 1, burst: 4, reserve: 2 });
    expect(await budget.take(2, 'routine', clock.now())).toBe('taken');
    expect(await budget.take(1, 'routine', clock.now())).toBe('late');
    expect(await budget.take(2, 'urgent', clock.now())).toBe('taken');
    expect(await budget.take(1, 'urgent', clock.now())).toBe('late');
  });

  it('says late at once, takes nothing and does not sleep when the deadline comes first', async () => {
    const clock = virtualClock(START_MS);
    const budget = rateBudget(clock, { requestsPerSecond: 1, burst: 1, reserve: 0 });
    await budget.take(1, 'routine', far);
    expect(await budget.take(1, 'routine', instant(START_MS + 999))).toBe('late');
    expect(clock.sleeps).toEqual([]);
    expect(await budget.take(1, 'routine', instant(START_MS + 1_000))).toBe('taken');
    expect(clock.sleeps).toEqual([1_000]);
  });

  it('never gives more than the rate allows, whatever the callers do together', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 50 }),
        fc.integer({ min: 2, max: 20 }),
        fc.array(fc.tuple(fc.integer({ min: 1, max: 2 }), fc.boolean()), { maxLength: 30 }),
        async (requestsPerSecond, burst, callers) => {
          const clock = virtualClock(START_MS);
          const reserve = burst - 2;
          const budget = rateBudget(clock, { requestsPerSecond, burst, reserve });
          let taken = 0;
          await Promise.all(
            callers.map(async ([count, urgent]) => {
              const outcome = await budget.take(count, urgent ? 'urgent' : 'routine', far);
              expect(outcome).toBe('taken');
              taken += count;
              const allowed = burst + ((clock.now() - START_MS) * requestsPerSecond) / 1_000;
              expect(taken).toBeLessThanOrEqual(allowed + 1e-6);
            }),
          );
          expect(taken).toBe(callers.reduce((sum, [count]) => sum + count, 0));
        },
      ),
      { numRuns: 60 },
    );
  });

  it('goes on when the clock is set back', async () => {
    const clock = virtualClock(START_MS);
    const budget = rateBudget(clock, { requestsPerSecond: 10, burst: 1, reserve: 0 });
    await budget.take(1, 'routine', far);
    clock.shift(-600_000);
    expect(await budget.take(1, 'routine', far)).toBe('taken');
    expect(clock.sleeps).toEqual([100]);
  });

  it('rejects with the reason when aborted before or during the wait', async () => {
    const clock = virtualClock(START_MS);
    const budget = rateBudget(clock, { requestsPerSecond: 1, burst: 1, reserve: 0 });
    await budget.take(1, 'routine', far);
    const controller = new AbortController();
    const waiting = budget.take(1, 'routine', far, controller.signal);
    controller.abort(new Error('the run is over'));
    await expect(waiting).rejects.toThrow('the run is over');
    await expect(budget.take(1, 'routine', far, controller.signal)).rejects.toThrow('the run is over');
  });

  it.each([
    { requestsPerSecond: 0, burst: 1, reserve: 0 },
    { requestsPerSecond: Number.NaN, burst: 1, reserve: 0 },
    { requestsPerSecond: 1, burst: 0, reserve: 0 },
    { requestsPerSecond: 1, burst: 5, reserve: 5 },
    { requestsPerSecond: 1, burst: 5, reserve: -1 },
  ])('refuses settings out of range: %o', (settings) => {
    expect(() => rateBudget(virtualClock(), settings)).toThrow(RangeError);
  });

  it('refuses to wait for what can never come', async () => {
    const budget = rateBudget(virtualClock(), { requestsPerSecond: 1, burst: 3, reserve: 1 });
    await expect(budget.take(3, 'routine', far)).rejects.toThrow(RangeError);
    await expect(budget.take(0, 'urgent', far)).rejects.toThrow(RangeError);
  });
});
