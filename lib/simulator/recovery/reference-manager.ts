import type { PeoplesHelp } from './recovery-schedule.ts';

/** Settings of the reference, in seconds and in renewals. */
export interface ManagerSettings {
  /** A holder renews once in so many seconds. */
  readonly periodS: number;
  /** A lease runs out so many seconds after it was granted. */
  readonly ttlS: number;
  /** A holder waits so long for its answer. */
  readonly timeoutS: number;
  /** After a refusal, or when no answer came, it asks again so many seconds later. */
  readonly retryS: number;
  /** What a lease that has run out costs, in renewals. */
  readonly establishing: number;
  /** How busy the manager is at rest, 0 to 1. */
  readonly utilization: number;
  /** A manager that is throttled takes in so much work, in seconds of its capacity: its callers wait for longer. */
  readonly throttledS: number;
}

/**
 * The reference. Establishing all leases takes 150 s, and a holder waits 10 s. The numbers of that day are not public; it
 * collapses wherever holders wait for up to 90 s, and where they wait for 120 s it does not.
 */
export const REFERENCE: ManagerSettings = {
  ...{ periodS: 60, ttlS: 180, timeoutS: 10, retryS: 1 },
  ...{ establishing: 5, utilization: 0.5, throttledS: 5 },
};

/** Requests of one second, in the order in which they came. */
interface Batch {
  readonly at: number;
  readonly holders: Uint16Array;
  next: number;
}

export interface ManagerWork {
  /** Renewals that it did. */
  readonly done: number;
  /** Those of them whose caller had gone. */
  readonly wasted: number;
  /** Answers that were heard. */
  readonly answered: readonly { readonly holder: number; readonly asked: number }[];
}

/** What the manager must know of its callers. */
export interface Callers {
  /** Whether its lease has not run out. */
  isLeased(holder: number, now: number): boolean;
  /** Whether it still waits for the answer to what it asked then. */
  waits(holder: number, asked: number): boolean;
}

/**
 * One central manager with a queue: first in, first out, and without a bound. It does whatever was asked, also for callers
 * that have gone; their result is lost. This is what sustains the collapse of 20 October 2025 as its owner described it:
 * establishing took longer than callers waited, and each of them queued more of it.
 */
export interface ReferenceManager {
  /** Renewals a second that it can do. */
  readonly capacity: number;
  /** @returns how many of the callers are turned away; those are the last. */
  take(now: number, holders: readonly number[]): number;
  /** One second of work. */
  work(now: number, callers: Callers): ManagerWork;
  intervene(by: PeoplesHelp): void;
  /** Seconds that the oldest request has waited. */
  queueAge(now: number): number;
}

/** @param holders how many call it, which its capacity is in proportion to. */
export function referenceManager(
  holders: number,
  { periodS, utilization, establishing, throttledS }: ManagerSettings,
): ReferenceManager {
  const capacity = holders / periodS / utilization;
  const queue: Batch[] = [];
  let queued = 0;
  let first = 0;
  let throttled = false;
  let budget = 0;
  return {
    capacity,
    take: (now, asking) => {
      const room = Math.max(0, Math.floor((throttledS * capacity) / establishing) - queued);
      const taken = throttled ? Math.min(room, asking.length) : asking.length;
      if (taken > 0) queue.push({ at: now, holders: Uint16Array.from(asking.slice(0, taken)), next: 0 });
      queued += taken;
      return asking.length - taken;
    },
    work: (now, callers) => {
      const answered: { holder: number; asked: number }[] = [];
      const leased = new Set<number>();
      let done = 0;
      let wasted = 0;
      budget += capacity;
      for (let batch = queue[first]; batch !== undefined; batch = queue[first]) {
        const holder = batch.holders[batch.next];
        if (holder === undefined) {
          // The batch is done. What it held is given back now, and its place from time to time.
          first += 1;
          if (first > 1_000) first -= queue.splice(0, first).length;
          continue;
        }
        const cost = leased.has(holder) || callers.isLeased(holder, now) ? 1 : establishing;
        if (budget < cost) break;
        budget -= cost;
        done += cost;
        batch.next += 1;
        queued -= 1;
        if (callers.waits(holder, batch.at)) {
          answered.push({ holder, asked: batch.at });
          leased.add(holder);
        } else wasted += cost;
      }
      // Nobody saves up the time in which there was nothing to do.
      if (queued === 0) budget = 0;
      return { done, wasted, answered };
    },
    intervene: ({ restart, throttle }) => {
      if (restart) {
        queue.length = 0;
        first = 0;
        queued = 0;
      }
      throttled = throttle;
    },
    queueAge: (now) => (queued === 0 ? 0 : now - (queue[first]?.at ?? now)),
  };
}
