import type { LedgerEvent, RecordedEvent } from '../ledger/decider/events.ts';
import type { Head, Ledger } from '../ledger/ledger.ts';
import { newestPages } from '../ledger/newest-events.ts';
import type { Generation } from '../plan/generation.ts';

/** What the log of a cell says of the fleet that stands. */
export interface CellStory {
  /** The event that declared it. */
  readonly declared: RecordedEvent;
  /** Every event after that, oldest first. */
  readonly since: readonly RecordedEvent[];
  /** The plan that was applied then; absent where there was none. */
  readonly before?: Generation | undefined;
  /** What was kept back then: {@link waiting} of each endpoint. */
  readonly waitedBefore: ReadonlySet<string>;
}

/** So many pages are read at most: 20,000 events. */
const PAGES_MAX = 40;

/** Why a planner is paused where a wave changed no answer, or its answers cannot come back. */
export const UNDOING_REASON = 'a wave of a rollout was rolled back';

/** Whether it says that a wave with this cell was being taken back, other than by a rollback. */
export function isUndone(event: LedgerEvent): boolean {
  return event.type === 'PlannerPaused' && event.reason === UNDOING_REASON;
}

export function isRollback(event: LedgerEvent): boolean {
  return event.type === 'PlanAppended' && event.origin === 'rollback';
}

/** Whether the fleet was taken back, and nobody has let its planner go on since. */
export function isTakenBack({ since }: CellStory): boolean {
  return sinceResumed(since).some(({ event }) => isRollback(event) || isUndone(event));
}

/** Whether its answers were rolled back since the fleet was declared, or since a person let the planner go on. */
export function isRolledBack({ since }: CellStory): boolean {
  return sinceResumed(since).some(({ event }) => isRollback(event));
}

function sinceResumed(since: CellStory['since']): CellStory['since'] {
  return since.slice(since.findLastIndex(({ event }) => event.type === 'PlannerResumed') + 1);
}

/** Just before the fleet was declared, the one before it stood. Undefined for a first fleet. */
export function earlierOf({ declared, before }: CellStory): number | undefined {
  return before === undefined ? undefined : declared.number - 1;
}

/** What waits of one endpoint, as one text. */
export function waiting({ name, digest }: { readonly name: string; readonly digest: string }): string {
  return `${name} ${digest}`;
}

/**
 * Reads the log backwards from a head: until the fleet that stands was declared, and from there until it is known what
 * was applied and kept back before. Undefined where no fleet stands, or it was declared further back than is read.
 *
 * @throws LedgerUnavailable when the ledger cannot be reached.
 */
export async function readStory(ledger: Ledger, head: Head): Promise<CellStory | undefined> {
  const since: RecordedEvent[] = [];
  let declared: RecordedEvent | undefined;
  let before: Generation | undefined;
  let waitedBefore: ReadonlySet<string> | undefined;
  for await (const recorded of backwards(ledger, head)) {
    const { event } = recorded;
    if (declared === undefined) {
      if (event.type === 'FleetDeclared') declared = recorded;
      else since.unshift(recorded);
      continue;
    }
    if (event.type === 'PlanApplied') before ??= event.generation;
    waitedBefore ??= keptBackBy(event);
    if (before !== undefined && waitedBefore !== undefined) break;
  }
  if (declared === undefined) return undefined;
  return { declared, since, before, waitedBefore: waitedBefore ?? new Set() };
}

/**
 * Whether the fleet that stands had stood in this cell before another one did: it was brought back.
 *
 * @throws LedgerUnavailable when the ledger cannot be reached.
 */
export async function isBroughtBack(ledger: Ledger, head: Head): Promise<boolean> {
  const standing = head.state.fleet?.digest;
  let isFirst = true;
  for await (const { event } of backwards(ledger, head)) {
    if (event.type !== 'FleetDeclared') continue;
    if (!isFirst && event.digest === standing) return true;
    isFirst = false;
  }
  return false;
}

function keptBackBy(event: RecordedEvent['event']): ReadonlySet<string> | undefined {
  if (event.type === 'EndpointsKeptBack') return new Set(event.endpoints.map(waiting));
  if (event.type !== 'PlanAppended' || event.keptBack === undefined) return undefined;
  return new Set(event.keptBack.map(waiting));
}

/** The events up to a head, the newest first, {@link PAGES_MAX} pages of them. */
async function* backwards(ledger: Ledger, head: Head): AsyncGenerator<RecordedEvent> {
  let pages = 0;
  for await (const page of newestPages(ledger, head)) {
    yield* page.toReversed();
    pages += 1;
    if (pages === PAGES_MAX) return;
  }
}
