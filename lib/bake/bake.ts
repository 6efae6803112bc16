import type { Clock, Instant } from '../runtime/clock.ts';
import { instant } from '../runtime/clock.ts';

/** What a bake looks at. Every verb rejects when it is not told, with a sentence that a person can act on. */
export interface BakeWatch {
  /** The status of the stack, as CloudFormation gives it: `UPDATE_IN_PROGRESS`. */
  status(): Promise<string>;
  /** The names of the root cause alarms that ring now. */
  ringing(): Promise<readonly string[]>;
  /** The first enactor's runs that ended between two instants. Counts appear a minute or two late. */
  runs(from: Instant, to: Instant): Promise<EnactorRuns>;
}

export interface EnactorRuns {
  readonly ended: number;
  readonly failed: number;
}

/** What CloudFormation asks of a custom resource: `Create`, `Update` or `Delete`. */
export interface BakeRequest {
  readonly kind: string;
  readonly seconds: number;
}

/** passed: watched, and nothing was seen. skipped: there was nothing to watch. failed: the stack must go back. */
export interface Baked {
  readonly type: 'passed' | 'skipped' | 'failed';
  /** Why, in a sentence. */
  readonly says: string;
}

/**
 * The one status in which new code is about to reach the others. Whatever else a stack does, a rollback above all, must
 * not wait for a bake, and must never fail because of it.
 */
const WATCHED_STATUS = 'UPDATE_IN_PROGRESS';
const POLL_MS = 15_000;
/** So often a question is asked before it counts as not answered. */
const TRIES = 4;
const RETRY_MS = 2_000;
const MINUTE_MS = 60_000;
/** So many failed runs more than before are no accident: more than one event and its repetition. */
const FAILED_MORE = 3;

/**
 * Watches a stack in which the first enactor has new code, before the others get it: fails when a root cause alarm rings
 * that did not ring when it began, when runs of the first enactor fail that did not fail before, and when it has seen
 * nothing. See docs/adr/0057-one-enactor-first.md.
 */
export async function bake(
  deps: { readonly watch: BakeWatch; readonly clock: Clock },
  { kind, seconds }: BakeRequest,
): Promise<Baked> {
  if (kind === 'Delete') return skipped('the bake itself is taken out');
  const { watch, clock } = deps;
  const status = await asked(clock, () => watch.status());
  if ('blind' in status)
    return skipped(
      `nobody knows whether the stack is being rolled back, which must not fail (${status.blind})`,
    );
  if (status.answer !== WATCHED_STATUS) return skipped(`the stack is ${status.answer}`);
  const begun = clock.now();
  const before = await asked(clock, () => stateBefore(watch, begun, seconds));
  if ('blind' in before) return failed(`Nothing could be watched: ${before.blind}.`);
  return await watched(deps, { begun, until: begun + seconds * 1_000, before: before.answer });
}

interface Before {
  readonly ringing: ReadonlySet<string>;
  readonly failed: number;
}

/** What rings and fails without the new code: the alarms now, and the runs of a span as long as the bake. */
async function stateBefore(watch: BakeWatch, begun: Instant, seconds: number): Promise<Before> {
  const minute = nextMinute(begun);
  const ringing = new Set(await watch.ringing());
  const runs = await watch.runs(instant(minute - seconds * 1_000), minute);
  return { ringing, failed: runs.failed };
}

interface Span {
  readonly begun: Instant;
  readonly until: number;
  readonly before: Before;
}

async function watched(
  { watch, clock }: { readonly watch: BakeWatch; readonly clock: Clock },
  { begun, until, before }: Span,
): Promise<Baked> {
  const since = nextMinute(begun);
  for (;;) {
    const leftMs = until - clock.now();
    await clock.sleep(Math.max(0, Math.min(POLL_MS, leftMs)));
    const status = await asked(clock, () => watch.status());
    // Somebody has cancelled the update.
    if ('answer' in status && status.answer !== WATCHED_STATUS)
      return skipped(`the stack is ${status.answer}`);
    const seen = await asked(clock, async () => ({
      ringing: await watch.ringing(),
      runs: await watch.runs(since, clock.now()),
    }));
    const isOver = leftMs <= POLL_MS;
    if ('blind' in seen) {
      if (isOver) return failed(`At the end nothing could be seen any more: ${seen.blind}.`);
      continue;
    }
    const verdict = verdictOn(seen.answer, before);
    if (verdict !== undefined) return failed(verdict);
    if (!isOver) continue;
    const { ended, failed: lost } = seen.answer.runs;
    if (ended === 0) return failed('The first enactor has not run once, so nothing was seen of it.');
    return { type: 'passed', says: `The first enactor ran ${ended} times, and failed ${lost} times.` };
  }
}

/** What is wrong, if anything is that was not before. */
function verdictOn(
  { ringing, runs }: { readonly ringing: readonly string[]; readonly runs: EnactorRuns },
  before: Before,
): string | undefined {
  const anew = ringing.filter((alarm) => !before.ringing.has(alarm));
  if (anew.length > 0)
    return `An alarm of a root cause rings since the first enactor is new: ${anew.join(', ')}.`;
  if (runs.failed - before.failed < FAILED_MORE) return undefined;
  return `${runs.failed} of ${runs.ended} runs of the first enactor failed since it is new, and ${before.failed} in as long a time before: its log says why.`;
}

type Asked<Answer> = { readonly answer: Answer } | { readonly blind: string };

async function asked<Answer>(clock: Clock, ask: () => Promise<Answer>): Promise<Asked<Answer>> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return { answer: await ask() };
    } catch (error) {
      if (attempt === TRIES) return { blind: error instanceof Error ? error.message : String(error) };
      await clock.sleep(RETRY_MS);
    }
  }
}

/** CloudWatch counts by whole minutes: the one in which the bake began has runs of the old code in it. */
function nextMinute(at: Instant): Instant {
  return instant(Math.ceil(at / MINUTE_MS) * MINUTE_MS);
}

function skipped(why: string): Baked {
  return { type: 'skipped', says: `Not watched: ${why}.` };
}

function failed(says: string): Baked {
  return { type: 'failed', says };
}
