import { countedWrite } from '../cell/counted-write.ts';
import type { FencedWrite, WriteOutcome } from '../cell/fenced-write.ts';
import type { PendingChange } from '../cell/insync.ts';
import { fenceAfter, freshFence } from '../cell/next-fence.ts';
import { firstBatch, fitsBesideFence, inOrder, packBesideFence, replacement } from '../cell/packing.ts';
import type { StagedChange } from '../ledger/decider/events.ts';
import type { Head } from '../ledger/ledger.ts';
import type { BatchPart } from '../plan/batches.ts';
import type { FenceReading } from '../plan/fence.ts';
import { NO_PLAN } from '../plan/fence.ts';
import { invariant } from '../plan/invariant.ts';
import { endpointLabels } from '../plan/owned-names.ts';
import type { PlannedEndpoint } from '../plan/plan.ts';
import { shortDigest, treeRecords } from '../plan/plan.ts';
import { create, remove } from '../plan/records.ts';
import type { RootChanges } from '../plan/roots.ts';
import { treeRepair } from '../plan/trees.ts';
import type { EnactOutcome, EnactorDeps, Run } from './enactor.ts';
import type { Situation, TreeToStage } from './next-step.ts';
import { mergedRollbacks, record } from './record.ts';

/** A step that went through asks for another pass, which reads everything again. */
export type Again = 'again';

/**
 * Writes a fresh fence in the place of a missing or malformed one, alone in its batch; everything is read again after
 * it.
 */
export async function recreateFence(
  deps: EnactorDeps,
  run: Run,
  reading: FenceReading,
  head: Head,
): Promise<Again> {
  const { state } = head;
  const { writer } = deps;
  invariant(state.goal !== null, 'a fence is only made for a goal');
  const next = freshFence(state, { frozen: false });
  const comment = `pawl fence ${writer.scope.cell} by ${writer.name}`;
  await attempt(deps, run, { kind: 'fence', reading, next, changes: [], comment });
  run.readZone = true;
  return 'again';
}

/** Repairs drifted trees in place, as many as one batch holds. An enactor sends no other DELETE for a tree. */
export async function repairTrees(
  deps: EnactorDeps,
  run: Run,
  reading: FenceReading,
  situation: Situation,
  endpoints: readonly PlannedEndpoint[],
): Promise<EnactOutcome | Again> {
  const parts = endpoints.map((endpoint) =>
    replacement(endpoint.tree, treeRepair(endpoint, situation.zone.view)),
  );
  const [batch] = packBesideFence(parts.filter(({ changes }) => fitsBesideFence(changes)));
  if (batch === undefined) return overfilled(parts);
  const changes = inOrder(batch);
  const names = batch.map(
    ({ id }) => endpoints.find(({ tree }) => tree === id)?.name ?? situation.scope.zone,
  );
  const next = fenceAfter(situation.fence, situation.state.applied);
  const comment = `pawl repair ${situation.scope.cell}@${situation.goal.generation} by ${deps.writer.name}`;
  const outcome = await attempt(deps, run, { kind: 'repair', reading, next, changes, comment });
  if (outcome.type === 'applied') {
    await record(deps, { type: 'RecordRepair', count: names.length, names, seq: outcome.fence.seq });
  }
  run.readZone = true;
  return 'again';
}

/** Only a hand can have put so much at one tree's name, and only a hand can take it away again. */
function overfilled(parts: readonly BatchPart[]): EnactOutcome {
  const names = parts.map(({ id }) => id).join(', ');
  const reason = `More stands at ${names} than one batch can replace: remove by hand what is not Pawl's there, then sweep again.`;
  return { type: 'refused', reason, conflicts: [] };
}

/**
 * Creates the goal's missing trees, under a fence that is asserted and not advanced: any move of it makes the batch
 * fail. What was accepted is recorded even if a later batch was not, so that its change can be waited for.
 *
 * @returns the changes to wait for.
 */
export async function stageTrees(
  deps: EnactorDeps,
  run: Run,
  reading: FenceReading,
  situation: Situation,
  trees: readonly TreeToStage[],
): Promise<readonly PendingChange[]> {
  const { goal, goalDigest, scope } = situation;
  const staged: StagedChange[] = [];
  for (const batch of packBesideFence(trees.map(stagePart))) {
    const comment = `pawl stage ${scope.cell}@${goal.generation} by ${deps.writer.name}`;
    const outcome = await attempt(deps, run, { kind: 'stage', reading, changes: inOrder(batch), comment });
    if (outcome.type !== 'applied') break;
    staged.push({ changeId: outcome.changeId, trees: batch.map(({ id }) => id) });
  }
  if (staged.length > 0) {
    await record(deps, {
      type: 'RecordStaging',
      generation: goal.generation,
      digest: goalDigest,
      changes: staged,
    });
  }
  const at = deps.clock.now();
  return staged.map(({ changeId }) => ({ changeId, at }));
}

function stagePart({ endpoint, id, condition }: TreeToStage): BatchPart {
  const records = treeRecords(endpoint);
  const creates = records.map(create);
  return { id, changes: condition === 'missing' ? creates : [...records.map(remove), ...creates] };
}

/** Points roots and rollback roots at the goal's trees and swaps the fence, in one batch. */
export async function flip(
  deps: EnactorDeps,
  run: Run,
  reading: FenceReading,
  head: Head,
  situation: Situation,
  roots: RootChanges,
): Promise<EnactOutcome | Again> {
  const { goal, goalDigest, scope } = situation;
  const parts = roots.groups.map((group) => replacement(group.name, group));
  const batch = firstBatch(parts, inOrder);
  invariant(
    batch.length > 0 || parts.length === 0,
    `${parts[0]?.id} has more records than one batch can replace`,
  );
  const complete = batch.length === parts.length;
  // // Only garbage or a take-over makes a flip too large for one batch; before its last batch no plan counts as
  // applied.
  const plan = complete ? shortDigest(goalDigest) : NO_PLAN;
  const next = fenceAfter(situation.fence, situation.state.applied, {
    generation: goal.generation,
    plan,
  });
  const changes = inOrder(batch);
  const comment = `pawl flip ${scope.cell}@${goal.generation} by ${deps.writer.name}`;
  const outcome = await attempt(deps, run, { kind: 'flip', reading, next, changes, comment });
  if (outcome.type !== 'applied' || !complete) {
    run.readZone = true;
    return 'again';
  }
  const isRepair = situation.fence.generation === goal.generation && !isFresh(situation);
  const reason = isRepair ? 'repair' : 'flip';
  const { zone } = situation;
  const looked = ({ name }: PlannedEndpoint) => zone.type === 'read' || zone.changed.has(name);
  const { seq } = outcome.fence;
  await record(deps, {
    type: 'RecordApplied',
    generation: goal.generation,
    seq,
    digest: goalDigest,
    changeId: outcome.changeId,
    enactor: deps.writer.name,
    reason,
    endpoints: goal.endpoints.map(({ name }) => name),
    rollbacks: mergedRollbacks(
      head,
      goal,
      roots.rollbacks,
      ({ name }) => endpointLabels(name, scope),
      looked,
    ),
    durationMs: deps.clock.now() - run.startedAt,
  });
  if (isRepair) {
    await record(deps, { type: 'RecordRepair', count: roots.groups.length, names: roots.changed, seq });
  }
  return { type: 'applied', generation: goal.generation, seq, reason };
}

/** A fence made anew is at the goal's generation already, so its first flip is no repair. */
function isFresh({ fence, state }: Situation): boolean {
  return fence.plan === NO_PLAN && state.applied?.generation !== fence.generation;
}

/** Sends a batch once. If it may not have gone through, the next pass reads the zone: nothing is sent again. */
async function attempt(deps: EnactorDeps, run: Run, write: FencedWrite): Promise<WriteOutcome> {
  const outcome = await countedWrite(deps, write);
  if (outcome.type !== 'applied') {
    run.lost += 1;
    run.lostReason = outcome.reason;
    run.readZone = true;
    deps.telemetry.note('fence lost', {
      kind: write.kind,
      outcome: outcome.type,
      cell: deps.writer.scope.cell,
      by: deps.writer.name,
    });
  }
  return outcome;
}
