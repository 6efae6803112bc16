import type { AppliedState, CellState } from '../ledger/decider/state.ts';
import type { Fence } from '../plan/fence.ts';
import { NO_PLAN } from '../plan/fence.ts';
import { generation, nextSeq } from '../plan/generation.ts';

/** What the next fence says; the nonce and the writer are filled in as it is sent. */
export type NextFence = Omit<Fence, 'nonce' | 'by'>;

/**
 * The fence after `fence`, with `changes` made to it. When a hand has put `fence` back, the seq continues from the one
 * that the log knows. Pure.
 */
export function fenceAfter(
  { generation: at, seq, plan, frozen, ledger }: Fence,
  applied: Pick<AppliedState, 'seq'> | null,
  changes: Partial<Omit<NextFence, 'seq'>> = {},
): NextFence {
  return { generation: at, plan, frozen, ledger, ...changes, seq: nextSeq(seq, applied?.seq ?? 0) };
}

/**
 * The same fence under another nonce. A staging batch leaves it: nothing is applied by it, and yet whoever has read the
 * fence before it must read again (docs/adr/0042-nothing-rests-on-an-identical-record.md). Pure.
 */
export function renewedFence({ generation: at, seq, plan, frozen, ledger }: Fence): NextFence {
  return { generation: at, seq, plan, frozen, ledger };
}

/**
 * A fence in the place of a missing or malformed one: at the goal's generation but under no plan, so that no plan
 * counts as applied before somebody has looked at the zone (docs/adr/0002-fresh-fence.md). Pure.
 */
export function freshFence(state: CellState, { frozen }: { readonly frozen: boolean }): NextFence {
  const { goal, highest, applied, ledger } = state;
  return {
    generation: generation(Math.max(1, goal?.generation ?? highest, applied?.generation ?? 0)),
    seq: nextSeq(applied?.seq ?? 0),
    plan: NO_PLAN,
    frozen,
    ledger,
  };
}
