import type { Observation } from './fleet-model.ts';

const MINUTE_MS = 60_000;
/** Returns count for so long: a target that comes and goes less often than three times an hour is slow, and no flapping. */
const WINDOW_MS = 60 * MINUTE_MS;
/** So many returns within the window are free: a restart, and one that did not go well. */
const FREE_RETURNS = 2;
/** The wait after the first return that is not: longer than a crash loop's own pauses, which grow to five minutes. */
const FIRST_WAIT_MS = 5 * MINUTE_MS;
/** The longest wait. It is no longer than the window, so a target that is steadily healthy is back within an hour. */
const LONGEST_WAIT_MS = WINDOW_MS;
/** Returns remembered: with so many the wait is the longest. */
const RETURNS_MAX = 7;

/**
 * The observation after another one, with the times of the target's returns: when it was healthy again after it was seen
 * not to serve. Returns are remembered as they are until the target comes back again, so that nothing is recorded
 * because time passes. Times that lie ahead of the clock are forgotten then. Pure.
 *
 * @param now milliseconds since 1970.
 */
export function withReturns(before: Observation, after: Observation, now: number): Observation {
  const { returns: known = [] } = before;
  const returns =
    isGone(before) && isServing(after)
      ? [...known.filter((at) => at > now - WINDOW_MS && at <= now), now].slice(-RETURNS_MAX)
      : known;
  const { health, capacity } = after;
  return { health, capacity, ...(returns.length === 0 ? {} : { returns }) };
}

function isGone({ health, capacity }: Observation): boolean {
  return health === 'unhealthy' || capacity < 1;
}

function isServing({ health, capacity }: Observation): boolean {
  return health === 'healthy' && capacity >= 1;
}

/**
 * Until when a target that came back stays out, milliseconds since 1970; undefined when it does not. The third return
 * within an hour waits 5 minutes, the next ones 10, 20, 40 and 60. A return whose time lies ahead waits for nothing
 * (docs/adr/0061-a-time-ahead-counts-as-now.md). See docs/adr/0062-flapping-is-damped-upward.md. Pure.
 */
export function dampedUntil(observation: Observation | undefined, now: number): number | undefined {
  const returns = observation?.returns ?? [];
  const last = returns.at(-1);
  const more = returns.length - FREE_RETURNS;
  if (last === undefined || more <= 0 || last > now) return undefined;
  const until = last + Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (more - 1));
  return until > now ? until : undefined;
}
