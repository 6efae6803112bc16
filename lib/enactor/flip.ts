import type { BesideFence } from '../cell/fenced-write.ts';
import { fenceAfter, passedFence } from '../cell/next-fence.ts';
import { firstBatch, inOrder } from '../cell/packing.ts';
import { executeAt } from '../ledger/execute.ts';
import type { Head } from '../ledger/ledger.ts';
import type { BatchPart } from '../plan/batches.ts';
import type { FenceReading } from '../plan/fence.ts';
import { NO_PLAN } from '../plan/fence.ts';
import type { Seq } from '../plan/generation.ts';
import type { Take } from '../plan/handover.ts';
import { endpointLabels } from '../plan/owned-names.ts';
import type { PlannedEndpoint } from '../plan/plan.ts';
import { shortDigest } from '../plan/plan.ts';
import type { Change } from '../plan/records.ts';
import { create, remove } from '../plan/records.ts';
import type { Again, EndpointPart } from './attempt.ts';
import { attempt, settleRejected, urgentFirst } from './attempt.ts';
import type { EnactOutcome, EnactorDeps, Run } from './enactor.ts';
import { nextParts } from './narrow-down.ts';
import type { RootsToFlip, Situation } from './next-step.ts';
import { mergedRollbacks, occasionOf, record } from './record.ts';
import { firstShare, partOf, withoutPointed } from './root-work.ts';

/**
 * Points roots and rollback roots at the goal's trees and swaps the fence, in one batch. One that takes endpoints from
 * another cell swaps that cell's fence too (docs/adr/0072-an-endpoint-is-handed-over.md).
 */
export async function flip(
  deps: EnactorDeps,
  run: Run,
  reading: FenceReading,
  head: Head,
  situation: Situation,
  roots: RootsToFlip,
): Promise<EnactOutcome | Again> {
  const { goal, goalDigest, applied, scope, zone } = situation;
  const share = firstShare(roots.groups);
  const beside = share.take === undefined ? undefined : besideOf(share.take);
  const groups = share.groups.map((group): EndpointPart => ({ ...partOf(group), name: group.name }));
  const parts = urgentFirst(groups, goal, applied);
  const decided = { step: 'flip', situation, reading, parts, beside: beside?.reading } as const;
  const settled = await settleRejected(deps, run, decided);
  if (settled !== undefined) return settled;
  const fitting = (some: readonly BatchPart[]): readonly BatchPart[] => {
    const chosen = firstBatch(some, (batch) => [...roomFor(share.take), ...inOrder(batch)]);
    if (chosen.length === parts.length) return chosen;
    const names = new Set(chosen.map(({ id }) => id));
    const kept = withoutPointed(
      share.groups.filter(({ name }) => names.has(name)),
      zone.view,
    );
    return chosen.filter(({ id }) => kept.has(id));
  };
  const batch = fitting(nextParts(run, parts, fitting));
  const complete = roots.complete && share.isLast && batch.length === parts.length;
  // A flip that leaves something out, or that is too large for one batch, applies no plan.
  const plan = complete ? shortDigest(goalDigest) : NO_PLAN;
  const next = fenceAfter(situation.fence, head, { generation: goal.generation, plan });
  const kind = beside === undefined ? 'flip' : 'handover';
  const comment = `pawl ${kind} ${scope.cell}@${goal.generation} by ${deps.writer.name}`;
  const write = { kind, reading, next, beside, changes: inOrder(batch), comment } as const;
  const outcome = await attempt(deps, run, write, batch);
  run.readZone = true;
  if (outcome.type !== 'applied') return 'again';
  const { seq } = outcome.fence;
  if (share.take !== undefined) {
    const sent = new Set(batch.map(({ id }) => id));
    const names = parts.filter(({ id }) => sent.has(id)).map(({ name }) => name);
    // At the head that was read, or not at all: a later pass records it from the zone.
    const command = { type: 'RecordTaken', names, from: share.take.giver.cell, fenceSeq: seq } as const;
    await executeAt(deps.ledger, head, occasionOf(deps), command);
  }
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

/** The swap of the fence of the cell that gives. */
function besideOf({ giver, fence }: Take): BesideFence {
  return { scope: giver, reading: fence, next: passedFence(fence.fence) };
}

/** As much as that swap takes of a batch at most: the name of its writer is not known here. */
function roomFor(take: Take | undefined): readonly Change[] {
  const records = take?.fence.records ?? [];
  return records.flatMap((record) => [remove(record), create(record), create(record)]);
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
