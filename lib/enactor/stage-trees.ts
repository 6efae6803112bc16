import type { PendingChange } from '../cell/insync.ts';
import { awaitInsync } from '../cell/insync.ts';
import { renewedFence } from '../cell/next-fence.ts';
import { firstBatch, inOrder, packBesideFence } from '../cell/packing.ts';
import type { StagedChange } from '../ledger/decider/events.ts';
import type { BatchPart } from '../plan/batches.ts';
import type { FenceReading } from '../plan/fence.ts';
import { writtenReading } from '../plan/fence.ts';
import type { Generation } from '../plan/generation.ts';
import { treeRecords } from '../plan/plan.ts';
import { create, remove } from '../plan/records.ts';
import type { Again, EndpointPart } from './attempt.ts';
import { attempt, settleRejected, urgentFirst } from './attempt.ts';
import type { EnactOutcome, EnactorDeps, Run } from './enactor.ts';
import { handOver, standsByUntil } from './hand-over.ts';
import { fenceKey, nextParts, refusedParts } from './narrow-down.ts';
import type { Situation, TreeToStage } from './next-step.ts';
import { record } from './record.ts';

/**
 * Creates the goal's missing trees. Each batch writes the fence anew, so that whoever stages the same trees notices it
 * at their next batch.
 */
export async function stageTrees(
  deps: EnactorDeps,
  run: Run,
  reading: FenceReading,
  situation: Situation,
  trees: readonly TreeToStage[],
): Promise<EnactOutcome | Again> {
  const { goal, applied } = situation;
  const created = trees.map(({ endpoint, id }): EndpointPart => {
    return { id, name: endpoint.name, changes: treeRecords(endpoint).map(create) };
  });
  const parts = urgentFirst(created, goal, applied);
  const decided = { step: 'stage', situation, reading, parts } as const;
  const settled = await settleRejected(deps, run, decided);
  if (settled !== undefined) return settled;
  const next = nextParts(run, parts, (some) => some);
  const batches = run.suspects.length === 0 ? packBesideFence(next) : [firstBatch(next, inOrder)];
  return sendTrees(deps, run, reading, situation, { batches, trees: parts.length });
}

/**
 * Writes trees again as they stand, to have a change to wait for: nobody has recorded their staging, or Route 53 does not
 * know the change that was recorded. An endpoint may refuse to write an identical record. Then the fence is written
 * anew alone, above the trees that stand: Route 53 takes the changes of a zone in order, so when that one is everywhere,
 * they are.
 */
export async function assertTreesAgain(
  deps: EnactorDeps,
  run: Run,
  reading: FenceReading,
  situation: Situation,
  trees: readonly TreeToStage[],
): Promise<EnactOutcome | Again> {
  const parts = trees.map(({ endpoint, id }): BatchPart => {
    const records = treeRecords(endpoint);
    return { id, changes: [...records.map(remove), ...records.map(create)] };
  });
  const refused = refusedParts(run, reading, 'stage', parts);
  if (refused === undefined) {
    return sendTrees(deps, run, reading, situation, { batches: packBesideFence(parts), trees: parts.length });
  }
  const { cell } = situation.scope;
  deps.telemetry.note('trees not asserted again', { cell, reason: refused.reason });
  const unwritten = refused.parts.map(({ id }): BatchPart => ({ id, changes: [] }));
  return sendTrees(deps, run, reading, situation, { batches: [unwritten], trees: unwritten.length });
}

/**
 * Leaves trees alone whose staging is not recorded yet, for one round of questions: whoever stages them records it when
 * they have staged all. As long as the fence moves, they are at it.
 */
export async function awaitRecord(deps: EnactorDeps, run: Run, reading: FenceReading): Promise<Again> {
  run.waitedUnder = fenceKey(reading);
  run.readZone = true;
  run.known = undefined;
  await deps.clock.sleep(deps.settings.insyncPollMs);
  return 'again';
}

/**
 * Anything may have changed during the wait: the next pass begins with the fence again. Trees whose change is not known
 * are asserted again by it.
 */
export async function awaitTrees(
  deps: EnactorDeps,
  run: Run,
  goal: Generation,
  changes: readonly PendingChange[],
): Promise<EnactOutcome | Again> {
  const { writer, clock, settings } = deps;
  const until = standsByUntil(deps, run);
  const waited = await awaitInsync({ zone: writer.zone, clock }, changes, settings, until);
  switch (waited.type) {
    case 'deadline':
      return handOver(deps, run, goal, changes);
    case 'unknown':
      for (const changeId of waited.changes) run.unknown.add(changeId);
      return 'again';
    case 'insync':
      for (const { changeId } of changes) run.insync.add(changeId);
      return 'again';
  }
}

/**
 * Sends the batches, each under the fence that the one before it left. What was accepted is recorded even if a later
 * batch was not, so that its change can be waited for.
 */
async function sendTrees(
  deps: EnactorDeps,
  run: Run,
  reading: FenceReading,
  situation: Situation,
  { batches, trees }: { readonly batches: readonly (readonly BatchPart[])[]; readonly trees: number },
): Promise<EnactOutcome | Again> {
  const { goal, scope, fence } = situation;
  const staged: StagedChange[] = [];
  let under = reading;
  for (const batch of batches) {
    const comment = `pawl stage ${scope.cell}@${goal.generation} by ${deps.writer.name}`;
    const next = renewedFence(fence);
    const changes = inOrder(batch);
    const write = { kind: 'stage', reading: under, next, changes, comment } as const;
    const outcome = await attempt(deps, run, write, batch);
    if (outcome.type !== 'applied') break;
    staged.push({ changeId: outcome.changeId, trees: batch.map(({ id }) => id) });
    under = writtenReading(outcome.fence, scope);
  }
  if (staged.length > 0) {
    run.follows = deps.successor !== undefined;
    await recordStaging(deps, situation, staged);
  }
  if (staged.flatMap((change) => change.trees).length < trees) return 'again';
  const at = deps.clock.now();
  return awaitTrees(
    deps,
    run,
    goal.generation,
    staged.map(({ changeId }) => ({ changeId, at })),
  );
}

function recordStaging(
  deps: EnactorDeps,
  { goal, goalDigest }: Situation,
  changes: readonly StagedChange[],
): Promise<void> {
  return record(deps, {
    type: 'RecordStaging',
    generation: goal.generation,
    digest: goalDigest,
    changes,
  });
}
