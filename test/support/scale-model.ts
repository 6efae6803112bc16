import { ROUTE53_RATE } from '../../lib/emulator/settings.ts';
import { nextLook } from '../../lib/enactor/hand-over.ts';
import { runsAtOnce } from '../../lib/infrastructure/runs-at-once.ts';
import type { RoleName } from '../../lib/roles.ts';
import { ROLES, workerNames } from '../../lib/roles.ts';
import { instant } from '../../lib/runtime/clock.ts';
import { tokenBucket } from '../../lib/runtime/refilled-bucket.ts';
import type { CellWork } from './scale-cell.ts';

// A discrete-event model of one account whose cells all lose an availability zone at once. Accounts share nothing, so a
// cloud of 100 accounts is one of them. Work is served in the order in which it can be: nobody is throttled, and nobody
// outside of Pawl uses the account, so times are the least that its buckets allow.

const MINUTE_MS = 60_000;
/** A planner looks once a minute, and the planners of an account at evenly spread times of it. */
const PLANNER_PERIOD_MS = MINUTE_MS;
/** From docs/operations.md, "What it costs": a run that plans, stages or flips. */
const BUSY_MS = 1_000;
/** Route 53 moves a change to INSYNC "generally within 60 seconds" (GetChange, API reference). */
const INSYNC_MS = 60_000;
const POLL_MS = 2_000;
/** Lists of record sets before the trees and before the flip, as test/enactor/call-budget.test.ts counts them. */
const LISTS_BEFORE_STAGE = 1;
const LISTS_BEFORE_FLIP = 1;
const ENACTORS = 3;
/** Every enactor hears of the plan, and those that find another one at work have read the fence. */
const FENCE_READS_OF_OTHERS = ENACTORS - 1;

/** Requests to Route 53 of one run with nothing to do, in a zone of one page; test/enactor/call-budget.test.ts counts them. */
export const REQUESTS_AT_REST: Readonly<Record<RoleName, number>> = {
  planner: 0,
  enactor: 2,
  janitor: 4,
  auditor: 5,
};

export interface Burst {
  readonly cells: number;
  /** Requests and changes of record sets that the account takes in all. */
  readonly requests: number;
  readonly changes: number;
  /** When the last flip is accepted; absent where the account has no request left beside those at rest. */
  readonly end?: {
    /** From the failure to the last flip that Route 53 has accepted, seconds. */
    readonly lastFlipS: number;
    /** The same until every name server has it, seconds. */
    readonly lastAnswerS: number;
  };
}

/** What one cell asks next: requests, changes of record sets, and what comes after them. */
interface Step {
  readonly requests: number;
  readonly changes: number;
  readonly afterMs: number;
}

/** The steps of a cell from its plan to its flip, each with the wait that follows it. */
function stepsOf({ stages, flip }: CellWork): readonly Step[] {
  const staged = stages.map((changes) => ({ requests: 1, changes, afterMs: 0 }));
  return [
    { requests: LISTS_BEFORE_STAGE + FENCE_READS_OF_OTHERS, changes: 0, afterMs: 0 },
    ...staged,
    ...looks(),
    { requests: LISTS_BEFORE_FLIP, changes: 0, afterMs: 0 },
    { requests: 1, changes: flip, afterMs: 0 },
  ];
}

/** The questions whether the newest change is INSYNC, at the intervals at which successors ask them. */
function looks(): readonly Step[] {
  const found: Step[] = [{ requests: 0, changes: 0, afterMs: POLL_MS }];
  for (let age = POLL_MS; age < INSYNC_MS; ) {
    const next = nextLook(instant(age), age, POLL_MS);
    found.push({ requests: 1, changes: 0, afterMs: next - age });
    age = next;
  }
  found.push({ requests: 1, changes: 0, afterMs: 0 });
  return found;
}

/**
 * Plays the burst of one account. What its cells ask at rest goes on meanwhile, and is not there for the burst.
 * Deterministic.
 *
 * @param requestsPerSecond what AWS gives the account; its bucket is as large as ever.
 */
export function playBurst(
  cells: number,
  work: CellWork,
  requestsPerSecond: number = ROUTE53_RATE.throttle.perSecond,
): Burst {
  const steps = stepsOf(work);
  const sum = {
    requests: cells * steps.reduce((all, step) => all + step.requests, 0),
    changes: cells * steps.reduce((all, step) => all + step.changes, 0),
  };
  const spare = requestsPerSecond - atRest(cells).requestsASecond;
  if (spare <= 0) return { cells, ...sum };
  let now = 0;
  const clock = { now: () => instant(now), sleep: async () => undefined };
  const { throttle, changeThrottle } = ROUTE53_RATE;
  const requests = tokenBucket(clock, spare, throttle.burst);
  const changes = tokenBucket(clock, changeThrottle.perSecond, changeThrottle.burst);
  const due = Array.from({ length: cells }, (_, cell) => ({
    at: Math.round(((cell + 1) * PLANNER_PERIOD_MS) / cells) + BUSY_MS,
    cell,
    step: 0,
  }));
  for (;;) {
    due.sort((a, b) => a.at - b.at || a.cell - b.cell);
    const first = due[0];
    const step = first && steps[first.step];
    if (first === undefined || step === undefined) break;
    now = first.at;
    const wait = Math.max(requests.waitMs(step.requests, 0), changes.waitMs(step.changes, 0));
    if (wait > 0) {
      first.at += wait;
      continue;
    }
    requests.take(step.requests);
    changes.take(step.changes);
    first.at += step.afterMs;
    first.step += 1;
    if (first.step === steps.length) due.shift();
  }
  const lastFlipS = Math.round(now / 1_000);
  return { cells, ...sum, end: { lastFlipS, lastAnswerS: lastFlipS + INSYNC_MS / 1_000 } };
}

/** What so many cells of one account have at rest. */
export function atRest(cells: number): {
  readonly runsASecond: number;
  readonly schedules: number;
  readonly reserved: number;
  /** Requests to Route 53. */
  readonly requestsASecond: number;
} {
  const runs = ROLES.reduce(
    (sum, role) => sum + workerNames(role, ENACTORS).length / (role.cadence.deployedMinutes * 60),
    0,
  );
  const requests = ROLES.reduce(
    (sum, role) =>
      sum +
      (workerNames(role, ENACTORS).length * REQUESTS_AT_REST[role.name]) /
        (role.cadence.deployedMinutes * 60),
    0,
  );
  const workers = ROLES.reduce((sum, role) => sum + workerNames(role, ENACTORS).length, 0);
  const reserved = ROLES.reduce(
    (sum, role) => sum + workerNames(role, ENACTORS).length * runsAtOnce(role, cells),
    0,
  );
  return {
    runsASecond: runs * cells,
    schedules: workers * cells,
    reserved,
    requestsASecond: requests * cells,
  };
}
