import type { Clock } from '../../runtime/clock.ts';
import { instant } from '../../runtime/clock.ts';

/** A clock that moves only when the simulator moves it, and never back. */
export interface VirtualTime extends Clock {
  advanceTo(ms: number): void;
}

/** @param start milliseconds since 1970. */
export function virtualTime(start: number): VirtualTime {
  let now = start;
  const advanceTo = (ms: number) => {
    now = Math.max(now, ms);
  };
  return {
    now: () => instant(now),
    advanceTo,
    sleep: async (ms) => advanceTo(now + ms),
  };
}
