import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { instant } from '../../lib/runtime/clock.ts';
import type { Attempt } from '../../lib/runtime/retry.ts';
import { FIRST_WAIT_MS, LONGEST_WAIT_MS, nextWaitMs, retry } from '../../lib/runtime/retry.ts';
import { seededRandomness, virtualClock } from './virtual-clock.ts';

const START_MS = 1_000_000;

function failing(times: number): () => Promise<Attempt<string>> {
  let calls = 0;
  return async () => {
    calls += 1;
    return calls > times ? { type: 'done', value: 'ok' } : { type: 'again', cause: `refusal ${calls}` };
  };
}

describe('retry', () => {
  it('does not wait when the first attempt is done', async () => {
    const clock = virtualClock(START_MS);
    const outcome = await retry(
      { clock, randomness: seededRandomness() },
      { deadline: instant(START_MS) },
      failing(0),
    );
    expect(outcome).toEqual({ type: 'done', value: 'ok', attempts: 1 });
    expect(clock.sleeps).toEqual([]);
  });

  it('waits between attempts, within the bounds', async () => {
    const clock = virtualClock(START_MS);
    const deps = { clock, randomness: seededRandomness(7) };
    const outcome = await retry(deps, { deadline: instant(START_MS + 600_000) }, failing(12));
    expect(outcome).toEqual({ type: 'done', value: 'ok', attempts: 13 });
    expect(clock.sleeps).toHaveLength(12);
    for (const ms of clock.sleeps) {
      expect(ms).toBeGreaterThanOrEqual(FIRST_WAIT_MS);
      expect(ms).toBeLessThanOrEqual(LONGEST_WAIT_MS);
    }
  });

  it('ends before the deadline and tells the last cause', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(60_000), fc.integer({ min: 1, max: 1_000_000 }), async (budgetMs, seed) => {
        const clock = virtualClock(START_MS);
        const deps = { clock, randomness: seededRandomness(seed) };
        const outcome = await retry(
          deps,
          { deadline: instant(START_MS + budgetMs) },
          failing(Number.POSITIVE_INFINITY),
        );
        expect(outcome.type).toBe('late');
        expect(outcome).toMatchObject({ cause: `refusal ${outcome.attempts}` });
        expect(clock.now()).toBeLessThanOrEqual(START_MS + budgetMs);
      }),
      { numRuns: 40 },
    );
  });

  it('lets an error of the attempt pass through, once', async () => {
    let calls = 0;
    const attempt = async (): Promise<Attempt<string>> => {
      calls += 1;
      throw new Error('a bug');
    };
    const deps = { clock: virtualClock(START_MS), randomness: seededRandomness() };
    await expect(retry(deps, { deadline: instant(START_MS + 60_000) }, attempt)).rejects.toThrow('a bug');
    expect(calls).toBe(1);
  });

  it('makes no attempt once the signal is aborted', async () => {
    const deps = { clock: virtualClock(START_MS), randomness: seededRandomness() };
    const controller = new AbortController();
    let calls = 0;
    const attempt = async (): Promise<Attempt<string>> => {
      calls += 1;
      controller.abort(new Error('the run is over'));
      return { type: 'again', cause: 'busy' };
    };
    const bounds = { deadline: instant(START_MS + 60_000), signal: controller.signal };
    await expect(retry(deps, bounds, attempt)).rejects.toThrow('the run is over');
    await expect(retry(deps, bounds, attempt)).rejects.toThrow('the run is over');
    expect(calls).toBe(1);
  });
});

describe('nextWaitMs', () => {
  it('grows on the average and stays within its bounds', () => {
    expect(nextWaitMs(FIRST_WAIT_MS, 0)).toBe(FIRST_WAIT_MS);
    expect(nextWaitMs(FIRST_WAIT_MS, 0.5)).toBeGreaterThan(FIRST_WAIT_MS);
    expect(nextWaitMs(LONGEST_WAIT_MS, 0.999)).toBe(LONGEST_WAIT_MS);
    fc.assert(
      fc.property(
        fc.nat(LONGEST_WAIT_MS),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (ms, f) => {
          const wait = nextWaitMs(ms, f);
          expect(wait).toBeGreaterThanOrEqual(FIRST_WAIT_MS);
          expect(wait).toBeLessThanOrEqual(LONGEST_WAIT_MS);
          expect(Number.isInteger(wait)).toBe(true);
        },
      ),
    );
  });
});
