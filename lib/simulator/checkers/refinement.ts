import type { Head } from '../../ledger/ledger.ts';
import { readFenceRecords } from '../../plan/fence.ts';
import { invariant } from '../../plan/invariant.ts';
import type { CellName } from '../../plan/names.ts';
import type { CellScope } from '../../plan/owned-names.ts';
import { isBetweenCells } from './after-hands.ts';
import { earlierLogs } from './earlier-logs.ts';
import { untold, withChange } from './refined-changes.ts';
import type { RefinedEvent } from './refined-event.ts';
import { nodeOf, offerableSince } from './refined-event.ts';
import { eventVerdict } from './refined-event-match.ts';
import type { LogKnowledge } from './refined-log.ts';
import { coversKnowledge, knowledgeOf, refinedPlan, usefulKnowledge } from './refined-log.ts';
import { stepOf, tell } from './refined-match.ts';
import type { Present, RefinedMemory } from './refined-memory.ts';
import { memoryKey, NOTHING_REMEMBERED } from './refined-memory.ts';
import type { Read, RefinedBatch } from './refined-names.ts';
import type { RefinedZone, ZoneChange } from './refined-zone.ts';
import { changeBetween, endpointOf, refinedZone, writerCell } from './refined-zone.ts';
import type { CellLooks, Checker, Commit } from './zone-history.ts';

/** By this a person moves roots away from trees: where the giving back is broken off, an enactor moves them to these trees again. */
const LEAVING_STEP = 'roots-become-plain';

interface RefinementSettings {
  readonly scope: CellScope;
  readonly looks: CellLooks;
  /** Somebody is told which step each batch was. */
  readonly matched?: ((step: string) => void) | undefined;
  /** Whether neither a hand nor a return will come once the run has begun. */
  readonly isUndisturbed: boolean;
}

/**
 * The production code does nothing that the proven protocol cannot: every batch of a cell is a step of
 * lib/proof/cells/steps.ts, and its guards hold. They are asked in the words of the proof itself. What a batch's writer
 * knew is taken from what it can have read since the fence stood that the batch deletes
 * (docs/adr/0084-the-code-is-held-to-the-proof.md).
 */
export function refinement(own: RefinementSettings, memory: RefinedMemory = NOTHING_REMEMBERED): Checker {
  const { scope, looks, matched, isUndisturbed } = own;
  let { carried, movedAt, listings, isReturned, touched, handled, changes, offerable } = memory;
  const logs = earlierLogs(memory.logs);
  const remembered = (): RefinedMemory => ({
    logs: logs.all(),
    ...{ carried, movedAt, listings, isReturned, touched, handled, changes, offerable },
  });
  const forget = (): void => {
    logs.forget();
    carried = undefined;
    listings = [];
    offerable = [];
    isReturned = false;
  };
  const disturbed = ({ before, after }: Commit): void => {
    const change = changeBetween(refinedZone(before, scope), refinedZone(after, scope), scope);
    touched = new Set([...touched, ...namesIn(change)]);
    handled = withEndpoints(handled, change, scope);
    // Whoever knows what stands there now has read it since.
    if (change.fences.includes(scope.cell)) {
      forget();
      movedAt = undefined;
    } else if (isReadable(change)) listings = [...listings, before];
  };
  return {
    name: 'refinement',
    tampered: disturbed,
    returned: (commit) => {
      disturbed(commit);
      isReturned = true;
    },
    check: (commit) => {
      const { before, after, by, answerable } = commit;
      const [was, is] = [refinedZone(before, scope), refinedZone(after, scope)];
      const change = changeBetween(was, is, scope);
      if (writerCell(change, was, is, scope) === scope.cell) {
        const batch = batchOf(
          looks,
          { scope, before: was, after: is, change, touched, handled, movedAt },
          answerable,
        );
        const now = knowledgeOf(batch.state, scope);
        const earlier = [...logs.all(), ...(carried?.by === by ? carried.logs : [])];
        const heard = [now, ...earlier, ...(isReturned ? [undefined] : [])];
        const seen = [was, ...listings.map((listing) => refinedZone(listing, scope))];
        const reads = heard.flatMap((log) => seen.map((zone): Read => ({ log, zone })));
        const step = assertStep(batch, reads, by);
        matched?.(step);
        forget();
        // What another cell takes does not count: docs/verification.md says why.
        if (step === LEAVING_STEP) handled = withEndpoints(handled, change, scope);
        const seq = seqAt(is, scope);
        if (change.moves.size > 0) movedAt = seq;
        changes = withChange(changes, looks.newestChange(), step, { zone: is, touched, seq, movedAt });
        // Whoever points roots has read the log again since its last batch.
        const kept = earlier
          .map((log) => usefulKnowledge(withoutDeleted(log, change, scope), movedAt))
          .filter((log) => !coversKnowledge(now, log));
        carried = kept.length === 0 ? undefined : { by, logs: kept };
      } else if (change.fences.includes(scope.cell)) forget();
      const changed = namesIn(change);
      touched = new Set([...touched].filter((name) => !changed.has(name) || keepsSome(was, is, name)));
    },
    appended: (before, head) => {
      const event = eventOf(looks, { scope, before, head, changes, offerable, touched, isReturned });
      for (const step of stepsOfEvent(event)) matched?.(step);
      changes = untold(changes, toldBy(head), head.state.applied?.changeId ?? '');
      offerable = offerableSince(event);
      const earlier = knowledgeOf(before.state, scope);
      const now = knowledgeOf(head.state, scope);
      logs.goOn(earlier, now, usefulKnowledge(earlier, movedAt));
      if (carried !== undefined) {
        const left = carried.logs.filter((known) => !coversKnowledge(now, known));
        carried = left.length === 0 ? undefined : { by: carried.by, logs: left };
      }
    },
    clone: (copy) => refinement({ ...own, looks: copy }, remembered()),
    key: () => memoryKey(remembered(), isUndisturbed ? presentOf(scope, looks) : undefined),
  };
}

/** With the endpoints whose roots are moved. */
function withEndpoints(
  endpoints: ReadonlySet<string>,
  { moves }: ZoneChange,
  scope: CellScope,
): ReadonlySet<string> {
  return new Set([...endpoints, ...[...moves].flatMap((root) => endpointOf(root, scope) ?? [])]);
}

function presentOf(scope: CellScope, { peek, zone, isInsync }: CellLooks): Present {
  return {
    ...{ scope, isInsync },
    now: knowledgeOf(peek(), scope),
    zone: refinedZone(zone?.records() ?? [], scope),
  };
}

/** What whoever wrote a batch knows of a log that it read before: whoever deletes a tree lists it no more. */
function withoutDeleted(known: LogKnowledge, { drops }: ZoneChange, scope: CellScope): LogKnowledge {
  const listed = [...known.listed].filter((tree) => !drops.has(nodeOf(tree, scope)));
  return { ...known, listed: new Set(listed), staged: new Set() };
}

function batchOf(
  looks: CellLooks,
  seen: Pick<RefinedBatch, 'scope' | 'before' | 'after' | 'change' | 'touched' | 'handled' | 'movedAt'>,
  [oldest]: Commit['answerable'],
): RefinedBatch {
  const { scope, after } = seen;
  return {
    ...seen,
    state: looks.peek(),
    scopes: looks.zone?.scopes ?? [scope],
    everywhere: oldest === undefined ? after : refinedZone(oldest, scope),
    peekAt: (cell: CellName) => looks.zone?.peekAt(cell) ?? looks.peek(),
    planOf: planReader(looks, scope),
    isInsync: looks.isInsync,
  };
}

/** The step that a batch is. The theory's hands stay within a cell: what becomes of roots of two cells after one is one-owner.ts's. */
function assertStep(batch: RefinedBatch, reads: readonly Read[], by: string): string {
  const step = stepOf(batch, reads);
  if (typeof step === 'string') return step;
  assertRefined(`a batch of ${by}`, isBetweenCells(batch) ? '' : tell(step));
  return 'between cells after a hand';
}

function eventOf(looks: CellLooks, seen: Omit<RefinedEvent, 'scopes' | 'zone' | 'planOf'>): RefinedEvent {
  const { scope } = seen;
  return {
    ...seen,
    scopes: looks.zone?.scopes ?? [scope],
    zone: refinedZone(looks.zone?.records() ?? [], scope),
    planOf: planReader(looks, scope),
  };
}

/** The steps that an event is. */
function stepsOfEvent(event: RefinedEvent): readonly string[] {
  const { steps, failing } = eventVerdict(event);
  const { last } = event.head;
  assertRefined(`${last?.event.type ?? 'nothing'} of ${last?.by ?? 'nobody'}`, failing);
  return steps;
}

function assertRefined(what: string, failing: string): void {
  invariant(failing === '', `refinement: ${what} is no step of the proof: ${failing}`);
}

function planReader(looks: CellLooks, scope: CellScope): RefinedBatch['planOf'] {
  return (digest) => {
    const text = looks.body(digest);
    return text === undefined ? undefined : refinedPlan(text, scope);
  };
}

/** The changes of which an event tells the log. */
function toldBy({ last }: Head): ReadonlySet<string> {
  const event = last?.event;
  if (event?.type === 'PlanStaged') return new Set(event.changes.map(({ changeId }) => changeId));
  return new Set(event?.type === 'PlanApplied' && event.changeId !== undefined ? [event.changeId] : []);
}

function seqAt(zone: RefinedZone, { cell }: CellScope): number | undefined {
  const reading = readFenceRecords(zone.fences.get(cell) ?? []);
  return reading.type === 'fence' ? reading.fence.seq : undefined;
}

/** Whether anything has changed that a writer of the cell may have read. */
function isReadable({ makes, drops, mends, moves, offers }: ZoneChange): boolean {
  return makes.size + drops.size + mends.size + moves.size + offers.length > 0;
}

/** The roots, nodes and offers that are changed. */
function namesIn({ makes, drops, mends, moves, offers }: ZoneChange): ReadonlySet<string> {
  return new Set([...makes, ...drops, ...mends, ...moves, ...offers]);
}

/** Whether a record stays beside what is changed at a node: a repair of one type leaves what a hand made of the other. */
function keepsSome(before: RefinedZone, after: RefinedZone, node: string): boolean {
  const stood = new Set(before.nodes.get(node));
  return after.nodes.get(node)?.some((record) => stood.has(record)) === true;
}
