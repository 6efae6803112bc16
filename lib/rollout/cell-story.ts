import type { RecordedEvent } from '../ledger/decider/events.ts';
import type { Head, Ledger } from '../ledger/ledger.ts';
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

const PAGE_EVENTS = 200;
/** So many pages are read at most: 20,000 events. */
const PAGES_MAX = 100;

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

/** The events up to a head, the newest first. */
async function* backwards(ledger: Ledger, { cell, number }: Head): AsyncGenerator<RecordedEvent> {
  let upTo = number;
  for (let page = 1; upTo > 0 && page <= PAGES_MAX; page += 1) {
    const after = Math.max(0, upTo - PAGE_EVENTS);
    const events = await ledger.events(cell, { after, limit: upTo - after, order: 'forward' });
    yield* events.toReversed();
    upTo = after;
  }
}
