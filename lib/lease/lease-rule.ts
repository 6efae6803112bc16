// The rule of leases (docs/adr/0068-leases-that-recover-by-themselves.md): pure, and the same for any number of planners
// and holders.

/** A row lapses once its zone has had more than so many ticks since the tick that its holder read. */
const MISSED_TICKS_MAX = 4;
/** The shortest time between two ticks of a zone, milliseconds: a little less than a planner's minute. */
const TICK_MIN_MS = 58_000;
/**
 * What a holder's time is shorter by than the time in which its row cannot lapse, milliseconds: the clocks of two planners
 * differ by 5 s at most, and a holder's stopwatch loses 1 s at most in 232 s.
 */
const MARGIN_MS = 6_000;
/** How long a holder may act, milliseconds from when it asked for the tick that its row names. */
export const HELD_MS = MISSED_TICKS_MAX * TICK_MIN_MS - MARGIN_MS;
/** So many declared rows of a zone may be missing, whatever their share. */
const MISSING_MIN = 2;
/** Or this share of them, percent, rounded down. */
const MISSING_PERCENT = 15;

/** The period of a zone whose planner found none, milliseconds. */
const FIRST_EVERY_MS = 60_000;
/** Bounds of a period, milliseconds: a holder has at least two tries within its time. */
const EVERY_MS = { min: 20_000, max: 100_000 } as const;

/** The beat of a hearing zone. */
export interface Tick {
  /** Whole number, 1 or more; it only rises. */
  readonly n: number;
  /**
   * Milliseconds since 1970. If `seen`, `n` was there at this time by the clock of a planner that had read it. Else the
   * time of the tick before.
   */
  readonly at: number;
  readonly seen: boolean;
  /** The period of every holder of the zone, milliseconds, 20,000 to 100,000. */
  readonly every: number;
}

/** heard: its holder writes. lapsed: its holder has stopped acting, so another may take it. silent: neither is known. */
export type RowStanding = 'heard' | 'silent' | 'lapsed';

/** @param t the tick that the row's holder read just before it wrote. */
export function standingAt(n: number, t: number): RowStanding {
  if (n - t <= 1) return 'heard';
  return n - t > MISSED_TICKS_MAX ? 'lapsed' : 'silent';
}

/** How many of a zone's declared rows may be missing before the zone is deaf. */
export function missingMax(declared: number): number {
  return Math.max(MISSING_MIN, Math.floor((declared * MISSING_PERCENT) / 100));
}

/** Whether so many of the zone's declared rows are missing that the observer is presumed deaf. Its rows do not age then. */
export function isDeaf(declared: number, heard: number): boolean {
  return heard < declared - missingMax(declared);
}

/** The tick of a zone that has none. Nobody has read it yet, so it is not seen. */
export function firstTick(now: number, every = FIRST_EVERY_MS): Tick {
  // There was none before it, so its own interval begins once it is seen.
  return { n: 1, at: Math.max(0, now - TICK_MIN_MS), seen: false, every };
}

/**
 * The change that is due of a tick that was read; undefined when none is.
 *
 * A tick rises in two writes. The first makes it n + 1 and says nothing of when, because a write may arrive late. The
 * second, by anybody who has read n + 1, says when it was there for certain; from then on the next interval counts. `at`
 * rises by at least an interval a tick, so that the clocks of planners that differ shorten all intervals together by their
 * difference, and not each of them.
 *
 * @param now milliseconds since 1970, read after the tick.
 */
export function dueChange(tick: Tick, now: number, deaf: boolean): Tick | undefined {
  if (!tick.seen) return { ...tick, at: Math.max(now, tick.at + TICK_MIN_MS), seen: true };
  if (deaf || now - tick.at < TICK_MIN_MS) return undefined;
  return { ...tick, n: tick.n + 1, seen: false };
}

/** What is wrong with a tick that was read; undefined when nothing is. */
export function tickProblem({ n, at, every }: Tick): string | undefined {
  if (!Number.isSafeInteger(n) || n < 1) return 'its n is no number above 0';
  if (!Number.isSafeInteger(at) || at < 0) return 'its time is missing';
  return every >= EVERY_MS.min && every <= EVERY_MS.max
    ? undefined
    : `its period is ${every} ms, and not ${EVERY_MS.min} to ${EVERY_MS.max}`;
}
