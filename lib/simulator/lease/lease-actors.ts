import { forgetGroup } from '../../lease/forget-group.ts';
import type { Hearing } from '../../lease/hear-zone.ts';
import { hearZone } from '../../lease/hear-zone.ts';
import { holdPeriod } from '../../lease/hold-period.ts';
import type { HeldPeriod, HolderMemory } from '../../lease/holder.ts';
import { instant } from '../../runtime/clock.ts';
import type { CallAnswer, LeaseCall } from './lease-call.ts';
import { SEARCHED_ZONE, suspendingLeases } from './lease-call.ts';

/** Someone at work in a search, and how its clock differs from the true time. */
export type LeaseActor =
  | {
      readonly kind: 'holder';
      readonly name: string;
      /** What its stopwatch counts in 1,000 true milliseconds. */
      readonly permille: number;
    }
  | {
      readonly kind: 'planner';
      readonly name: string;
      /** How far its clock is ahead, milliseconds. */
      readonly aheadMs: number;
    }
  | {
      /** A person who forgets the group. */
      readonly kind: 'forgetter';
      readonly name: string;
    };

/** One answer in a run, and the true time when it came; 0 where the actor did not look at its clock before the next call. */
export interface RunStep {
  /** Absent at the beginning of the run. */
  readonly answer?: CallAnswer;
  readonly at: number;
}

/** Where a run has come to after its steps. */
export type RunStop =
  | { readonly type: 'call'; readonly call: LeaseCall; readonly looked: boolean }
  | { readonly type: 'held'; readonly period: HeldPeriod; readonly looked: boolean }
  /** The hearing; undefined where the table was away. */
  | { readonly type: 'heard'; readonly hearing: Hearing | undefined; readonly looked: boolean }
  | { readonly type: 'forgot'; readonly looked: boolean };

export const SEARCHED_GROUP = 'rack-1';

/** What the holder's stopwatch says at a true time, milliseconds. */
export function stopwatchAt(permille: number, now: number): number {
  return (now * permille) / 1_000;
}

/** The true time at which the holder's stopwatch says so, rounded up. */
export function trueTimeOf(permille: number, ms: number): number {
  return Math.ceil((ms * 1_000) / permille);
}

/**
 * Runs the production code of an actor from the beginning of its run through the answers so far, until it makes another
 * call or ends.
 *
 * @param declared the declared groups of the zone.
 */
export function runTo(
  actor: LeaseActor,
  memory: HolderMemory,
  steps: readonly RunStep[],
  declared: readonly string[],
): Promise<RunStop> {
  return new Promise((resolve, reject) => {
    let taken = 1;
    let looked = false;
    const now = (): number => {
      // Only the last time is still to be decided: the others were kept if they were looked at.
      if (taken === steps.length) looked = true;
      return steps[taken - 1]?.at ?? 0;
    };
    const leases = suspendingLeases((call) => {
      const answer = steps[taken]?.answer;
      if (answer !== undefined) {
        taken += 1;
        return Promise.resolve(answer);
      }
      resolve({ type: 'call', call, looked });
      return new Promise(() => undefined);
    });
    if (actor.kind === 'holder') {
      const { name: by, permille } = actor;
      const request = { zone: SEARCHED_ZONE, group: SEARCHED_GROUP, by, members: [255] };
      const stopwatch = { elapsedMs: () => stopwatchAt(permille, now()) };
      holdPeriod({ leases, stopwatch }, request, memory).then(
        (period) => resolve({ type: 'held', period, looked }),
        reject,
      );
      return;
    }
    if (actor.kind === 'forgetter') {
      const forgot = () => resolve({ type: 'forgot', looked });
      forgetGroup(leases, SEARCHED_ZONE, SEARCHED_GROUP).then(forgot, reject);
      return;
    }
    const clock = { now: () => instant(now() + actor.aheadMs) };
    hearZone({ leases, clock }, SEARCHED_ZONE, declared).then(
      (hearing) => resolve({ type: 'heard', hearing, looked }),
      () => resolve({ type: 'heard', hearing: undefined, looked }),
    );
  });
}
