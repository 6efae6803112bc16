import type { CellState } from '../ledger/decider/state.ts';
import type { Fence, FenceReading } from '../plan/fence.ts';
import { NO_LEDGER, NO_PLAN } from '../plan/fence.ts';
import { shortDigest } from '../plan/plan.ts';

/** What a fence means to an enactor that read the ledger after it: the table in docs/protocol.md, row by row. */
export type Judgement =
  | { readonly type: 'frozen'; readonly fence?: Fence }
  | { readonly type: 'other-ledger'; readonly fence: Fence }
  | { readonly type: 'idle' }
  | { readonly type: 'recreate' }
  | { readonly type: 'ahead'; readonly fence: Fence }
  | { readonly type: 'usable'; readonly fence: Fence };

/** Judges the fence against the state that was read after it. Pure. */
export function judgeFence(reading: FenceReading, state: CellState): Judgement {
  if (reading.type !== 'fence') {
    // A freeze in the ledger alone still binds: whoever removed the fence by hand has not thawed the cell.
    if (state.frozen !== null) return { type: 'frozen' };
    return state.goal === null ? { type: 'idle' } : { type: 'recreate' };
  }
  const { fence } = reading;
  // A rescue that found no fence to read cannot know whose the cell is; its freeze binds all the same.
  const isNobodys = fence.frozen && fence.ledger === NO_LEDGER;
  if (fence.ledger !== state.ledger && !isNobodys) return { type: 'other-ledger', fence };
  if (fence.frozen || state.frozen !== null) return { type: 'frozen', fence };
  // Never a race: the ledger was read second, so it knows every plan that this fence can have come from.
  if (fence.generation > (state.goal?.generation ?? 0)) return { type: 'ahead', fence };
  return { type: 'usable', fence };
}

/** The plan, among those the log remembers, that the fence says is applied; undefined for a forged or fresh fence. */
export function fencePlan(
  fence: Fence,
  state: CellState,
): { readonly generation: number; readonly digest: string } | undefined {
  if (fence.plan === NO_PLAN) return undefined;
  const known = [state.applied, state.staging, state.goal, ...state.approved, ...state.history];
  const match = known.find(
    (ref) => ref !== null && ref.generation === fence.generation && shortDigest(ref.digest) === fence.plan,
  );
  return match ?? undefined;
}

/**
 * True when the log says that another plan was applied at this fence's seq, or at a later one. A hand put the fence back,
 * and a writer went on from there before the log knew of the last seq: as it stands this fence is never recorded.
 */
export function isOvertaken(fence: Fence, { applied }: Pick<CellState, 'applied'>): boolean {
  if (applied === null || fence.seq > applied.seq) return false;
  const isRecorded =
    fence.seq === applied.seq &&
    fence.generation === applied.generation &&
    fence.plan === shortDigest(applied.digest);
  return !isRecorded;
}
