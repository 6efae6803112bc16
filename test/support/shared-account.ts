import { ROUTE53_RATE } from '../../lib/emulator/settings.ts';
import { takeTokens } from '../../lib/emulator/token-bucket.ts';
import type { Clock, Instant } from '../../lib/runtime/clock.ts';
import { instant } from '../../lib/runtime/clock.ts';
import type { RateBudget, RateSettings, Urgency } from '../../lib/runtime/rate-budget.ts';
import { rateBudget } from '../../lib/runtime/rate-budget.ts';
import type { RetryDeps } from '../../lib/runtime/retry.ts';
import { retry, URGENT_WAIT_MS } from '../../lib/runtime/retry.ts';
import { seededRandomness, virtualClock } from '../runtime/virtual-clock.ts';

/** Something in a process that sends one request after another. */
export interface Caller {
  readonly urgency: Urgency;
  /** Between an answer and the next request, milliseconds; 0 for one that always has more to ask. */
  readonly everyMs: number;
}

/** One process of an account. It shares no memory with the others. */
export interface SharingProcess {
  readonly rate: RateSettings;
  readonly callers: readonly Caller[];
  /** Until when it has anything to ask, milliseconds; to the end unless given. */
  readonly until?: number;
}

/** What one caller got. */
export interface Share {
  /** When its requests were answered, milliseconds from the beginning. */
  readonly servedAt: number[];
  /** From the wish to the answer of each of these, milliseconds. */
  readonly tookMs: number[];
}

export interface SharedAccount {
  /** By process, then by caller. */
  readonly shares: readonly (readonly Share[])[];
  /** The fewest requests that were left in the account's bucket. */
  readonly lowest: number;
}

/** More than there are processes, so that no process has the chances of another play. */
const SEEDS_APART = 1_000;
/** A request and its answer on the way, milliseconds. */
const LATENCY_MS = 60;
/** As the functions have it (lib/wiring/function-world.ts). */
const DEADLINE_MS = 25_000;

interface Account {
  readonly clock: Clock;
  readonly endMs: number;
  /** Takes one request out of the account's bucket; false is a Throttling. */
  admits(): boolean;
}

/**
 * Plays processes against one account that throttles as the emulator does, in virtual time. Every process has the real
 * budget and the real retries, of its own.
 */
export async function shareAccount(
  processes: readonly SharingProcess[],
  seconds: number,
  seed: number,
): Promise<SharedAccount> {
  const clock = virtualClock(0);
  let bucket: ReturnType<typeof takeTokens>;
  let lowest: number = ROUTE53_RATE.throttle.burst;
  const account: Account = {
    clock,
    endMs: seconds * 1_000,
    admits: () => {
      const taken = takeTokens(bucket, ROUTE53_RATE.throttle, clock.now(), 1);
      lowest = Math.min(lowest, taken?.tokens ?? 0);
      bucket = taken ?? bucket;
      return taken !== undefined;
    },
  };
  const shares = await Promise.all(
    processes.map((process, index) => play(process, seed * SEEDS_APART + index, account)),
  );
  return { shares, lowest };
}

async function play(process: SharingProcess, seed: number, account: Account): Promise<readonly Share[]> {
  const { clock, endMs } = account;
  const deps = { clock, randomness: seededRandomness(seed) };
  const budget = rateBudget(deps, process.rate);
  const until = process.until ?? endMs;
  return await Promise.all(
    process.callers.map(async ({ urgency, everyMs }) => {
      const share: Share = { servedAt: [], tookMs: [] };
      while (clock.now() < until) {
        const began = clock.now();
        if (await call(deps, budget, urgency, account)) {
          share.servedAt.push(clock.now());
          share.tookMs.push(clock.now() - began);
        }
        if (everyMs > 0) await clock.sleep(everyMs);
      }
      return share;
    }),
  );
}

/** One request with its tries, as the adapter makes them; whether it was answered in time. */
async function call(
  deps: RetryDeps,
  budget: RateBudget,
  urgency: Urgency,
  { clock, admits }: Account,
): Promise<boolean> {
  const deadline: Instant = instant(clock.now() + DEADLINE_MS);
  const waits = urgency === 'urgent' ? { longestWaitMs: URGENT_WAIT_MS } : {};
  const outcome = await retry(deps, { deadline, ...waits }, async () => {
    const permit = await budget.take({ urgency, deadline });
    if (permit === 'late') return { type: 'done', value: false };
    await clock.sleep(LATENCY_MS);
    const isServed = admits();
    permit.answered(isServed ? 'served' : 'throttled');
    return isServed ? { type: 'done', value: true } : { type: 'again', cause: 'Throttling' };
  });
  return outcome.type === 'done' && outcome.value;
}
