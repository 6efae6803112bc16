import type { PendingChange } from '../cell/insync.ts';
import { awaitInsync } from '../cell/insync.ts';
import { renewedFence } from '../cell/next-fence.ts';
import { creationParts, firstBatch, inOrder, packBesideFence, packTrees } from '../cell/packing.ts';
import type { StagedChange } from '../ledger/decider/events.ts';
import type { BatchPart } from '../plan/batches.ts';
import type { FenceReading } from '../plan/fence.ts';
import { writtenReading } from '../plan/fence.ts';
import type { Generation } from '../plan/generation.ts';
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
  const parts = urgentFirst(trees.flatMap(partsToCreate), goal, applied);
  const decided = { step: 'stage', situation, reading, parts } as const;
  const settled = await settleRejected(deps, run, decided);
  if (settled !== undefined) return settled;
  const next = nextParts(run, parts, (some) => some);
  const byTree = partsByTree(next);
  const batches =
    run.suspects.length === 0
      ? packTrees(byTree)
      : [
          firstBatch(
            byTree.flatMap((some) => some.slice(0, 1)),
            inOrder,
          ),
        ];
  return sendTrees(deps, run, reading, situation, { batches, trees });
}

/** What creates the missing nodes of a tree, in the order in which it must be sent. */
function partsToCreate({ endpoint, id, nodes }: TreeToStage): readonly EndpointPart[] {
  return creationParts(id, nodes).map((part) => ({ ...part, name: endpoint.name }));
}

function partsByTree(parts: readonly EndpointPart[]): readonly (readonly EndpointPart[])[] {
  const trees = new Map<string, EndpointPart[]>();
  for (const part of parts) {
    const known = trees.get(part.name);
    if (known === undefined) trees.set(part.name, [part]);
    else known.push(part);
  }
  return [...trees.values()];
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
  // Route 53 takes the changes of a zone in order: once the tree itself is everywhere, so is all below it.
  const parts = trees.map(({ id, nodes }): BatchPart => {
    const records = nodes.flatMap((node) => node.records);
    return { id, changes: [...records.map(remove), ...records.map(create)] };
  });
  const refused = refusedParts(run, reading, 'stage', parts);
  if (refused === undefined) {
    return sendTrees(deps, run, reading, situation, { batches: packBesideFence(parts), trees });
  }
  const { cell } = situation.scope;
  deps.telemetry.note('trees not asserted again', { cell, reason: refused.reason });
  const unwritten = refused.parts.map(({ id }): BatchPart => ({ id, changes: [] }));
  return sendTrees(deps, run, reading, situation, { batches: [unwritten], trees });
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
  {
    batches,
    trees,
  }: { readonly batches: readonly (readonly BatchPart[])[]; readonly trees: readonly TreeToStage[] },
): Promise<EnactOutcome | Again> {
  const { goal, scope, fence } = situation;
  const ids = new Set(trees.map(({ id }) => id));
  const staged: StagedChange[] = [];
  let under = reading;
  for (const batch of batches) {
    const comment = `pawl stage ${scope.cell}@${goal.generation} by ${deps.writer.name}`;
    const next = renewedFence(fence);
    const changes = inOrder(batch);
    const write = { kind: 'stage', reading: under, next, changes, comment } as const;
    const outcome = await attempt(deps, run, write, batch);
    if (outcome.type !== 'applied') break;
    // A tree is staged by the change that has the tree itself: the parts before it are everywhere when that one is.
    const whole = batch.filter(({ id }) => ids.has(id));
    if (whole.length > 0) staged.push({ changeId: outcome.changeId, trees: whole.map(({ id }) => id) });
    under = writtenReading(outcome.fence, scope);
  }
  if (staged.length > 0) {
    run.follows = deps.successor !== undefined;
    await recordStaging(deps, situation, staged);
  }
  if (staged.flatMap((change) => change.trees).length < trees.length) return 'again';
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
