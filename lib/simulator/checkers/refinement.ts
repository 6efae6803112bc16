import type { Head } from '../../ledger/ledger.ts';
import { readFenceRecords } from '../../plan/fence.ts';
import { invariant } from '../../plan/invariant.ts';
import type { CellName } from '../../plan/names.ts';
import type { CellScope } from '../../plan/owned-names.ts';
import { isBetweenCells } from './after-hands.ts';
import type { EarlierLogs } from './earlier-logs.ts';
import { earlierLogs } from './earlier-logs.ts';
import { untold, withChange } from './refined-changes.ts';
import type { RefinedEvent } from './refined-event.ts';
import { nodeOf, offerableSince } from './refined-event.ts';
import { eventVerdict } from './refined-event-match.ts';
import {
  toldTo,
  withBatch,
  withBeginning,
  withEnd,
  withEvent,
  withMove,
  withoutPromise,
} from './refined-fence-memory.ts';
import { decidedBy } from './refined-freezes.ts';
import type { LogKnowledge } from './refined-log.ts';
import { coversKnowledge, knowledgeOf, refinedPlan, usefulKnowledge } from './refined-log.ts';
import { stepOf, tell } from './refined-match.ts';
import type { Present, RefinedMemory } from './refined-memory.ts';
import { memoryKey, NOTHING_REMEMBERED } from './refined-memory.ts';
import type { Read, RefinedBatch } from './refined-names.ts';
import type { RefinedZone, ZoneChange } from './refined-zone.ts';
import { changeBetween, endpointOf, refinedZone, writerCell } from './refined-zone.ts';
import type { Actor, CellLooks, Checker, Commit } from './zone-history.ts';

/** By this a person moves roots away from trees: where the giving back is broken off, an enactor moves them to these trees again. */
const LEAVING_STEP = 'roots-become-plain';

/** What is remembered while a run goes on. */
interface Memory extends Omit<RefinedMemory, 'logs'> {
  readonly logs: EarlierLogs;
}

/**
 * The production code does nothing that the proven protocol cannot: every batch of a cell is a step of
 * lib/proof/cells/steps.ts, and its guards hold. They are asked in the words of the proof itself. What a batch's writer
 * knew is taken from what it can have read since the fence stood that the batch deletes
 * (docs/adr/0084-the-code-is-held-to-the-proof.md).
 */
export function refinement(watched: Watched, memory: RefinedMemory = NOTHING_REMEMBERED): Checker {
  let now: Memory = { ...memory, logs: earlierLogs(memory.logs) };
  const remembered = (): RefinedMemory => ({ ...now, logs: now.logs.all() });
  return {
    name: 'refinement',
    tampered: (commit) => {
      now = disturbed(watched, now, commit);
      // What a freeze has promised is of the fence that it wrote.
      if (changeOf(watched, commit).change.fences.includes(watched.scope.cell))
        now = { ...now, fences: withoutPromise(now.fences) };
    },
    returned: (commit) => {
      now = { ...disturbed(watched, now, commit), isReturned: true };
    },
    check: (commit) => {
      now = checked(watched, now, commit);
    },
    appended: (before, head) => {
      now = told(watched, now, before, head);
    },
    started: (actor) => {
      now = { ...now, fences: withBeginning(now.fences, actor, standingZone(watched), placeOf(watched)) };
    },
    ended: (actor, outcome) => {
      now = ended(watched, now, actor, outcome);
    },
    clone: (copy) => refinement({ ...watched, looks: copy }, remembered()),
    key: () => memoryKey(remembered(), watched.isUndisturbed ? presentOf(watched) : undefined),
  };
}

/** The cell, what can be looked at, and who is told. */
interface Watched {
  readonly scope: CellScope;
  readonly looks: CellLooks;
  readonly matched?: ((step: string) => void) | undefined;
  /** Whether neither a hand nor a return will come once the run has begun. */
  readonly isUndisturbed: boolean;
}

function placeOf({ scope, looks }: Watched): {
  readonly cell: CellName;
  readonly isInsync: CellLooks['isInsync'];
} {
  return { cell: scope.cell, isInsync: looks.isInsync };
}

function standingZone({ scope, looks }: Watched): RefinedZone {
  return refinedZone(looks.zone?.records() ?? [], scope);
}

function changeOf(
  { scope }: Watched,
  { before, after }: Commit,
): { readonly was: RefinedZone; readonly is: RefinedZone; readonly change: ZoneChange } {
  const [was, is] = [refinedZone(before, scope), refinedZone(after, scope)];
  return { was, is, change: changeBetween(was, is, scope) };
}

/** The fence is another one: what was read under the one before is of no use to anybody. */
function forgotten(memory: Memory): Memory {
  const nothing = { carried: undefined, listings: [], offerable: [], isReturned: false };
  return { ...memory, ...nothing, logs: earlierLogs([]) };
}

/** A hand has changed the zone, or it went back. */
function disturbed(watched: Watched, memory: Memory, commit: Commit): Memory {
  const { scope } = watched;
  const { was, is, change } = changeOf(watched, commit);
  const touched = new Set([...memory.touched, ...namesIn(change)]);
  const next = { ...memory, touched, handled: withEndpoints(memory.handled, change, scope) };
  // Whoever knows what stands there now has read it since.
  if (change.fences.includes(scope.cell)) {
    const fences = withMove(memory.fences, was, is, placeOf(watched));
    // A hand's fence has moved no root, and log and fence may agree by chance: the earlier of both is what a janitor needs.
    const seq = seqAt(is, scope);
    const movedAt = seq === undefined ? undefined : Math.min(seq, memory.movedAt ?? seq);
    return { ...forgotten(next), movedAt, fences };
  }
  return isReadable(change) ? { ...next, listings: [...memory.listings, commit.before] } : next;
}

/** @throws InvariantViolated where the batch is no step. */
function checked(watched: Watched, memory: Memory, commit: Commit): Memory {
  const { scope } = watched;
  const { was, is, change } = changeOf(watched, commit);
  const isOwn = writerCell(change, was, is, scope) === scope.cell;
  const isMoved = !isOwn && change.fences.includes(scope.cell);
  const next = isOwn ? written(watched, memory, commit) : isMoved ? forgotten(memory) : memory;
  const fences = isMoved ? withMove(next.fences, was, is, placeOf(watched)) : next.fences;
  const changed = namesIn(change);
  const touched = [...next.touched].filter((name) => !changed.has(name) || keepsSome(was, is, name));
  return { ...next, fences, touched: new Set(touched) };
}

/** A batch of the cell's own writers. */
function written(watched: Watched, memory: Memory, commit: Commit): Memory {
  const { scope, looks, matched } = watched;
  const { was, is, change } = changeOf(watched, commit);
  const { by } = commit;
  const { logs, carried, listings, isReturned, touched, handled, fences } = memory;
  const heardNow = toldTo(fences, { zone: was, cell: scope.cell, state: looks.peek() }, { by, isReturned });
  const batch = batchOf(
    looks,
    {
      ...{ scope, before: was, after: is, change, touched, handled, movedAt: memory.movedAt },
      ...{ told: heardNow, stood: fences.stood },
      ...{ decided: decidedBy(fences.freezes, by), promised: fences.freezes.promised },
    },
    commit.answerable,
  );
  const said = knowledgeOf(batch.state, scope);
  const own = [...logs.all(), ...(carried?.by === by ? carried.logs : [])];
  const heard = [said, ...own, ...(isReturned ? [undefined] : [])];
  const seen = [was, ...listings.map((listing) => refinedZone(listing, scope))];
  const reads = heard.flatMap((log) => seen.map((zone): Read => ({ log, zone })));
  const step = assertStep(batch, reads, by);
  matched?.(step);
  const newest = looks.newestChange();
  const moved = { was, is, by, step, change: newest, told: heardNow };
  // What another cell takes does not count: docs/verification.md says why.
  const seq = seqAt(is, scope);
  // Where no move was seen yet, the last one came under the first fence that was seen, or before it.
  const movedAt = change.moves.size > 0 ? seq : (memory.movedAt ?? seqAt(was, scope));
  // Whoever points roots has read the log again since its last batch.
  const kept = own
    .map((log) => usefulKnowledge(withoutDeleted(log, change, scope), movedAt))
    .filter((log) => !coversKnowledge(said, log));
  return {
    ...forgotten(memory),
    movedAt,
    handled: step === LEAVING_STEP ? withEndpoints(handled, change, scope) : handled,
    fences: withBatch(fences, moved, placeOf(watched)),
    changes: withChange(memory.changes, newest, step, { zone: is, touched, seq, movedAt }),
    carried: kept.length === 0 ? undefined : { by, logs: kept },
  };
}

/** @throws InvariantViolated where the event is not the steps that it shows. */
function told({ scope, looks, matched }: Watched, memory: Memory, before: Head, head: Head): Memory {
  const { changes, offerable, touched, isReturned, movedAt, carried, fences } = memory;
  const { stood } = fences;
  const event = eventOf(looks, { scope, before, head, changes, offerable, touched, isReturned, stood });
  for (const step of stepsOfEvent(event)) matched?.(step);
  const [was, said] = [knowledgeOf(before.state, scope), knowledgeOf(head.state, scope)];
  memory.logs.goOn(was, said, usefulKnowledge(was, movedAt));
  const own = carried?.logs.filter((known) => !coversKnowledge(said, known)) ?? [];
  return {
    ...memory,
    changes: untold(changes, toldBy(head), head.state.applied?.changeId ?? ''),
    offerable: offerableSince(event),
    fences: withEvent(fences, { zone: event.zone, cell: scope.cell }, before.state, head.state),
    carried: carried === undefined || own.length === 0 ? undefined : { by: carried.by, logs: own },
  };
}

/** @throws InvariantViolated where a freeze is done that is not. */
function ended(watched: Watched, memory: Memory, { name, role }: Actor, outcome: unknown): Memory {
  if (role !== 'freeze' && role !== 'thaw') return memory;
  const hasFrozen = role === 'freeze' && outcomeType(outcome) === 'done';
  const end = withEnd(memory.fences, { name, hasFrozen }, standingZone(watched), placeOf(watched));
  assertRefined(`the end of ${name}`, end.problem);
  if (hasFrozen) watched.matched?.('freeze-returns');
  return { ...memory, fences: end.memory };
}

/** With the endpoints whose roots are moved. */
function withEndpoints(
  endpoints: ReadonlySet<string>,
  { moves }: ZoneChange,
  scope: CellScope,
): ReadonlySet<string> {
  return new Set([...endpoints, ...[...moves].flatMap((root) => endpointOf(root, scope) ?? [])]);
}

function presentOf({ scope, looks: { peek, zone, isInsync } }: Watched): Present {
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
  seen: Omit<RefinedBatch, 'state' | 'scopes' | 'everywhere' | 'peekAt' | 'planOf' | 'isInsync'>,
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

function outcomeType(outcome: unknown): unknown {
  return typeof outcome === 'object' && outcome !== null && 'type' in outcome ? outcome.type : undefined;
}
