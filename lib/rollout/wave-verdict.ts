import type { PlanAppended, RecordedEvent } from '../ledger/decider/events.ts';
import { policyInEffect } from '../ledger/decider/loosening.ts';
import type { Head } from '../ledger/ledger.ts';
import type { Generation } from '../plan/generation.ts';
import type { CellFacts } from './cell-facts.ts';
import type { CellStory } from './cell-story.ts';
import { isRollback, isUndone, waiting } from './cell-story.ts';
import type { WaveFinding } from './rollout.ts';

/**
 * How a cell stands in its wave. `undeclared`: another fleet stands. `waits`: the fleet is declared, and not applied yet.
 * `bakes`: it is applied, and its time is not over (milliseconds since 1970). `baked`: its time is over; `longAgo`: so
 * long ago that it is no part of this rollout. `bad`: the wave must go back. `stopped`: a person has stopped the cell, and
 * only a person lets it go on.
 */
export type CellVerdict =
  | { readonly type: 'undeclared' }
  | { readonly type: 'waits' }
  | { readonly type: 'bakes'; readonly until: number }
  | { readonly type: 'baked'; readonly until: number; readonly longAgo: boolean }
  | { readonly type: 'bad'; readonly findings: readonly WaveFinding[] }
  | { readonly type: 'stopped'; readonly says: string };

/** How long a planner and the enactors have for a change, besides what the policy coalesces, milliseconds. */
export const APPLIED_WITHIN_MS = 900_000;
/**
 * A rollout that was broken off goes on as one for so long after a bake, milliseconds. What was declared before that is
 * an earlier push, which nobody asks to roll back.
 */
const RESUMED_WITHIN_MS = 3_600_000;

export interface BakeTimes {
  readonly now: number;
  readonly bakeMs: number;
}

/** Judges one cell by what its ledger says. Pure. */
export function cellVerdict(facts: CellFacts, times: BakeTimes): CellVerdict {
  const { head, story, judged } = facts;
  if (!facts.declared || judged === undefined) return { type: 'undeclared' };
  if (story === undefined) return LONG_AGO;
  const attempt = attemptOf(story);
  const { until, over } = endOf(attempt, head, times.bakeMs);
  const isWhole = judged.isPlanned && isApplied(head);
  const isTaking = ({ event, at }: RecordedEvent) => isUndone(event) || (isRollback(event) && at <= over);
  if (times.now > over && !attempt.since.some(isTaking)) return earlierPush(head, attempt, isWhole);
  const findings = [
    ...attempt.since
      .filter((recorded) => isTaking(recorded) || until === undefined || recorded.at <= until)
      .filter((recorded) => !isNotYetOffered(recorded, facts))
      .flatMap(found),
    ...keptBackAnew(facts, story),
  ];
  if (findings.length > 0) return bad(facts, findings);
  const stops = stoppedBy(head);
  if (stops !== undefined) return { type: 'stopped', says: stops };
  if (!isWhole) return late(facts, attempt, times.now) ?? { type: 'waits' };
  const end = until ?? attempt.begun.at + times.bakeMs;
  return times.now < end ? { type: 'bakes', until: end } : { type: 'baked', until: end, longAgo: false };
}

const LONG_AGO = { type: 'baked', until: 0, longAgo: true } as const;

/**
 * Whether the cell has the fleet from an earlier push, so that no rollout rolls it back, however it moves now: a target
 * that fails, and drift that is repaired, are nothing that this file has done. Pure.
 */
export function isEarlierPush({ head, story }: CellFacts, { now, bakeMs }: BakeTimes): boolean {
  return story === undefined || now > endOf(attemptOf(story), head, bakeMs).over;
}

/** Two days later nothing that happens is held against the file, but a fleet that was never applied has not baked. */
function earlierPush(head: Head, attempt: Attempt, isWhole: boolean): CellVerdict {
  const isTaken = attempt.since.some(({ event }) => isRollback(event));
  if (!isTaken && (isWhole || isAppliedIn(attempt))) return LONG_AGO;
  const { cell } = head;
  const waits = `the fleet of cell ${cell} stands since ${new Date(attempt.begun.at).toISOString()} and has not been applied: "pawl status ${cell}" says what it waits for`;
  return { type: 'stopped', says: stoppedBy(head) ?? waits };
}

/** One try to bring the fleet about: from its declaration, or from when a person let the planner go on. */
interface Attempt {
  readonly begun: RecordedEvent;
  readonly since: readonly RecordedEvent[];
}

function attemptOf({ declared, since }: CellStory): Attempt {
  const at = since.findLastIndex(({ event }) => event.type === 'PlannerResumed');
  const resumed = since[at];
  return resumed === undefined ? { begun: declared, since } : { begun: resumed, since: since.slice(at + 1) };
}

/** The first plan that follows from the fleet in this attempt. */
function plannedIn({ since }: Attempt): Generation | undefined {
  for (const { event } of since) {
    if (event.type !== 'PlanAppended' || event.disposition !== 'approved') continue;
    if (event.origin === 'planner' || event.origin === 'approval') return event.generation;
  }
  return undefined;
}

/** When the first plan that follows from the fleet was applied, milliseconds since 1970; at once where none follows. */
function appliedAt(attempt: Attempt): number | undefined {
  const planned = plannedIn(attempt);
  if (planned === undefined) return attempt.begun.at;
  return attempt.since.find(({ event }) => event.type === 'PlanApplied' && event.generation >= planned)?.at;
}

function isAppliedIn(attempt: Attempt): boolean {
  return plannedIn(attempt) !== undefined && appliedAt(attempt) !== undefined;
}

interface AttemptEnd {
  /** When its bake is over; undefined while it is not applied. */
  readonly until: number | undefined;
  /** After this it is an earlier push, by the log alone: a plan that comes later than this follows from something else. */
  readonly over: number;
}

function endOf(attempt: Attempt, { state }: Head, bakeMs: number): AttemptEnd {
  const from = appliedAt(attempt);
  const until = from === undefined ? undefined : from + bakeMs;
  const latest = attempt.begun.at + appliedWithinMs(state) + bakeMs;
  const end = isAppliedIn(attempt) ? Math.min(until ?? latest, latest) : latest;
  return { until, over: end + RESUMED_WITHIN_MS };
}

/** How long a fleet may wait until it is planned and applied, milliseconds. */
export function appliedWithinMs(state: Head['state']): number {
  return APPLIED_WITHIN_MS + policyInEffect(state).coalesceS * 1_000;
}

/** Whether the goal of a cell is applied, or there is none. Pure. */
export function isApplied({ state: { goal, applied } }: Head): boolean {
  return goal === null ? true : applied?.generation === goal.generation;
}

/** Another cell has not offered the endpoint yet, or had not: that is no refusal of Route 53, and no wave's doing. */
function isNotYetOffered({ event }: RecordedEvent, { head, story }: CellFacts): boolean {
  if (event.type !== 'EndpointRefused' || event.step !== 'conflict') return false;
  if (head.state.awaited.some(({ name }) => name === event.name)) return true;
  return (story?.since ?? []).some(
    ({ event: other }) =>
      (other.type === 'EndpointsTaken' || other.type === 'EndpointsAwaited') &&
      other.names.includes(event.name),
  );
}

/** Whether an endpoint waits for nothing but the cell that takes it. */
export function waitsForTaker(findings: readonly { readonly code: string }[]): boolean {
  return findings.every(({ code }) => code === 'handed-over');
}

/** What an event says against a wave. */
function found({ event, by }: RecordedEvent): readonly WaveFinding[] {
  if (event.type === 'DriftFound')
    return [{ code: 'drifted', says: `an audit found drift: ${event.names.join(', ')}` }];
  if (event.type === 'ZoneRegressed')
    return [{ code: 'regressed', says: `the ${event.what} ${event.name} went back` }];
  if (event.type === 'EndpointRefused')
    return [{ code: 'refused', says: `Route 53 refused the records of ${event.name} (${event.reason})` }];
  if (event.type === 'RescueFound')
    return [{ code: 'replaced', says: `a rescue by ${event.by} took its place` }];
  if (isUndone(event)) return [{ code: 'replaced', says: 'its wave was taken back before' }];
  return event.type === 'PlanAppended' ? foundInPlan(event, by) : [];
}

function foundInPlan({ generation, origin, disposition }: PlanAppended, by: string): readonly WaveFinding[] {
  if (origin === 'rollback') return [{ code: 'replaced', says: `${by} rolled it back (@${generation})` }];
  if (origin === 'operator' || origin === 'rescue')
    return [{ code: 'replaced', says: `plan @${generation} of ${by} took its place` }];
  return disposition === 'held'
    ? [{ code: 'kept-back', says: `plan @${generation} is held for approval` }]
    : [];
}

/** What is kept back and was not before the fleet was declared. */
function keptBackAnew({ judged }: CellFacts, { waitedBefore }: CellStory): readonly WaveFinding[] {
  const anew = (judged?.keptBack ?? []).filter((each) => !waitedBefore.has(waiting(each)));
  const counted = anew.filter(({ findings }) => !waitsForTaker(findings));
  return counted.map(({ name, findings }) => {
    const codes = [...new Set(findings.map(({ code }) => code))].join(', ');
    return { code: 'kept-back', says: `${name} is kept back (${codes})` };
  });
}

/** Why a person has to let a cell go on before anything is declared in it; undefined where nobody has to. Pure. */
export function stoppedBy({ cell, state }: Head): string | undefined {
  const { rescue, frozen, paused } = state;
  if (rescue !== null) return `cell ${cell} is rescued: "pawl thaw ${cell}" ends that`;
  if (frozen !== null)
    return `cell ${cell} is frozen by ${frozen.by} (${frozen.reason}): "pawl thaw ${cell}" ends that`;
  if (paused !== null)
    return `the planner of ${cell} is paused by ${paused.by} (${paused.reason}): "pawl resume ${cell}" ends that`;
  return undefined;
}

/** Whether a fleet waits for longer than it takes to plan and to apply it. */
function late(facts: CellFacts, { begun }: Attempt, now: number): CellVerdict | undefined {
  const { state } = facts.head;
  // A later plan, such as that of a failed target, has as long again.
  const since = Math.max(begun.at, state.newest?.at ?? 0);
  const withinMs = appliedWithinMs(state);
  if (now <= since + withinMs) return undefined;
  const minutes = Math.round(withinMs / 60_000);
  return bad(facts, [{ code: 'not-applied', says: `it was not applied within ${minutes} min` }]);
}

function bad({ cell }: CellFacts, findings: readonly WaveFinding[]): CellVerdict {
  return { type: 'bad', findings: findings.map((finding) => ({ ...finding, cell })) };
}
