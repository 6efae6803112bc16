import { uptime } from 'node:os';

/** Measures how long something takes, whatever happens to the clock on the wall. */
export interface Stopwatch {
  /** Milliseconds since some beginning. It never goes back and never stands still, also not while the machine sleeps. */
  elapsedMs(): number;
}

/**
 * This machine's stopwatch. A process's own monotonic clock stands still while a machine is suspended, and the time since
 * the machine's start goes on; each step counts what the one or the other says, whichever is more. So it may be ahead, and
 * is never behind.
 */
export function systemStopwatch(
  clocks: readonly (() => number)[] = [() => performance.now(), () => uptime() * 1_000],
): Stopwatch {
  let last = clocks.map((clock) => clock());
  let total = 0;
  return {
    elapsedMs: () => {
      const now = clocks.map((clock) => clock());
      total += Math.max(0, ...now.map((ms, index) => ms - (last[index] ?? ms)));
      last = now;
      return total;
    },
  };
}
