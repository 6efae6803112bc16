import type { Clock } from './clock.ts';

const MS_PER_SECOND = 1_000;

/** Tokens that come back at a steady rate, up to as many as the bucket holds. */
export interface TokenBucket {
  /** Milliseconds until `count` tokens are there beside those of `reserve`; 0 when they are. */
  waitMs(count: number, reserve: number): number;
  /** Takes tokens that are there. */
  take(count: number): void;
  /** Puts tokens back; what the bucket cannot hold is lost. */
  giveBack(count: number): void;
}

/**
 * A bucket that starts full.
 *
 * @param perSecond tokens that come back each second, above 0.
 * @param burst the most tokens that it holds.
 */
export function tokenBucket(clock: Clock, perSecond: number, burst: number): TokenBucket {
  let tokens = burst;
  let refilledAt: number = clock.now();

  function refill(): void {
    const now = clock.now();
    // A wall clock may be set back; that must neither remove tokens nor stop the refill.
    const elapsedMs = Math.max(0, now - refilledAt);
    tokens = Math.min(burst, tokens + (elapsedMs * perSecond) / MS_PER_SECOND);
    refilledAt = now;
  }

  return {
    waitMs: (count, reserve) => {
      refill();
      const missing = count + reserve - tokens;
      return missing <= 0 ? 0 : Math.max(1, Math.ceil((missing * MS_PER_SECOND) / perSecond));
    },
    take: (count) => {
      tokens -= count;
    },
    giveBack: (count) => {
      tokens = Math.min(burst, tokens + count);
    },
  };
}
