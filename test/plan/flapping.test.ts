import { describe, expect, it } from 'vitest';
import { desiredEndpoints } from '../../lib/plan/desired.ts';
import { dampedUntil, withReturns } from '../../lib/plan/flapping.ts';
import type { Observation } from '../../lib/plan/fleet-model.ts';
import { judgeFlapping } from '../support/flapping-targets.ts';
import { apiFleet, desiredOf, planOf } from './given-fleet.ts';

const NOW = 1_790_000_000_000;
const MINUTE_MS = 60_000;
const up: Observation = { health: 'healthy', capacity: 100 };
const down: Observation = { health: 'unhealthy', capacity: 100 };

/** The observation after the target came back at each of these times, milliseconds from `NOW` on. */
function returnedAt(...times: readonly number[]): Observation {
  return times.reduce(
    (known, ms) => withReturns(withReturns(known, down, NOW + ms - 1), up, NOW + ms),
    withReturns(up, up, NOW),
  );
}

describe('a target that comes and goes', () => {
  it.each([
    [1, undefined],
    [2, undefined],
    [3, 5],
    [4, 10],
    [5, 20],
    [6, 40],
    [7, 60],
    [20, 60],
  ])('waits after its %i. return within an hour for %s minutes', (returns, minutes) => {
    const times = Array.from({ length: returns }, (_, index) => (index - returns + 1) * MINUTE_MS);
    const until = minutes === undefined ? undefined : NOW + minutes * MINUTE_MS;
    expect(dampedUntil(returnedAt(...times), NOW)).toBe(until);
    expect(dampedUntil(returnedAt(...times), NOW + 60 * MINUTE_MS)).toBe(undefined);
  });

  it('does not wait for returns that are further apart than the hour', () => {
    expect(dampedUntil(returnedAt(-130 * MINUTE_MS, -65 * MINUTE_MS, 0), NOW)).toBe(undefined);
  });

  it('does not wait for a return whose time lies ahead, and forgets it with the next one', () => {
    const ahead = returnedAt(1_000_000, 2_000_000, 3_000_000);
    expect(dampedUntil(ahead, NOW)).toBe(undefined);
    expect(withReturns(withReturns(ahead, down, NOW), up, NOW).returns).toEqual([NOW]);
  });

  it('does not come back by health that is not known, and not without capacity', () => {
    for (const seen of [
      { ...up, health: 'unknown' as const },
      { ...up, capacity: 0 },
    ])
      expect(withReturns(down, seen, NOW).returns).toBe(undefined);
  });
});

describe('an endpoint with a target that waits', () => {
  const flapping = returnedAt(-2 * MINUTE_MS, -MINUTE_MS, 0);
  const answering = (
    count: number,
    waiting: readonly string[],
    gone: readonly string[] = [],
    more: { readonly floor?: number; readonly now?: number } = {},
  ): readonly string[] => {
    const whole = apiFleet(count);
    const { floor = 1, now = NOW } = more;
    const fleet = { ...whole, endpoints: whole.endpoints.map((each) => ({ ...each, floor })) };
    const left = { ...fleet, targets: fleet.targets.filter(({ id }) => !waiting.includes(id)) };
    const base = planOf(desiredOf(left));
    const observations = Object.fromEntries([
      ...waiting.map((id) => [id, flapping] as const),
      ...gone.map((id) => [id, down] as const),
    ]);
    const [endpoint] = desiredEndpoints(desiredOf(fleet, { base, observations, now }));
    return endpoint?.leaves.map(({ target }) => target) ?? [];
  };

  it('answers without it until its time', () => {
    expect(answering(3, ['t3'])).toEqual(['t1', 't2']);
    expect(answering(3, ['t3'], [], { now: NOW + 5 * MINUTE_MS })).toEqual(['t1', 't2', 't3']);
  });

  it('answers with it where it would come under its floor, under half of its capacity, or have no answer', () => {
    expect(answering(3, ['t3'], ['t2'], { floor: 2 })).toEqual(['t1', 't3']);
    expect(answering(4, ['t3', 't4'], ['t2'])).toEqual(['t1', 't3', 't4']);
    expect(answering(1, ['t1'])).toEqual(['t1']);
  });

  it('never loses a target that answers now', () => {
    const fleet = apiFleet(3);
    const observations = { t3: flapping };
    const [endpoint] = desiredEndpoints(
      desiredOf(fleet, { base: planOf(desiredOf(fleet)), observations, now: NOW }),
    );
    expect(endpoint?.leaves.map(({ target }) => target)).toEqual(['t1', 't2', 't3']);
  });
});

describe('a planner of targets that come and go at random', () => {
  it('takes each out as soon as without damping, and has each back within the hour', async () => {
    const tally = await judgeFlapping(1, 12);
    expect(tally.waited).toBeGreaterThan(10);
    expect(tally.returned).toBeGreaterThan(10);
  });
});
