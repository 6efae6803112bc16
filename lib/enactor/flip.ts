import { fenceAfter } from '../cell/next-fence.ts';
import { firstBatch, inOrder } from '../cell/packing.ts';
import type { Head } from '../ledger/ledger.ts';
import type { BatchPart } from '../plan/batches.ts';
import type { FenceReading } from '../plan/fence.ts';
import { NO_PLAN } from '../plan/fence.ts';
import type { Seq } from '../plan/generation.ts';
import { endpointLabels } from '../plan/owned-names.ts';
import type { PlannedEndpoint } from '../plan/plan.ts';
import { shortDigest } from '../plan/plan.ts';
import type { Again, EndpointPart } from './attempt.ts';
import { attempt, settleRejected, urgentFirst } from './attempt.ts';
import type { EnactOutcome, EnactorDeps, Run } from './enactor.ts';
import { nextParts } from './narrow-down.ts';
import type { RootsToFlip, Situation } from './next-step.ts';
import { mergedRollbacks, record } from './record.ts';
import { partOf, withoutPointed } from './root-work.ts';

/** Points roots and rollback roots at the goal's trees and swaps the fence, in one batch. */
export async function flip(
  deps: EnactorDeps,
  run: Run,
  reading: FenceReading,
  head: Head,
  situation: Situation,
  roots: RootsToFlip,
): Promise<EnactOutcome | Again> {
  const { goal, goalDigest, applied, scope, zone } = situation;
  const groups = roots.groups.map((group): EndpointPart => ({ ...partOf(group), name: group.name }));
  const parts = urgentFirst(groups, goal, applied);
  const decided = { step: 'flip', situation, reading, parts } as const;
  const settled = await settleRejected(deps, run, decided);
  if (settled !== undefined) return settled;
  const fitting = (some: readonly BatchPart[]): readonly BatchPart[] => {
    const chosen = firstBatch(some, inOrder);
    if (chosen.length === parts.length) return chosen;
    const names = new Set(chosen.map(({ id }) => id));
    const kept = withoutPointed(
      roots.groups.filter(({ name }) => names.has(name)),
      zone.view,
    );
    return chosen.filter(({ id }) => kept.has(id));
  };
  const batch = fitting(nextParts(run, parts, fitting));
  const complete = roots.complete && batch.length === parts.length;
  // A flip that leaves something out, or that is too large for one batch, applies no plan.
  const plan = complete ? shortDigest(goalDigest) : NO_PLAN;
  const next = fenceAfter(situation.fence, head, { generation: goal.generation, plan });
  const comment = `pawl flip ${scope.cell}@${goal.generation} by ${deps.writer.name}`;
  const write = { kind: 'flip', reading, next, changes: inOrder(batch), comment } as const;
  const outcome = await attempt(deps, run, write, batch);
  run.readZone = true;
  if (outcome.type !== 'applied') return 'again';
  const { seq } = outcome.fence;
  if (!complete) {
    const sent = new Set(batch.map(({ id }) => id));
    const names = roots.changed.filter((name) => sent.has(name));
    // What was applied before is repaired, as far as it goes.
    const isRepair = names.length > 0 && situation.state.applied?.generation === goal.generation;
    if (isRepair) await record(deps, { type: 'RecordRepair', count: names.length, names, seq });
    return 'again';
  }
  return applyPlan(deps, run, head, situation, roots, { seq, changeId: outcome.changeId });
}

/** Records that the plan is applied, and what was repaired by it. */
async function applyPlan(
  deps: EnactorDeps,
  run: Run,
  head: Head,
  situation: Situation,
  roots: RootsToFlip,
  { seq, changeId }: { readonly seq: Seq; readonly changeId: string },
): Promise<EnactOutcome> {
  const { goal, goalDigest, scope, zone } = situation;
  const isRepair = situation.fence.generation === goal.generation && !isFresh(situation);
  const reason = isRepair ? 'repair' : 'flip';
  const looked = ({ name }: PlannedEndpoint) => zone.type === 'read' || zone.changed.has(name);
  await record(deps, {
    type: 'RecordApplied',
    generation: goal.generation,
    seq,
    digest: goalDigest,
    changeId,
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
    ...(roots.leftOut.length === 0 ? {} : { without: roots.leftOut }),
  });
  // Somebody may have recorded this flip already, as one that they only observed, which repairs nothing.
  if (isRepair || situation.state.regressed !== null) {
    await record(deps, { type: 'RecordRepair', count: roots.groups.length, names: roots.changed, seq });
  }
  return { type: 'applied', generation: goal.generation, seq, reason };
}

/** A fence made anew is at the goal's generation already, so its first flip is no repair. */
function isFresh({ fence, state }: Situation): boolean {
  return fence.plan === NO_PLAN && state.applied?.generation !== fence.generation;
}
