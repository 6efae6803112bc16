import type { Clock } from '../../lib/runtime/clock.ts';
import { instant } from '../../lib/runtime/clock.ts';
import type { Randomness } from '../../lib/runtime/ids.ts';

export interface VirtualClock extends Clock {
  /** Every sleep that was asked for, in milliseconds. */
  readonly sleeps: readonly number[];
  /** Moves time by hand, forwards or backwards, waking nobody. */
  shift(ms: number): void;
}

interface Sleeper {
  readonly at: number;
  readonly wake: () => void;
}

/** A clock that jumps to the earliest sleeper whenever nothing else is left to run. */
export function virtualClock(startMs = 1_000_000): VirtualClock {
  let now = startMs;
  const sleeps: number[] = [];
  const sleepers: Sleeper[] = [];

  function wakeEarliest(): void {
    sleepers.sort((a, b) => a.at - b.at);
    const first = sleepers.shift();
    if (first === undefined) return;
    now = Math.max(now, first.at);
    first.wake();
  }

  return {
    sleeps,
    now: () => instant(now),
    shift: (ms) => {
      now += ms;
    },
    sleep: (ms, signal) => {
      sleeps.push(ms);
      return new Promise((resolve, reject) => {
        if (signal?.aborted) {
          reject(signal.reason);
          return;
        }
        sleepers.push({ at: now + ms, wake: resolve });
        signal?.addEventListener('abort', () => reject(signal.reason), { once: true });
        setImmediate(wakeEarliest);
      });
    },
  };
}

/** Randomness that repeats: nonces count up, fractions come from a small linear congruential generator. */
export function seededRandomness(seed = 1): Randomness {
  let state = seed;
  let nonces = 0;
  return {
    nonce: () => {
      nonces += 1;
      return `n${String(nonces).padStart(7, '0')}`;
    },
    fraction: () => {
      state = (state * 1_664_525 + 1_013_904_223) % 2 ** 32;
      return state / 2 ** 32;
    },
  };
}
