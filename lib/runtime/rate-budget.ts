import type { Clock, Instant } from './clock.ts';

/** `urgent` work may use the reserve; `routine` work leaves it alone. */
export type Urgency = 'routine' | 'urgent';

/** `late`: the deadline would have passed first; nothing was taken. */
export type TakeOutcome = 'taken' | 'late';

export interface RateSettings {
  /** Tokens that come back each second, above 0. Route 53's classic limit is 5 requests a second an account. */
  readonly requestsPerSecond: number;
  /** The most tokens that can be saved up, at least 1. */
  readonly burst: number;
  /** Tokens that only urgent callers may use, 0 to `burst` - 1. */
  readonly reserve: number;
}

/** One process's share of an account's request rate. */
export interface RateBudget {
  /**
   * Waits until `count` tokens are there and takes them, or answers `late` at once when the deadline comes first.
   * Never waits past the deadline. Rejects with the signal's reason when it is aborted.
   *
   * @throws RangeError when `count` is more than the budget can ever hold for that urgency.
   */
  take(count: number, urgency: Urgency, deadline: Instant, signal?: AbortSignal): Promise<TakeOutcome>;
}

const MS_PER_SECOND = 1_000;
/** A waiter that was overtaken waits again; more rounds than this mean that the clock stands still. */
const MAX_ROUNDS = 100_000;

/**
 * A token bucket that starts full. Waiters are not queued: the one that wakes first takes, and the others wait again.
 * That lets an urgent caller overtake routine ones, and the deadline bounds how long a routine one may starve.
 *
 * @throws RangeError when a setting is out of its range.
 */
export function rateBudget(clock: Clock, settings: RateSettings): RateBudget {
  checkSettings(settings);
  const { requestsPerSecond, burst, reserve } = settings;
  let tokens = burst;
  let refilledAt: number = clock.now();

  function refill(): void {
    const now = clock.now();
    // A wall clock may be set back; that must neither remove tokens nor stop the refill.
    const elapsedMs = Math.max(0, now - refilledAt);
    tokens = Math.min(burst, tokens + (elapsedMs * requestsPerSecond) / MS_PER_SECOND);
    refilledAt = now;
  }

  return {
    take: async (count, urgency, deadline, signal) => {
      const floor = urgency === 'urgent' ? 0 : reserve;
      if (!(count > 0 && count + floor <= burst)) {
        throw new RangeError(`A budget of ${burst} with ${floor} kept back can never give ${count} tokens.`);
      }
      for (let round = 0; round < MAX_ROUNDS; round += 1) {
        signal?.throwIfAborted();
        refill();
        const missing = count + floor - tokens;
        if (missing <= 0) {
          tokens -= count;
          return 'taken';
        }
        const waitMs = Math.max(1, Math.ceil((missing * MS_PER_SECOND) / requestsPerSecond));
        if (clock.now() + waitMs > deadline) return 'late';
        await clock.sleep(waitMs, signal);
      }
      return 'late';
    },
  };
}

function checkSettings({ requestsPerSecond, burst, reserve }: RateSettings): void {
  if (!(requestsPerSecond > 0 && Number.isFinite(requestsPerSecond))) {
    throw new RangeError(`requestsPerSecond must be above 0, not ${requestsPerSecond}.`);
  }
  if (!(burst >= 1 && Number.isFinite(burst)))
    throw new RangeError(`burst must be at least 1, not ${burst}.`);
  if (!(reserve >= 0 && reserve <= burst - 1)) {
    throw new RangeError(`reserve must be 0 to ${burst - 1}, one below the burst, not ${reserve}.`);
  }
}
