import type { CellState } from '../../ledger/decider/state.ts';
import type { Fence } from '../../plan/fence.ts';

/** What logs told of fences that a writer can have read. */
export interface ToldByLogs {
  /** The highest seqs that they told; 0 for one that is not above the fence. */
  readonly seqs: readonly number[];
  /** Whether one of them let the roles write: it told of no freeze, and of no rescue that the fence is not above. */
  readonly isOpen: boolean;
}

export const NOTHING_TOLD: ToldByLogs = { seqs: [], isOpen: false };

/** Anything may have been read under a fence that has returned. */
export const ANYTHING_TOLD: ToldByLogs = { seqs: [0], isOpen: true };

/** @param seq of the fence under which the log was read. */
export function toldOfFences(
  { applied, rescue, frozen }: Pick<CellState, 'applied' | 'rescue' | 'frozen'>,
  seq: number,
): ToldByLogs {
  const highest = Math.max(applied?.seq ?? 0, rescue?.seq ?? 0);
  const isBound = rescue !== null && seq <= rescue.seq;
  return { seqs: [highest > seq ? highest : 0], isOpen: frozen === null && !isBound };
}

export function toldTogether(...all: readonly ToldByLogs[]): ToldByLogs {
  const seqs = new Set(all.flatMap((told) => told.seqs));
  return { seqs: [...seqs].sort((a, b) => a - b), isOpen: all.some(({ isOpen }) => isOpen) };
}

export function toldKey({ seqs, isOpen }: ToldByLogs): string {
  return `${seqs.join('+')}${isOpen ? '' : '!'}`;
}

/**
 * Whether the seq of the next fence is the next one. Whoever has read the log goes on from what it tells where that is
 * higher, which it is only where a hand has been at the fence, or the zone went back (lib/cell/next-fence.ts). Who
 * freezes may do it without a log, and a rescue goes on from what trees show.
 */
export function countsOn(
  { seqs }: ToldByLogs,
  { saw, next }: { readonly saw: Fence | undefined; readonly next: Fence | undefined },
  from: number,
  to: number,
): boolean {
  if (next?.frozen === true && (saw === undefined ? to > from : to === from + 1)) return true;
  return seqs.some((highest) => to === Math.max(from, highest) + 1);
}
