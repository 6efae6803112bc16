import type { CellState } from '../ledger/decider/state.ts';
import type { Fence, FenceReading } from '../plan/fence.ts';
import { boundedReading, NO_LEDGER, NO_PLAN } from '../plan/fence.ts';
import type { Generation } from '../plan/generation.ts';
import { shortDigest } from '../plan/plan.ts';
import { knownSeq } from './next-fence.ts';

/**
 * Which was read first, the fence or the ledger's head. Only the second reading can show a write between the two, so
 * one of the places `ahead` and `behind` may be the result of a race and the other may not. Where both are true, the
 * place is the one that cannot be a race.
 */
export type ReadOrder = 'fence-first' | 'ledger-first';

/**
 * Where a fence of the cell's own ledger is, held against what the log says was approved and applied.
 *
 * | place | the fence | a race when read |
 * |---|---|---|
 * | `ahead` | is above every approved plan | ledger first: a plan may have been appended and flipped in between |
 * | `unapplied` | stands, and the log has no applied plan | |
 * | `behind` | has a seq below the highest that the log knows, or a generation below what was applied | fence first: a flip may have been recorded in between |
 * | `unrecorded` | is above the applied plan and not above the goal: a flip of which the log does not know yet | |
 * | `applied` | is at the plan that the log says is applied | |
 * | `fresh` | is at the applied generation under no plan: it was made anew, and nothing was flipped since | |
 * | `altered` | is at the applied generation with another digest: a rescue's if it is frozen, else a hand's | |
 */
export type FencePlace = 'ahead' | 'unapplied' | 'behind' | 'unrecorded' | 'applied' | 'fresh' | 'altered';

/**
 * What the fence that was read means, the same for every role: the table of docs/protocol.md. Each role decides for
 * itself what to do about it.
 *
 * | type | the fence that was read | what it means |
 * |---|---|---|
 * | `unreadable` | missing, or malformed: it does not parse, several records stand there, or its generation is more than 1,000,000 above the highest known one | nothing can be written but a fresh fence (docs/adr/0002-fresh-fence.md) |
 * | `other-ledger` | of another ledger | two ledgers claim the cell: a person has to say which |
 * | `nobodys` | of no ledger | a rescue made it, frozen, and could not read whose the cell is; a thaw gives it to the ledger of the person who thaws |
 * | `own` | of the cell's ledger | if `isFrozen` everybody stops; else `place` says what is owed |
 *
 * A freeze that only the log has counts as much as one in the fence: to put a fence back by hand does not thaw the
 * cell. A rescue in the log counts the same under a fence that is not above it: a thaw of it would have written a higher
 * one, so the zone has gone back to before the rescue (docs/adr/0053-a-zone-may-go-back.md).
 */
export type Standing =
  | {
      readonly type: 'unreadable';
      readonly reading: Exclude<FenceReading['type'], 'fence'>;
      readonly isFrozen: boolean;
    }
  | { readonly type: 'other-ledger'; readonly fence: Fence }
  | { readonly type: 'nobodys'; readonly fence: Fence }
  | OwnStanding;

export interface OwnStanding {
  readonly type: 'own';
  readonly fence: Fence;
  /** In the fence or in the log. */
  readonly isFrozen: boolean;
  readonly place: FencePlace;
}

/** Judges a fence by the state that was read before or after it. See docs/adr/0032-a-cell-has-one-room.md. Pure. */
export function standingOf(
  read: FenceReading,
  state: Pick<CellState, 'ledger' | 'highest' | 'frozen' | 'goal' | 'applied' | 'rescue'>,
  order: ReadOrder,
): Standing {
  const reading = boundedReading(read, state.highest);
  const isFrozen = state.frozen !== null;
  if (reading.type !== 'fence')
    return { type: 'unreadable', reading: reading.type, isFrozen: isFrozen || state.rescue !== null };
  const { fence } = reading;
  if (fence.ledger === NO_LEDGER) return { type: 'nobodys', fence };
  if (fence.ledger !== state.ledger) return { type: 'other-ledger', fence };
  const isBound = isFrozen || fence.frozen || bindsByRescue(state, fence);
  return { type: 'own', fence, isFrozen: isBound, place: placeOf(fence, state, order) };
}

/** Whether the log holds a rescue that no thaw can have ended: the fence has gone back to before it. */
function bindsByRescue({ rescue }: Pick<CellState, 'rescue'>, fence: Fence): boolean {
  return rescue !== null && fence.seq <= rescue.seq;
}

function placeOf(
  fence: Fence,
  state: Pick<CellState, 'goal' | 'applied' | 'rescue'>,
  order: ReadOrder,
): FencePlace {
  const { goal, applied } = state;
  const isAhead = fence.generation > (goal?.generation ?? 0);
  // Never a race: the ledger was read second, so it knows every plan that this fence can have come from.
  if (isAhead && order === 'fence-first') return 'ahead';
  if (applied === null) return 'unapplied';
  if (fence.seq < knownSeq(state) || fence.generation < applied.generation) return 'behind';
  if (fence.generation > applied.generation) return isAhead ? 'ahead' : 'unrecorded';
  if (fence.plan === shortDigest(applied.digest)) return 'applied';
  return fence.plan === NO_PLAN ? 'fresh' : 'altered';
}

/** Says which ledger another ledger's fence belongs to; every refusal of such a fence begins with this. */
export function otherLedgerText(cell: string, fence: Fence): string {
  return `The fence of cell ${cell} belongs to ledger ${fence.ledger}`;
}

/** Why a role stops at the fence of another ledger, and what a person does about it. */
export function otherLedgerReason(
  { cell, ledger }: Pick<CellState, 'cell' | 'ledger'>,
  fence: Fence,
): string {
  return `${otherLedgerText(cell, fence)}, and this is ledger ${ledger}: stop the one that should not write, then run "pawl adopt --cell ${cell}" with the other.`;
}

/** The plan, among those the log remembers, that the fence says is applied; undefined for a forged or fresh fence. */
export function fencePlan(
  fence: Fence,
  state: CellState,
): { readonly generation: Generation; readonly digest: string } | undefined {
  if (fence.plan === NO_PLAN) return undefined;
  const known = [state.applied, state.staging, state.goal, ...state.approved, ...state.history];
  const match = known.find(
    (ref) => ref !== null && ref.generation === fence.generation && shortDigest(ref.digest) === fence.plan,
  );
  return match ?? undefined;
}

/**
 * True when the log says that another plan was applied at this fence's seq, or at a later one. A hand put the fence
 * back, and a writer continued from it before the log knew of the last seq: such a fence is never recorded.
 */
export function isOvertaken(fence: Fence, { applied }: Pick<CellState, 'applied'>): boolean {
  if (applied === null || fence.seq > applied.seq) return false;
  const isRecorded =
    fence.seq === applied.seq &&
    fence.generation === applied.generation &&
    fence.plan === shortDigest(applied.digest);
  return !isRecorded;
}
