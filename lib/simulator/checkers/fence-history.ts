import { isSaid } from '../../ledger/decider/state.ts';
import type { Fence, HeadMark } from '../../plan/fence.ts';
import { boundedReading, readFenceRecords } from '../../plan/fence.ts';
import { invariant } from '../../plan/invariant.ts';
import { fenceName } from '../../plan/owned-names.ts';
import type { RecordSet } from '../../plan/records.ts';
import { fenceProblem } from '../../rules/fence-step.ts';
import type { CellLooks, Checker, Commit } from './zone-history.ts';

interface Memory {
  readonly last: Fence | undefined;
  /** The highest seq that ever stood in the zone, in a fence of a hand as well. */
  readonly highest: number;
  /** True after a hand changed the fence, or the zone went back, until a fence stands above all earlier ones. */
  readonly byHand: boolean;
  readonly nonces: ReadonlySet<string>;
}

const NOTHING: Memory = { last: undefined, highest: 0, byHand: false, nonces: new Set() };

/**
 * I1: over the well-formed fences of one ledger the generation never goes down, and each seq is its predecessor's + 1;
 * only a staging batch keeps it, with everything else but the nonce and the writer. So the fence's history is one linked
 * list. No value of the fence ever returns. A fence too far above the newest generation that the log knows is malformed.
 *
 * I6: a fence that names an event above the log's head goes on naming it until the log says that it lost that event.
 */
export function fenceHistory(
  ledger: string,
  { peek, events }: Pick<CellLooks, 'peek' | 'events'>,
  memory = NOTHING,
): Checker {
  let { last, highest, byHand, nonces } = memory;
  const fenceAt = (records: readonly RecordSet[], name: string): Fence | undefined => {
    const there = records.filter((record) => record.name === name);
    const reading = boundedReading(readFenceRecords(there), peek().highest);
    return reading.type === 'fence' && reading.fence.ledger === ledger ? reading.fence : undefined;
  };
  const isSettled = (head: HeadMark): boolean => head.number <= events() || isSaid(peek(), head);
  const remember = (fence: Fence): void => {
    last = fence;
    highest = Math.max(highest, fence.seq);
    nonces = new Set([...nonces, fence.nonce]);
  };
  const startAnew = ({ after, scope }: Commit): void => {
    const fence = fenceAt(after, fenceName(scope));
    byHand = true;
    last = undefined;
    if (fence !== undefined) remember(fence);
  };
  return {
    name: 'I1 fence history',
    tampered: startAnew,
    // No writer is to blame. The next seq leaps above what the log knows, or follows the fence that stands again.
    returned: startAnew,
    check: ({ scope, after }) => {
      const fence = fenceAt(after, fenceName(scope));
      if (fence === undefined) return;
      const hasStood = (nonce: string): boolean => nonces.has(nonce);
      const problem = fenceProblem(fence, { last, byHand, hasStood, isSettled });
      invariant(problem === undefined, problem ?? '');
      if (last !== undefined && last.nonce === fence.nonce) return;
      if (fence.seq > highest) byHand = false;
      remember(fence);
    },
    clone: (cell) => fenceHistory(ledger, cell, { last, highest, byHand, nonces }),
    key: () => `${last?.nonce ?? ''}${byHand ? `!${highest}!` : ''}${[...nonces].sort().join()}`,
  };
}
