import { countedWrite } from '../cell/counted-write.ts';
import { placeOf } from '../cell/insync.ts';
import { fenceAfter } from '../cell/next-fence.ts';
import type { AppliedState, CellState } from '../ledger/decider/state.ts';
import { isSince4 } from '../ledger/decider/state.ts';
import { execute } from '../ledger/execute.ts';
import type { Head } from '../ledger/ledger.ts';
import type { Seq } from '../plan/generation.ts';
import type { TreeLabel } from '../plan/owned-names.ts';
import type { JanitorDeps, RecordedPlan, RetireOutcome } from './janitor.ts';

/**
 * Whether the last flip has reached every name server. `unknown`: nobody recorded its change, or Route 53 does not know
 * it. Perhaps the zone went back, and the flip was made again by a change that nobody recorded.
 */
export async function placeOfFlip(
  { writer, clock, settings }: JanitorDeps,
  { changeId, at }: AppliedState,
): ReturnType<typeof placeOf> {
  if (changeId === undefined) return 'unknown';
  return placeOf({ zone: writer.zone, clock }, { changeId, at }, settings);
}

/**
 * Whether the cell's log keeps the change of a fence that was written anew. Format 3 keeps the one of the flip, so its
 * janitor would write the fence at every run and learn nothing: it waits for the next flip.
 */
export function keepsRenewal(state: Pick<CellState, 'format'>): boolean {
  return state.format < 3 || isSince4(state);
}

/**
 * Writes the next fence alone, to have a change to wait for. Name servers take the changes of a zone in order, so once
 * this one is everywhere, none of them answers from what stood before. A later run retires then.
 */
export async function renew(
  deps: JanitorDeps,
  { reading, fence, applied }: RecordedPlan,
  head: Head,
): Promise<RetireOutcome> {
  const { writer } = deps;
  const outcome = await countedWrite(deps, {
    kind: 'retire',
    reading,
    next: fenceAfter(fence, head),
    changes: [],
    comment: `pawl renew ${writer.scope.cell}@${fence.generation} by ${writer.name}`,
  });
  if (outcome.type !== 'applied') return outcome;
  await recordFence(deps, head.state, applied, { seq: outcome.fence.seq, changeId: outcome.changeId });
  return {
    type: 'nothing',
    reason:
      'nobody knows whether the last flip has reached every name server: the fence was written to find out',
  };
}

/**
 * Records that the same plan is applied at the next seq, with the id of this change, so that the janitor's next run
 * waits for this change and not for one that Route 53 has forgotten. If the janitor dies before, an enactor records it.
 */
export async function recordFence(
  deps: JanitorDeps,
  state: CellState,
  { generation, digest }: AppliedState,
  made: { readonly seq: Seq; readonly changeId: string },
): Promise<void> {
  const { writer, ledger, clock } = deps;
  const rollbacks: Record<string, TreeLabel> = {};
  for (const [endpoint, { rollback }] of Object.entries(state.endpoints)) {
    if (rollback !== undefined) rollbacks[endpoint] = rollback;
  }
  await execute(ledger, writer.scope.cell, { at: () => clock.now(), by: writer.name }, () => ({
    type: 'RecordApplied',
    generation,
    digest,
    ...made,
    enactor: writer.name,
    reason: 'observed',
    endpoints: state.owned,
    rollbacks,
  }));
}
