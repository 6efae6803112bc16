import { fenceAfter } from '../cell/next-fence.ts';
import { firstBatch, inOrder, replacement } from '../cell/packing.ts';
import type { Head } from '../ledger/ledger.ts';
import type { FenceReading } from '../plan/fence.ts';
import type { PlannedEndpoint } from '../plan/plan.ts';
import { treeRepair } from '../plan/trees.ts';
import type { Again, EndpointPart } from './attempt.ts';
import { attempt, settleRejected, urgentFirst } from './attempt.ts';
import type { EnactOutcome, EnactorDeps, Run } from './enactor.ts';
import { nextParts } from './narrow-down.ts';
import type { Situation } from './next-step.ts';
import { record } from './record.ts';

/** Repairs drifted trees in place, as many as one batch holds. An enactor sends no other DELETE for a tree. */
export async function repairTrees(
  deps: EnactorDeps,
  run: Run,
  reading: FenceReading,
  head: Head,
  situation: Situation,
  endpoints: readonly PlannedEndpoint[],
): Promise<EnactOutcome | Again> {
  const { goal, applied, scope } = situation;
  const repairs = endpoints.map((endpoint): EndpointPart => {
    const repair = treeRepair(endpoint, situation.zone.view, scope);
    return { ...replacement(endpoint.tree, repair), name: endpoint.name };
  });
  const parts = urgentFirst(repairs, goal, applied);
  const decided = { step: 'repair', situation, reading, parts } as const;
  const settled = await settleRejected(deps, run, decided);
  if (settled !== undefined) return settled;
  const batch = firstBatch(
    nextParts(run, parts, (some) => some),
    inOrder,
  );
  const next = fenceAfter(situation.fence, head);
  const comment = `pawl repair ${scope.cell}@${goal.generation} by ${deps.writer.name}`;
  const write = { kind: 'repair', reading, next, changes: inOrder(batch), comment } as const;
  const outcome = await attempt(deps, run, write, batch);
  if (outcome.type === 'applied') {
    const ids = new Set(batch.map(({ id }) => id));
    const names = parts.filter(({ id }) => ids.has(id)).map(({ name }) => name);
    await record(deps, { type: 'RecordRepair', count: names.length, names, seq: outcome.fence.seq });
  }
  run.readZone = true;
  return 'again';
}
