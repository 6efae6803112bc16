import type { Fence, HeadMark } from '../plan/fence.ts';

/** What is remembered of the fences that stood before. */
export interface FenceMemory {
  /** The fence that stood last; undefined where nobody can say, as after one that could not be read. */
  readonly last: Fence | undefined;
  /** True after a hand changed the fence, or the zone went back, until a fence stands above all earlier ones. */
  readonly byHand: boolean;
  /** Whether a fence of this nonce has stood before. */
  readonly hasStood: (nonce: string) => boolean;
  /** Whether the log bears an event out, or says itself that it lost it. */
  readonly isSettled: (mark: HeadMark) => boolean;
}

/**
 * I1 and I6 of one fence that follows another: what is wrong with it; undefined where nothing is. The generation never
 * goes down, each seq is its predecessor's + 1, and only a staging batch keeps it, with everything else but the nonce and
 * the writer. No value returns. A fence that names an event which the log lost goes on naming it until the log says so.
 */
export function fenceProblem(fence: Fence, memory: FenceMemory): string | undefined {
  const { last, byHand, hasStood, isSettled } = memory;
  if (last !== undefined && last.nonce === fence.nonce)
    return saysTheSame(last, fence) ? undefined : 'I1: a fence changed under its nonce';
  if (hasStood(fence.nonce)) return `I1: the fence value n=${fence.nonce} has returned`;
  if (last === undefined) return undefined;
  const { head } = last;
  const isKept =
    head === undefined ||
    isSettled(head) ||
    (fence.head?.number === head.number && fence.head.digits === head.digits);
  if (!isKept) return 'I6: the fence has forgotten an event that the log lost';
  if (fence.generation < last.generation)
    return `I1: the fence went back from ${last.generation} to ${fence.generation}`;
  // After a hand has set the fence back, the seq leaps to what the log knows. Otherwise it is one above the
  // predecessor's. The log may learn late of a fence that stood before the hand changed it; then a second writer
  // leaps again.
  const isNext = fence.seq === last.seq + 1 || (byHand && fence.seq > last.seq) || saysTheSame(last, fence);
  return isNext ? undefined : `I1: the fence's seq went from ${last.seq} to ${fence.seq}`;
}

function saysTheSame(a: Fence, b: Fence): boolean {
  return a.seq === b.seq && a.generation === b.generation && a.plan === b.plan && a.frozen === b.frozen;
}
