import { readFence } from '../cell/fence-reader.ts';
import type { WriteOutcome } from '../cell/fenced-write.ts';
import { fencedWrite, lastWrite } from '../cell/fenced-write.ts';
import { GIVEN_BACK, GIVING_BACK } from '../cell/given-back.ts';
import { fenceAfter } from '../cell/next-fence.ts';
import { otherLedgerText, standingOf } from '../cell/standing.ts';
import type { Head } from '../ledger/ledger.ts';
import type { FenceReading } from '../plan/fence.ts';
import type { Seq } from '../plan/generation.ts';
import type { CellName, DnsName } from '../plan/names.ts';
import { fenceName } from '../plan/owned-names.ts';
import type { Change } from '../plan/records.ts';
import type { ZoneView } from '../plan/zone-view.ts';
import { recordsAtName, zoneView } from '../plan/zone-view.ts';
import { METRICS } from '../telemetry/metric-names.ts';
import { countedRecords } from '../zone/read-records.ts';
import type { ChangeOutcome } from '../zone/zone.ts';
import type { FenceWait } from './fence-wait.ts';
import { awaitFence, notCopied } from './fence-wait.ts';
import { freeze } from './freeze.ts';
import type { CellRemains, PlainName } from './give-back-survey.ts';
import { clearBatch, clearObstacle, lastProofs, plainBatch, remainsOf } from './give-back-survey.ts';
import type { NotDone, OperatorZoneDeps, Outcome } from './operator.ts';
import { refused, unknown } from './operator.ts';
import { pausePlanner } from './pause.ts';
import { recordEvent } from './record-event.ts';

export interface GiveBackRequest {
  readonly cell: CellName;
  /** False: say what would stand there, and write nothing. */
  readonly apply: boolean;
  /** How long to wait for each change that everything after it rests on. */
  readonly waits: () => FenceWait;
}

export interface GivenBack {
  /** already: nothing of it is left, and the log says so. */
  readonly change: 'given-back' | 'already' | 'shown';
  /** The roots that were still Pawl's, with the records that take their place. */
  readonly names: readonly PlainName[];
  /** How many records below the cell's own names there were, without the fence. */
  readonly inside: number;
  /** Batches that were sent and taken after the freeze. */
  readonly batches: number;
}

/** Batches and readings of one run: a cell of 120 endpoints takes a few, one with a full zone of old trees some dozens. */
const PASSES_MAX = 500;
/** Batches that were rejected or doubtful, in a row: then the reason is told. */
const FAILURES_MAX = 3;

/**
 * Gives a cell's names back: what its roots answer now stands as plain records at their own names, and nothing below the
 * cell's own names is left, the fence neither (docs/adr/0074-a-cell-is-given-back.md). The cell is paused and frozen first,
 * in the log and in its fence, and stays so: no role writes to it, or makes its fence anew, until a thaw. In order:
 *
 *  1. PlannerPaused and CellFrozen, and the frozen fence at every server;
 *  2. each root is replaced by its plain records in one batch, and rollback roots go, while the trees stand;
 *  3. once that is at every server, the trees go, in batches that assert the plain records again;
 *  4. the log learns the last seq of the fence (PlanApplied), and the fence goes, in a batch of its own;
 *  5. CellFrozen again, which says that nothing is left.
 *
 * Every batch but the last compares and swaps the frozen fence. Whoever dies in between goes on with the same command:
 * what is left to do is read from the zone each time.
 *
 * @param deps whose writer has the role `give-back`, its zone guarded by the caller.
 * @returns refused, with nothing written, when somebody else froze the cell, when its fence is not at the applied plan, or
 * when a root cannot be said in plain records.
 * @returns unknown when a change is not at every server at the deadline, or an answer was lost: give back again.
 * @throws LedgerUnavailable, ZoneUnavailable when a service is down; the cell is then frozen, and answers.
 */
export async function giveBack(
  deps: OperatorZoneDeps,
  { cell, apply, waits }: GiveBackRequest,
): Promise<Outcome<GivenBack>> {
  const seen = await look(deps, cell);
  const refusal = refusalOf(seen);
  if (refusal !== undefined) return refused(refusal);
  const { pointing, rollbacks, inside } = seen.remains;
  const found = { names: pointing, inside: rollbacks.length + inside.length, batches: 0 };
  if (isOver(seen)) return { type: 'done', change: 'already', ...found };
  if (!apply) return { type: 'done', change: 'shown', ...found };
  if (!isGiving(seen.head)) {
    const stopped = await stop(deps, cell, waits);
    if (stopped !== undefined) return stopped;
  }
  const done = await perform(deps, cell, waits);
  return done.type === 'done' ? { ...found, ...done, change: 'given-back' } : done;
}

/** What was read in one pass: the fence first, then the log, then the whole zone. */
interface Seen {
  readonly reading: FenceReading;
  readonly head: Head;
  readonly view: ZoneView;
  readonly remains: CellRemains;
}

async function look({ writer, ledger }: OperatorZoneDeps, cell: CellName): Promise<Seen> {
  const reading = await readFence(writer.zone, writer.scope);
  const head = await ledger.head(cell);
  const { records } = await countedRecords(writer.zone, writer.scope.zone);
  const view = zoneView(records);
  return { reading, head, view, remains: remainsOf(view, writer.scope) };
}

/** Whether the log says that this command, or one before it, stopped the cell. */
function isGiving({ state: { frozen } }: Head): boolean {
  return frozen !== null && (frozen.reason === GIVING_BACK || frozen.reason === GIVEN_BACK);
}

function isOver({ head, reading, remains }: Seen): boolean {
  return head.state.frozen?.reason === GIVEN_BACK && isGone(reading, remains);
}

function isGone(reading: FenceReading, { pointing, rollbacks, inside }: CellRemains): boolean {
  return reading.type === 'missing' && pointing.length + rollbacks.length + inside.length === 0;
}

/** Why nothing is written; undefined when the cell can be given back. */
function refusalOf({ reading, head, remains }: Seen): string | undefined {
  const { cell, state } = head;
  if (state.rescue !== null)
    return `Cell ${cell} is rescued: adopt the rescue and thaw it first, so that its log knows what it answers.`;
  if (state.frozen !== null && !isGiving(head))
    return `Cell ${cell} is frozen by ${state.frozen.by} (${state.frozen.reason}): thaw it first.`;
  const [first, ...more] = remains.obstacles;
  if (first !== undefined) return more.length === 0 ? first : `${first} (and ${more.length} more like it)`;
  const standing = standingOf(reading, state, 'fence-first');
  switch (standing.type) {
    case 'other-ledger':
    case 'nobodys':
      return `${otherLedgerText(cell, standing.fence)}, and this is ledger ${state.ledger}: give it back with its own.`;
    case 'unreadable':
      if (isGiving(head) && isGone(reading, remains)) return undefined;
      return isGiving(head)
        ? `The fence of cell ${cell} is ${standing.reading} although records of the cell are left: "pawl thaw ${cell}", let an enactor make it whole, then give it back again.`
        : `The fence of cell ${cell} is ${standing.reading}: let an enactor make a new one first.`;
    case 'own':
      if (isGiving(head) || standing.place === 'applied') return undefined;
      if (standing.place === 'unapplied')
        return `No plan of cell ${cell} was ever applied, so its names answer without it: there is nothing to give back.`;
      return `The fence of cell ${cell} is not at the plan that its log says is applied (${standing.place}): let an enactor go on first.`;
  }
}

async function stop(
  deps: OperatorZoneDeps,
  cell: CellName,
  waits: GiveBackRequest['waits'],
): Promise<NotDone | undefined> {
  const paused = await pausePlanner(deps, { cell, reason: GIVING_BACK });
  if (paused.type !== 'done') return paused;
  const frozen = await freeze(deps, { cell, reason: GIVING_BACK, wait: waits() });
  return frozen.type === 'done' ? undefined : frozen;
}

/** What one run has done, and what it knows of it. */
interface Run {
  readonly cell: CellName;
  readonly waits: GiveBackRequest['waits'];
  batches: number;
  failures: number;
  /** Whether plain records are at every server, by a batch of this run after which no root pointed at a tree. */
  isPlain: boolean;
}

type Step = { readonly type: 'again' } | NotDone | { readonly type: 'gone' };

const AGAIN = { type: 'again' } as const;

async function perform(
  deps: OperatorZoneDeps,
  cell: CellName,
  waits: GiveBackRequest['waits'],
): Promise<Outcome<Pick<GivenBack, 'batches'>>> {
  const run: Run = { cell, waits, batches: 0, failures: 0, isPlain: false };
  for (let pass = 1; pass <= PASSES_MAX; pass += 1) {
    const step = await nextStep(deps, run, await look(deps, cell));
    if (step.type === 'refused' || step.type === 'unknown') return step;
    if (step.type === 'gone') {
      const told = await recordEvent(deps, cell, ({ state }) =>
        state.frozen?.reason === GIVEN_BACK ? undefined : { type: 'FreezeCell', reason: GIVEN_BACK },
      );
      if (told.type === 'refused' || told.type === 'unknown') return told;
      return { type: 'done', batches: run.batches };
    }
  }
  return unknown(`${PASSES_MAX} passes were not enough to give cell ${cell} back: give it back again.`);
}

async function nextStep(deps: OperatorZoneDeps, run: Run, seen: Seen): Promise<Step> {
  const { reading, head, view, remains } = seen;
  const { cell } = run;
  if (!isGiving(head))
    return refused(
      `Somebody thawed cell ${cell} while it was being given back: an enactor makes it whole again. Look why, then give it back again.`,
    );
  const refusal = refusalOf(seen);
  if (refusal !== undefined) return refused(refusal);
  if (isGone(reading, remains)) return { type: 'gone' };
  if (reading.type !== 'fence' || !reading.fence.frozen) return freezeAgain(deps, run);
  const { scope } = deps.writer;
  if (remains.pointing.length + remains.rollbacks.length > 0 || !run.isPlain) {
    const batch = plainBatch(remains);
    const step = await send(deps, run, seen, 'plain', batch);
    if (typeof step !== 'string') return step;
    if (batch.filter(({ action }) => action === 'DELETE').length < pointers(remains)) return AGAIN;
    return settle(deps, run, step);
  }
  if (remains.inside.length > 0) {
    const obstacle = clearObstacle(remains, view, scope);
    if (obstacle !== undefined) return refused(obstacle);
    const step = await send(deps, run, seen, 'clear', clearBatch(remains, view, scope));
    return typeof step === 'string' ? AGAIN : step;
  }
  const owed = await recordSeq(deps, head, reading.fence.seq);
  return owed === 'known' ? sendLast(deps, run, seen) : owed;
}

/**
 * Tells the log the last seq of the fence, as a janitor does: the plan is what the names answer with. A fence that is made
 * after a thaw then goes on above it (I1), although nothing in the zone remembers it any more.
 */
async function recordSeq(deps: OperatorZoneDeps, head: Head, seq: Seq): Promise<Step | 'known'> {
  const { applied, owned } = head.state;
  if (applied === null || applied.seq >= seq) return 'known';
  const { generation, digest } = applied;
  const told = await recordEvent(deps, head.cell, () => ({
    type: 'RecordApplied',
    ...{ generation, digest, seq, enactor: deps.name, endpoints: owned, rollbacks: {} },
    reason: 'observed',
  }));
  return told.type === 'refused' || told.type === 'unknown' ? told : AGAIN;
}

/** How many records still point at trees of the cell. */
function pointers({ pointing, rollbacks }: CellRemains): number {
  return pointing.reduce((sum, { roots }) => sum + roots.length, rollbacks.length);
}

/** The fence of a cell that its log says is frozen was put back by a hand, or the zone went back. */
async function freezeAgain(deps: OperatorZoneDeps, run: Run): Promise<Step> {
  const frozen = await freeze(deps, { cell: run.cell, reason: GIVING_BACK, wait: run.waits() });
  return frozen.type === 'done' ? AGAIN : frozen;
}

/**
 * Trees may go once every server answers with the plain records: a server that is behind still follows the root. A batch
 * is waited for that came after the last root went, even if it changes nothing, so that it also holds for a run that goes
 * on where another has died.
 */
async function settle({ writer, clock }: OperatorZoneDeps, run: Run, changeId: string): Promise<Step> {
  const place = await awaitFence({ zone: writer.zone, clock }, changeId, run.waits());
  if (place === 'insync') run.isPlain = true;
  if (place !== 'deadline') return AGAIN;
  return unknown(
    notCopied(
      `The names of cell ${run.cell} answer with plain records`,
      `"pawl give-back --cell ${run.cell}"`,
    ),
  );
}

/** Sends one batch beside the frozen fence; gives the id of its change, or what follows from its failure. */
async function send(
  { writer, telemetry }: OperatorZoneDeps,
  run: Run,
  { reading, head }: Seen,
  kind: 'plain' | 'clear',
  changes: readonly Change[],
): Promise<string | Step> {
  if (reading.type !== 'fence') return AGAIN;
  const next = fenceAfter(reading.fence, head);
  const comment = `pawl give-back ${run.cell} by ${writer.name}`;
  const outcome = await fencedWrite(writer, { kind, reading, next, changes, comment });
  telemetry.count(METRICS.batchesSent, 1, { kind, outcome: outcome.type });
  if (outcome.type !== 'applied') return failed(run, outcome);
  run.batches += 1;
  run.failures = 0;
  return outcome.changeId;
}

async function sendLast(deps: OperatorZoneDeps, run: Run, { reading, head, view }: Seen): Promise<Step> {
  const { writer, telemetry, clock } = deps;
  const { scope } = writer;
  const names = namesOf(head, view);
  const comment = `pawl give-back ${run.cell} by ${writer.name}`;
  const outcome = await lastWrite(writer, { reading, changes: lastProofs(names, view, scope), comment });
  telemetry.count(METRICS.batchesSent, 1, { kind: 'end', outcome: outcome.type });
  if (outcome.type !== 'accepted') return failed(run, outcome);
  run.batches += 1;
  const place = await awaitFence({ zone: writer.zone, clock }, outcome.changeId, run.waits());
  if (place === 'insync') return AGAIN;
  return unknown(notCopied(`The fence ${fenceName(scope)} is gone`, `"pawl give-back --cell ${run.cell}"`));
}

/** The cell's names at which something stands. */
function namesOf({ state }: Head, view: ZoneView): readonly DnsName[] {
  return state.owned.filter((name) => recordsAtName(view, name).length > 0);
}

type Failed =
  | Exclude<WriteOutcome, { readonly type: 'applied' }>
  | Exclude<ChangeOutcome, { type: 'accepted' }>;

/** Everything is read again after a failure; a few in a row are told. */
function failed(run: Run, { type, reason }: Failed): Step {
  run.failures += 1;
  if (run.failures < FAILURES_MAX) return AGAIN;
  const text = `Cell ${run.cell} is not given back yet: ${FAILURES_MAX} batches in a row were not taken (${reason.replace(/\.$/, '')}). It is frozen, and answers: give it back again.`;
  return type === 'unknown' ? unknown(text) : refused(text);
}
