import type { Stamp } from './evolve-before-3.ts';
import type { CellState } from './state.ts';

/** Every time in a state stands under one of these names, in milliseconds since 1970. */
const STAMPS: ReadonlySet<string> = new Set(['at', 'since']);

/**
 * The state as the event that follows finds it: no time in it lies ahead of the clocks of two writers. One clock alone
 * proves nothing. Either a clock was ahead when the time was written, or the clock of this event is behind, and to take
 * the time down to a clock that is behind would end a guard's window early. So the first writer that finds a time ahead of
 * its clock is remembered, and the next writer, if it is another one and finds the same, takes such times down to the later
 * of the two. While no more than one clock is wrong, a time that was right is never changed. See
 * docs/adr/0061-a-time-ahead-counts-as-now.md. Pure.
 */
export function inTime(state: CellState, { at, by }: Stamp): CellState {
  const { ahead, ...stamped } = state;
  if (latestStamp(stamped) <= at) return ahead === null ? state : { ...state, ahead: null };
  const found = { by, since: at, at };
  if (ahead === null) return { ...state, ahead: found };
  if (ahead.by === by) return { ...state, ahead: { ...ahead, at } };
  const bound = Math.max(at, ahead.at);
  // No guard's window begins with a refusal: its next try has been waited for since the time was found.
  const refused = timesDown(stamped.refused, bound, Math.min(ahead.since, bound));
  return { ...timesDown(stamped, bound, bound), refused, ahead: bound > at ? found : null };
}

/** The part with every time after the bound at another instead. */
function timesDown<T>(part: T, bound: number, to: number): T {
  return JSON.parse(JSON.stringify(part), (key, value: unknown) =>
    typeof value === 'number' && STAMPS.has(key) && value > bound ? to : value,
  );
}

/**
 * The latest time in a part of a state; 0 where it holds none. An endpoint named `at` has a share of capacity under its
 * name, which is no time, and less than any.
 */
export function latestStamp(part: unknown): number {
  if (part === null || typeof part !== 'object') return 0;
  let latest = 0;
  for (const [key, value] of Object.entries(part)) {
    const found = typeof value === 'number' ? (STAMPS.has(key) ? value : 0) : latestStamp(value);
    if (found > latest) latest = found;
  }
  return latest;
}
