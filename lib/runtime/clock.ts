import { setTimeout as delay } from 'node:timers/promises';

declare const brand: unique symbol;
/** Milliseconds since 1970-01-01T00:00:00Z, a non-negative integer. */
export type Instant = number & { readonly [brand]: 'Instant' };

/** @throws RangeError when `ms` is not a non-negative safe integer. */
export function instant(ms: number): Instant {
  if (!Number.isSafeInteger(ms) || ms < 0) throw new RangeError(`${ms} is not an instant in milliseconds.`);
  return ms as Instant;
}

/** The only source of time for workflows, so that a simulator can own it. */
export interface Clock {
  now(): Instant;
  /** Resolves after `ms`; rejects with the signal's reason when it is aborted first. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

/** The machine's clock. */
export const systemClock: Clock = {
  now: () => instant(Date.now()),
  sleep: async (ms, signal) => {
    try {
      await delay(ms, undefined, signal === undefined ? {} : { signal });
    } catch (error) {
      // Node rejects with an AbortError; the port promises the signal's reason.
      signal?.throwIfAborted();
      throw error;
    }
  },
};
