import { isUnretired } from '../cell/cell-knowledge.ts';
import { countedWrite } from '../cell/counted-write.ts';
import { readFence } from '../cell/fence-reader.ts';
import { fenceAfter } from '../cell/next-fence.ts';
import { firstBatch } from '../cell/packing.ts';
import { standingOf } from '../cell/standing.ts';
import { executeAt } from '../ledger/execute.ts';
import { unsaidMark } from '../ledger/head-mark.ts';
import type { Head } from '../ledger/ledger.ts';
import { getPlan } from '../ledger/plan-bodies.ts';
import type { Fence, FenceReading } from '../plan/fence.ts';
import { writtenReading } from '../plan/fence.ts';
import type { Change, RecordSet } from '../plan/records.ts';
import { create, remove } from '../plan/records.ts';
import type { ZoneView } from '../plan/zone-view.ts';
import { zoneView } from '../plan/zone-view.ts';
import { countedRecords } from '../zone/read-records.ts';
import type { Selection } from './delete-unproven.ts';
import { deleteUnproven, isUnmoved } from './delete-unproven.ts';
import type { JanitorDeps, RecordedPlan, RetireOutcome, RetireRequest } from './janitor.ts';
import { keepsRenewal, placeOfFlip, recordFence, renew } from './renew.ts';
import { retentionOf, selectWithRoom } from './retention.ts';
import type { Retirement } from './select-retirable.ts';

/** Batches of one run; what remains then is the next run's. */
const BATCHES_MAX = 16;

/**
 * Deletes trees that nothing needs, in a few batches: one run of a janitor. Any number may run at once.
 *
 * The retirement is appended to the log first, at exactly the head that was read. So a plan that would use one of these
 * trees again comes either before it (and this append loses) or after it (and its planner knows that they are gone).
 * Then each batch carries the proof: the fence as read (or as the batch before it left it), the roots and rollback roots as read, and the deletions. If
 * anything of Pawl's has changed since the read, nothing is deleted. If nothing has, Route 53 refuses the batch itself,
 * and the fence alone must do as the proof.
 *
 * Where nobody knows whether the last flip has reached every name server, the run writes the fence anew, and a later one
 * retires.
 *
 * @throws ZoneUnavailable, LedgerUnavailable when a service is down.
 */
export async function retire(deps: JanitorDeps, request: RetireRequest): Promise<RetireOutcome> {
  const { writer, ledger, clock } = deps;
  const read = await readFence(writer.zone, writer.scope);
  const head = await ledger.head(writer.scope.cell);
  const recorded = recordedPlan(read, head);
  if (recorded.type === 'nothing') return recorded;
  const { applied, fence } = recorded;
  // Until the last flip is INSYNC, some name server may still answer from a tree that looks unneeded here.
  const place = await placeOfFlip(deps, applied);
  if (place === 'pending')
    return { ...nothing('the last flip has not reached every name server'), pending: true };
  const { records } = await countedRecords(writer.zone, writer.scope.zone);
  const { scope } = writer;
  const retention = await retentionOf(ledger, scope, head.state, applied.generation, clock.now());
  const plan = await getPlan(ledger, scope.cell, applied.digest);
  const selectIn = (view: ZoneView): readonly Retirement[] =>
    selectWithRoom({ scope, head, applied: plan, retention, view });
  const retirable = selectIn(zoneView(records));
  const batches = inBatches(retirable);
  const [chosen] = batches;
  if (chosen === undefined) return nothing('every tree in the zone is needed');
  if (clock.now() >= request.deadline) return nothing('the deadline came first');
  if (place === 'unknown') {
    return keepsRenewal(head.state)
      ? renew(deps, recorded, head)
      : nothing(
          'nobody knows whether the last flip has reached every name server, and a log of format 3 cannot keep the change that would tell: the next flip does',
        );
  }
  const trees = batches.flat().flatMap(({ tree }) => (tree === undefined ? [] : [tree]));
  // A tree that the log has retired already is needed by no plan that was or will be made: its name never returns.
  const isNews = trees.some((tree) => {
    const dot = tree.indexOf('.');
    return isUnretired(head.state, tree.slice(dot + 1), tree.slice(0, dot));
  });
  if (isNews && !(await recordRetirement(deps, head, trees, fence)))
    return { type: 'lost', reason: 'the log moved on while the zone was read' };
  const outcome = await deleteChosen(deps, recorded, head, { chosen, selectIn });
  const [, ...others] = batches;
  return outcome.type !== 'deleted'
    ? outcome
    : deleteOthers(deps, request, recorded, head, { ...outcome, others });
}

/** As many batches as a run sends. Each proof is counted once in a batch, however many retirements rest on it. */
function inBatches(retirable: readonly Retirement[]): readonly (readonly Retirement[])[] {
  const batches: (readonly Retirement[])[] = [];
  let waiting = retirable;
  while (waiting.length > 0 && batches.length < BATCHES_MAX) {
    const chosen = firstBatch(waiting, changesOf);
    if (chosen.length === 0) break;
    batches.push(chosen);
    const sent = new Set(chosen);
    waiting = waiting.filter((each) => !sent.has(each));
  }
  return batches;
}

/**
 * Deletes what did not fit into the first batch, each batch under the fence that the one before it left: so nothing of
 * Pawl's has moved since the zone was read. The first that does not go through ends the run, and the next run reads the
 * zone anew.
 */
async function deleteOthers(
  deps: JanitorDeps,
  request: RetireRequest,
  { applied }: RecordedPlan,
  head: Head,
  first: Deleted & { readonly others: readonly (readonly Retirement[])[] },
): Promise<RetireOutcome> {
  const { writer, clock } = deps;
  const names = [...first.names];
  let last = first;
  for (const chosen of first.others) {
    if (clock.now() >= request.deadline) break;
    const outcome = await countedWrite(deps, {
      kind: 'retire',
      reading: writtenReading(last.fence, writer.scope),
      next: fenceAfter(last.fence, head),
      changes: changesOf(chosen),
      comment: `pawl retire ${writer.scope.cell}@${last.fence.generation} by ${writer.name}`,
    });
    if (outcome.type !== 'applied') break;
    last = { ...last, fence: outcome.fence, changeId: outcome.changeId };
    names.push(...chosen.map(({ name }) => name));
  }
  const { seq } = last.fence;
  await recordFence(deps, head.state, applied, { seq, changeId: last.changeId });
  return { type: 'retired', names, seq };
}

/** What the first batch of a run deleted, and the fence that it left. */
interface Deleted {
  readonly type: 'deleted';
  readonly names: readonly string[];
  readonly fence: Fence;
  readonly changeId: string;
}

/** Records what no later plan may use, at exactly the head that was read; false when the log has moved on. */
async function recordRetirement(
  { ledger, clock, writer }: JanitorDeps,
  head: Head,
  trees: readonly string[],
  { seq, head: anchor }: Fence,
): Promise<boolean> {
  const occasion = { at: () => clock.now(), by: writer.name, anchor };
  const told = await executeAt(ledger, head, occasion, { type: 'RetireTrees', trees, fenceSeq: seq });
  return told.type === 'appended';
}

async function deleteChosen(
  deps: JanitorDeps,
  { reading, fence, applied }: RecordedPlan,
  head: Head,
  { chosen, selectIn }: Selection,
): Promise<RetireOutcome | Deleted> {
  const { writer } = deps;
  const outcome = await countedWrite(deps, {
    kind: 'retire',
    reading,
    next: fenceAfter(fence, head),
    changes: changesOf(chosen),
    comment: `pawl retire ${writer.scope.cell}@${fence.generation} by ${writer.name}`,
  });
  if (outcome.type === 'unknown') return { type: 'unknown', reason: outcome.reason };
  if (outcome.type === 'applied') {
    const { fence: made, changeId } = outcome;
    return { type: 'deleted', names: chosen.map(({ name }) => name), fence: made, changeId };
  }
  const basis = { reading, fence, head };
  if (!(await isUnmoved(deps, reading, { chosen, selectIn })))
    return { type: 'lost', reason: outcome.reason };
  const { deleted, last, reason } = await deleteUnproven(deps, basis, chosen, outcome.reason);
  if (last === undefined) return { type: 'refused', reason };
  await recordFence(deps, head.state, applied, last);
  return { type: 'retired', names: deleted.map(({ name }) => name), seq: last.seq };
}

/** The plan at the fence, if the log says that it was applied. In any other case a janitor does nothing. */
function recordedPlan(reading: FenceReading, head: Head): RecordedPlan | Nothing {
  const { state } = head;
  const standing = standingOf(reading, state, 'fence-first');
  switch (standing.type) {
    case 'unreadable':
      return nothing('there is no fence that can be read');
    case 'other-ledger':
    case 'nobodys':
      return nothing('the fence belongs to another ledger');
    case 'own':
      if (standing.isFrozen) return nothing('the cell is frozen');
      if (unsaidMark(head, standing.fence.head) !== undefined)
        return nothing('the fence names an event that the log does not have, which an enactor records first');
      // Where an audit has said how much room there is, its change may have moved rollback roots.
      if (
        standing.place === 'applied' &&
        state.facts !== null &&
        standing.fence.seq > (state.applied?.seq ?? 0)
      )
        return nothing(
          'the log does not know the last change under the fence, which an enactor records first',
        );
      return standing.place === 'applied' && state.applied !== null
        ? { type: 'recorded', reading, fence: standing.fence, applied: state.applied }
        : nothing('the plan at the fence is not recorded as applied');
  }
}

/** Re-assertions of the records that stay, then the deletions. */
function changesOf(chosen: readonly Retirement[]): readonly Change[] {
  const proofs = new Set<RecordSet>(chosen.flatMap(({ proof }) => proof));
  const asserted = [...proofs].flatMap((record) => [remove(record), create(record)]);
  return [...asserted, ...chosen.flatMap(({ records }) => records.map(remove))];
}

type Nothing = Extract<RetireOutcome, { readonly type: 'nothing' }>;

function nothing(reason: string): Nothing {
  return { type: 'nothing', reason };
}
