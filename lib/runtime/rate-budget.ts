import type { RateDeps } from './borrowed-rate.ts';
import { borrowedRate } from './borrowed-rate.ts';
import type { Clock, Instant } from './clock.ts';
import { tokenBucket } from './refilled-bucket.ts';

/** `urgent` work may use what is kept for it; `routine` work leaves it alone. */
export type Urgency = 'routine' | 'urgent';

export interface RateSettings {
  /** This process's own share, above 0: requests that it may always send, whatever others do. */
  readonly requestsPerSecond: number;
  /** The most requests that can be saved up, at least 1. */
  readonly burst: number;
  /** Saved requests that only urgent callers may use, 0 to `burst` - 1. */
  readonly reserve: number;
  /** What it may send beyond its share as far as others leave it; absent: nothing. */
  readonly borrowing?: BorrowingSettings | undefined;
  /** Changes of record sets, which Route 53 counts beside the requests; absent: not counted. */
  readonly changes?: ChangeSettings | undefined;
}

export interface BorrowingSettings {
  /** The most that routine work sends, a second, the own share included. At least `requestsPerSecond`. */
  readonly upToPerSecond: number;
  /** Beside all of that, what urgent work may send of the account's reserve, a second; 0: nothing. */
  readonly urgentPerSecond: number;
}

export interface ChangeSettings {
  readonly perSecond: number;
  readonly burst: number;
  /** Saved changes that only urgent callers may use, 0 to `burst` - 1. */
  readonly reserve: number;
}

/** What a request is to be sent for. */
export interface Sending {
  readonly urgency: Urgency;
  readonly deadline: Instant;
  /** What the request costs in changes of record sets; 0 unless given. */
  readonly changes?: number;
  readonly signal?: AbortSignal | undefined;
}

/** Leave to send one request. */
export interface Permit {
  /**
   * To be called once when the service answered, whatever it said: `throttled` when it refused the request because of
   * the rate. Not to be called for a request without an answer, from which nothing is learned.
   */
  answered(how: 'served' | 'throttled'): void;
}

/** One process's part of an account's request rate. */
export interface RateBudget {
  /**
   * Waits until one request may be sent, or answers `late` at once when the deadline comes first: then nothing was taken.
   * Never waits past the deadline. Rejects with the signal's reason when it is aborted.
   */
  take(sending: Sending): Promise<Permit | 'late'>;
}

/** Somewhere that one request can come from. */
interface Source {
  waitMs(): number;
  take(): void;
  /** Puts it back when the service refused it because of the rate; absent where it stays spent. */
  giveBack?: () => void;
}

/** A waiter that was overtaken waits again; more rounds than this mean that the clock stands still. */
const MAX_ROUNDS = 100_000;

/**
 * A share that is always there, and beside it what others leave. A request takes of the share first, then what may be
 * borrowed, then, if it is urgent, of the reserve. One that was refused because of the rate costs the share nothing.
 *
 * Waiters are not queued: the one that wakes first takes, and the others wait again. An urgent caller has sources of its
 * own, so that it never waits behind routine ones, and the deadline bounds how long a routine one may starve.
 *
 * @throws RangeError when a setting is out of its range.
 */
export function rateBudget(deps: RateDeps, settings: RateSettings): RateBudget {
  checkSettings(settings);
  const { clock } = deps;
  const { waitForChanges, takeChanges, giveChangesBack } = changesOf(clock, settings.changes);
  const { sourcesOf, served, throttled } = requestsOf(deps, settings);

  return {
    take: async ({ urgency, deadline, changes = 0, signal }) => {
      for (let round = 0; round < MAX_ROUNDS; round += 1) {
        signal?.throwIfAborted();
        const waits = sourcesOf(urgency).map((source) => ({ source, waitMs: source.waitMs() }));
        const changesMs = waitForChanges(changes, urgency);
        const ready = waits.find(({ waitMs }) => waitMs === 0)?.source;
        if (ready !== undefined && changesMs === 0) {
          ready.take();
          takeChanges(changes);
          return {
            answered: (how) => {
              if (how === 'served') return served();
              ready.giveBack?.();
              giveChangesBack(changes);
              throttled();
            },
          };
        }
        const waitMs = Math.max(Math.min(...waits.map((each) => each.waitMs)), changesMs);
        if (clock.now() + waitMs > deadline) return 'late';
        await clock.sleep(waitMs, signal);
      }
      return 'late';
    },
  };
}

function requestsOf({ clock, randomness }: RateDeps, settings: RateSettings) {
  const { requestsPerSecond, burst, reserve, borrowing } = settings;
  const share = tokenBucket(clock, requestsPerSecond, burst);
  const shareFor = (urgency: Urgency): Source => ({
    waitMs: () => share.waitMs(1, urgency === 'urgent' ? 0 : reserve),
    take: () => share.take(1),
    giveBack: () => share.giveBack(1),
  });
  const routine: Source[] = [shareFor('routine')];
  const urgent: Source[] = [shareFor('urgent')];
  const spare = (borrowing?.upToPerSecond ?? 0) - requestsPerSecond;
  const borrowed =
    spare > 0
      ? borrowedRate({ clock, randomness }, { sharePerSecond: requestsPerSecond, mostPerSecond: spare })
      : undefined;
  if (borrowed !== undefined) {
    routine.push(borrowed);
    urgent.push(borrowed);
  }
  if (borrowing !== undefined && borrowing.urgentPerSecond > 0) {
    const kept = tokenBucket(clock, borrowing.urgentPerSecond, 1);
    urgent.push({ waitMs: () => kept.waitMs(1, 0), take: () => kept.take(1) });
  }
  const sources = { routine, urgent };
  return {
    sourcesOf: (urgency: Urgency) => sources[urgency],
    served: () => borrowed?.served(),
    throttled: () => borrowed?.throttled(),
  };
}

function changesOf(clock: Clock, settings: ChangeSettings | undefined) {
  if (settings === undefined) {
    return { waitForChanges: () => 0, takeChanges: () => undefined, giveChangesBack: () => undefined };
  }
  const { perSecond, burst, reserve } = settings;
  const bucket = tokenBucket(clock, perSecond, burst);
  return {
    // A batch that is larger than the bucket goes when the bucket is full, and what it costs is owed.
    waitForChanges: (count: number, urgency: Urgency) => {
      const kept = urgency === 'urgent' ? 0 : reserve;
      return count === 0 ? 0 : bucket.waitMs(Math.min(count, burst - kept), kept);
    },
    takeChanges: bucket.take,
    giveChangesBack: bucket.giveBack,
  };
}

function checkSettings({ requestsPerSecond, burst, reserve, borrowing, changes }: RateSettings): void {
  checkBucket('requestsPerSecond', requestsPerSecond, burst, reserve);
  if (changes !== undefined)
    checkBucket('changes.perSecond', changes.perSecond, changes.burst, changes.reserve);
  if (borrowing === undefined) return;
  const { upToPerSecond, urgentPerSecond } = borrowing;
  if (!(upToPerSecond >= requestsPerSecond && Number.isFinite(upToPerSecond))) {
    throw new RangeError(`upToPerSecond must be at least requestsPerSecond, not ${upToPerSecond}.`);
  }
  if (!(urgentPerSecond >= 0 && Number.isFinite(urgentPerSecond))) {
    throw new RangeError(`urgentPerSecond must be 0 or more, not ${urgentPerSecond}.`);
  }
}

function checkBucket(name: string, perSecond: number, burst: number, reserve: number): void {
  if (!(perSecond > 0 && Number.isFinite(perSecond))) {
    throw new RangeError(`${name} must be above 0, not ${perSecond}.`);
  }
  if (!(burst >= 1 && Number.isFinite(burst))) {
    throw new RangeError(`burst must be at least 1, not ${burst}.`);
  }
  if (!(reserve >= 0 && reserve <= burst - 1)) {
    throw new RangeError(`reserve must be 0 to ${burst - 1}, one below the burst, not ${reserve}.`);
  }
}
