import type { Clock } from './clock.ts';
import type { Randomness } from './ids.ts';

// See docs/adr/0052-what-others-leave-is-borrowed.md.

/** Requests a second that each answer adds. */
const STEP = 1;
/** The part of a rate that was too much which is tried again until it was calm for a while. */
const DECREASE = 0.25;
/** So long without a Throttling, and what was too much then is tried again. */
const CALM_MS = 180_000;
/** The pause after a Throttling; each that follows before it was calm takes twice as long. */
const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 60_000;
/** The least part of a pause that chance leaves, so that those who were refused together do not come back together. */
const PAUSE_MIN = 0.5;
/** Where all who share an account are in their longest pauses, they ask together about so many times a second. */
const PROBES_PER_SECOND = 0.25;
/** What nobody has answered for so long is not known any more. */
const STALE_MS = 30_000;
const MS_PER_SECOND = 1_000;

export interface RateDeps {
  readonly clock: Clock;
  readonly randomness: Randomness;
}

export interface BorrowingBounds {
  /** What the process may always send, requests a second. */
  readonly sharePerSecond: number;
  /** The most that it borrows beside its share, requests a second, above 0. */
  readonly mostPerSecond: number;
}

/** What one process may send beyond its own share, as far as others of the account leave it. */
export interface BorrowedRate {
  /** Milliseconds until one request may be borrowed; 0 when it may. */
  waitMs(): number;
  /** Takes the request that may be borrowed. */
  take(): void;
  /** The service answered a request of this process, whatever it said. */
  served(): void;
  /** The service refused a request of this process because of the rate. */
  throttled(): void;
}

/**
 * Additive increase, and decrease to nothing. Each answer adds to what is borrowed. A Throttling ends it for a pause, after
 * which a single request asks whether there is room; and from there the rate rises to a quarter of what was too much, until it
 * was calm for three minutes. Nothing is saved up: at most one request is borrowed at once.
 */
export function borrowedRate({ clock, randomness }: RateDeps, bounds: BorrowingBounds): BorrowedRate {
  const { sharePerSecond, mostPerSecond } = bounds;
  // The smaller its share, the more processes share the account with it, and the less often each of them may ask.
  const longestPauseMs = Math.max(
    LONGEST_PAUSE_MS,
    (mostPerSecond / sharePerSecond / PROBES_PER_SECOND) * MS_PER_SECOND,
  );
  let perSecond = 0;
  let limit = mostPerSecond;
  /** Requests that may be borrowed now, 0 to 1. */
  let tokens = 0;
  let refilledAt: number = clock.now();
  let heardAt = refilledAt;
  let throttledAt = Number.NEGATIVE_INFINITY;
  let pauseMs = FIRST_PAUSE_MS;
  let pausedUntil: number | undefined;

  /** One request may ask whether there is room. */
  function probe(now: number): void {
    perSecond = 0;
    tokens = 1;
    pausedUntil = undefined;
    heardAt = now;
  }

  function refill(now: number): void {
    if (now < refilledAt) setBack(now);
    if (pausedUntil === undefined) {
      if (now - heardAt >= STALE_MS) probe(now);
      tokens = Math.min(1, tokens + ((now - refilledAt) * perSecond) / MS_PER_SECOND);
    } else if (now >= pausedUntil) probe(now);
    refilledAt = now;
  }

  /** The clock was set back: only the end of a pause may lie ahead, and not further than a pause takes. */
  function setBack(now: number): void {
    refilledAt = now;
    heardAt = Math.min(heardAt, now);
    throttledAt = Math.min(throttledAt, now);
    if (pausedUntil !== undefined) pausedUntil = Math.min(pausedUntil, now + longestPauseMs);
  }

  return {
    waitMs: () => {
      const now = clock.now();
      refill(now);
      if (pausedUntil !== undefined) return pausedUntil - now;
      if (tokens >= 1) return 0;
      const untilStaleMs = heardAt + STALE_MS - now;
      if (perSecond === 0) return untilStaleMs;
      return Math.min(untilStaleMs, Math.max(1, Math.ceil(((1 - tokens) * MS_PER_SECOND) / perSecond)));
    },
    take: () => {
      tokens -= 1;
    },
    served: () => {
      const now = clock.now();
      refill(now);
      // It was sent before the Throttling was heard.
      if (pausedUntil !== undefined) return;
      if (now - throttledAt >= CALM_MS) {
        limit = mostPerSecond;
        pauseMs = FIRST_PAUSE_MS;
      }
      heardAt = now;
      perSecond = Math.min(limit, perSecond + STEP);
    },
    throttled: () => {
      const now = clock.now();
      refill(now);
      if (pausedUntil === undefined) {
        limit = (perSecond === 0 ? limit : perSecond) * DECREASE;
        pausedUntil = now + Math.round(pauseMs * (PAUSE_MIN + (1 - PAUSE_MIN) * randomness.fraction()));
        pauseMs = Math.min(longestPauseMs, pauseMs * 2);
      } else {
        pausedUntil = Math.max(pausedUntil, now + FIRST_PAUSE_MS);
      }
      throttledAt = now;
      perSecond = 0;
      tokens = 0;
    },
  };
}
