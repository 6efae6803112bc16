import type { Clock, Instant } from './clock.ts';
import type { Randomness } from './ids.ts';

/** The shortest wait between two attempts, in milliseconds. */
export const FIRST_WAIT_MS = 100;
/** The longest wait between two attempts, in milliseconds. */
export const LONGEST_WAIT_MS = 5_000;
/** The longest wait of urgent work, in milliseconds: it comes back before those who wait longer. */
export const URGENT_WAIT_MS = 500;
/** The most attempts, however far off the deadline is. */
const MAX_ATTEMPTS = 10_000;

const GROWTH = 3;

/** The outcome of one attempt: `again` asks for another one, and gives the reason. */
export type Attempt<T> =
  | { readonly type: 'done'; readonly value: T }
  | { readonly type: 'again'; readonly cause: unknown };

/** `late`: the deadline came first; `cause` is the reason of the last attempt. */
export type RetryOutcome<T> =
  | { readonly type: 'done'; readonly value: T; readonly attempts: number }
  | { readonly type: 'late'; readonly cause: unknown; readonly attempts: number };

export interface RetryDeps {
  readonly clock: Clock;
  readonly randomness: Randomness;
}

export interface RetryBounds {
  /** No attempt begins after it. */
  readonly deadline: Instant;
  readonly signal?: AbortSignal;
  /** The longest wait between two attempts, milliseconds; {@link LONGEST_WAIT_MS} unless given. */
  readonly longestWaitMs?: number;
}

/**
 * The wait after one of `previousMs`: "decorrelated jitter", uniform between the first wait and three times the
 * previous one, so that callers who were refused together do not come back together (AWS Architecture Blog,
 * "Exponential Backoff And Jitter").
 *
 * @param fraction in [0, 1)
 * @returns whole milliseconds, from {@link FIRST_WAIT_MS} to {@link LONGEST_WAIT_MS}
 */
export function nextWaitMs(previousMs: number, fraction: number): number {
  const highest = Math.max(FIRST_WAIT_MS, previousMs * GROWTH);
  return Math.min(LONGEST_WAIT_MS, Math.round(FIRST_WAIT_MS + fraction * (highest - FIRST_WAIT_MS)));
}

/**
 * Makes attempts with jittered, growing waits in between until one is done or the deadline comes.
 * The first attempt is always made. An error that an attempt throws is not retried: it passes through.
 * Rejects with the signal's reason when it is aborted, before an attempt or in a wait.
 */
export async function retry<T>(
  { clock, randomness }: RetryDeps,
  { deadline, signal, longestWaitMs = LONGEST_WAIT_MS }: RetryBounds,
  attempt: () => Promise<Attempt<T>>,
): Promise<RetryOutcome<T>> {
  let waitMs = FIRST_WAIT_MS;
  for (let attempts = 1; ; attempts += 1) {
    signal?.throwIfAborted();
    const result = await attempt();
    if (result.type === 'done') return { ...result, attempts };
    waitMs = Math.min(longestWaitMs, nextWaitMs(waitMs, randomness.fraction()));
    if (clock.now() + waitMs > deadline || attempts === MAX_ATTEMPTS) {
      return { type: 'late', cause: result.cause, attempts };
    }
    await clock.sleep(waitMs, signal);
  }
}
