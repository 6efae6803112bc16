import { canRecord } from '../ledger/decider/formats.ts';
import type { CellState } from '../ledger/decider/state.ts';
import type { Marked } from '../ledger/head-mark.ts';
import { markOf, unsaidMark } from '../ledger/head-mark.ts';
import type { Head } from '../ledger/ledger.ts';
import type { Fence, HeadMark } from '../plan/fence.ts';
import { NO_PLAN } from '../plan/fence.ts';
import { generation, nextSeq } from '../plan/generation.ts';

/** What the next fence says; the nonce and the writer are filled in as it is sent. */
export type NextFence = Omit<Fence, 'nonce' | 'by'>;

/** What of a head the next fence says: its mark, and the seq that it goes on from. */
interface Basis extends Marked {
  readonly state: Marked['state'] & Pick<CellState, 'applied' | 'ledger' | 'rescue'>;
}

/** The highest seq of a fence that the log has recorded, 0 before any: a fence below it has gone back. Pure. */
export function knownSeq({ applied, rescue }: Pick<CellState, 'applied' | 'rescue'>): number {
  return Math.max(applied?.seq ?? 0, rescue?.seq ?? 0);
}

/**
 * The fence after `fence`, with `changes` made to it. When a hand has put `fence` back, the seq continues from the one
 * that the log knows. Pure.
 *
 * @param head on which the write is decided; undefined where no ledger was read, and then the mark stays as it was read.
 * So it does where the next fence stays another ledger's: our log is not what that one remembers.
 */
export function fenceAfter(
  fence: Fence,
  head: Basis | undefined,
  changes: Partial<Pick<Fence, 'generation' | 'plan' | 'frozen' | 'ledger'>> = {},
): NextFence {
  const next = {
    ...said(fence),
    ...changes,
    seq: nextSeq(fence.seq, head === undefined ? 0 : knownSeq(head.state)),
  };
  const isOurs = head !== undefined && next.ledger === head.state.ledger;
  const mark = isOurs ? nextMark(head, fence) : fence.head;
  return mark === undefined ? next : { ...next, head: mark };
}

/**
 * The same fence under another nonce. A staging batch leaves it: nothing is applied by it, and yet whoever has read the
 * fence before it must read again (docs/adr/0042-nothing-rests-on-an-identical-record.md). Pure.
 */
export function renewedFence(fence: Fence): NextFence {
  const { head } = fence;
  return { ...said(fence), ...(head === undefined ? {} : { head }) };
}

/**
 * The fence of another cell after a batch that takes endpoints from it: nothing of it changes but its seq. Its head stays,
 * because nobody has read that cell's log. Pure.
 */
export function passedFence(fence: Fence): NextFence {
  const { head } = fence;
  return { ...said(fence), seq: nextSeq(fence.seq), ...(head === undefined ? {} : { head }) };
}

function said({ generation: at, seq, plan, frozen, ledger }: Fence): Omit<NextFence, 'head'> {
  return { generation: at, seq, plan, frozen, ledger };
}

/**
 * A fence in the place of a missing or malformed one: at the goal's generation but under no plan, so that no plan
 * counts as applied before somebody has looked at the zone (docs/adr/0002-fresh-fence.md). Pure.
 */
export function freshFence(head: Head, { frozen }: { readonly frozen: boolean }): NextFence {
  const { goal, highest, applied, ledger } = head.state;
  const mark = nextMark(head);
  return {
    generation: generation(Math.max(1, goal?.generation ?? highest, applied?.generation ?? 0)),
    seq: nextSeq(knownSeq(head.state)),
    plan: NO_PLAN,
    frozen,
    ledger,
    ...(mark === undefined ? {} : { head: mark }),
  };
}

/**
 * The mark of a fence that is decided on this head. A mark that the log does not bear out stays until the log says so,
 * because nothing else would remember it. Where somebody at work may not read a mark yet, which a log of an older format
 * means, the next fence has one only if this one has.
 *
 * @param fence which the next one follows; undefined when none could be read.
 */
function nextMark(head: Basis, fence?: Fence): HeadMark | undefined {
  const own = fence?.ledger === head.state.ledger ? fence.head : undefined;
  if (!canRecord(head.state, 'LogContradicted')) return own;
  return unsaidMark(head, own) ?? markOf(head);
}
