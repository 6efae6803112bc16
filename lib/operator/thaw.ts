import { readFence } from '../cell/fence-reader.ts';
import { fenceAfter } from '../cell/next-fence.ts';
import { otherLedgerText, standingOf } from '../cell/standing.ts';
import { swapFence } from '../cell/swap-fence.ts';
import type { CellState } from '../ledger/decider/state.ts';
import type { Head } from '../ledger/ledger.ts';
import { LedgerUnavailable } from '../ledger/ledger.ts';
import type { Fence, FenceReading } from '../plan/fence.ts';
import { isRescueFence, NO_PLAN } from '../plan/fence.ts';
import type { Seq } from '../plan/generation.ts';
import type { CellName } from '../plan/names.ts';
import type { NotDone, OperatorZoneDeps, Outcome } from './operator.ts';
import { fenceRefused, refused, unknown } from './operator.ts';
import { recordEvent } from './record-event.ts';

export interface ThawRequest {
  readonly cell: CellName;
}

export interface Thaw {
  /** Of the fence after the thaw; 0 when there is no fence that can be read. */
  readonly seq: number;
  /** False when neither the fence nor the ledger was frozen. */
  readonly wasFrozen: boolean;
}

/**
 * Thaws a cell: the fence first, by one compare-and-swap on what was read, then CellThawed. A thaw that loses ends and
 * says so: another writer moved the fence and may have frozen it again, and this person has not seen why. For the same
 * reason nothing is appended when somebody has frozen the cell since the log was read.
 *
 * A frozen fence of no ledger, which a rescue made, becomes this ledger's.
 *
 * @returns refused when Route 53 refused the fence although nobody had moved it.
 * @returns unknown when the fence is thawed and the log could not be told: thaw again.
 * @throws LedgerUnavailable when the ledger is down: nothing was written.
 * @throws ZoneUnavailable when Route 53 cannot be reached; the fence may then be thawed.
 */
export async function thaw(deps: OperatorZoneDeps, { cell }: ThawRequest): Promise<Outcome<Thaw>> {
  const { writer, ledger } = deps;
  const reading = await readFence(writer.zone, writer.scope);
  const head = await ledger.head(cell);
  const standing = standingOf(reading, head.state, 'fence-first');
  if (standing.type === 'unreadable' || !standing.fence.frozen) {
    const seq = standing.type === 'unreadable' ? 0 : standing.fence.seq;
    const trouble = await tell(deps, head);
    return trouble ?? { type: 'done', seq, wasFrozen: isFrozen(head.state) };
  }
  const { fence } = standing;
  if (standing.type === 'other-ledger') {
    return refused(
      `${otherLedgerText(cell, fence)}, and this is ledger ${head.state.ledger}: thaw it with its own, or take it over with "pawl adopt --cell ${cell}".`,
    );
  }
  const swapped = await swap(deps, reading, fence, head);
  if (swapped.type !== 'done') return swapped;
  const trouble = await tell(deps, head).catch(unreached);
  if (trouble === undefined) return { type: 'done', seq: swapped.seq, wasFrozen: true };
  return {
    type: trouble.type,
    reason: `Half of it is done: the fence of cell ${cell} is thawed (seq ${swapped.seq}), but the log may still say that the cell is frozen, and then roles wait. ${trouble.reason}`,
  };
}

/** The outcome of a log that could not be reached; everything else that was thrown is thrown on. */
function unreached(error: unknown): NotDone {
  if (error instanceof LedgerUnavailable) return unknown(`${error.message} Thaw again when it is back.`);
  throw error;
}

async function swap(
  deps: OperatorZoneDeps,
  reading: FenceReading,
  fence: Fence,
  head: Head,
): Promise<Outcome<{ readonly seq: Seq }>> {
  const { writer } = deps;
  const { cell } = writer.scope;
  // // A rescue's fence carries a file's digest: the thawed fence names no plan, and every role reads the zone first.
  const plan = isRescueFence(fence) ? NO_PLAN : fence.plan;
  const next = fenceAfter(fence, head, { plan, frozen: false, ledger: head.state.ledger });
  const outcome = await swapFence(deps, { kind: 'fence', reading, next, verb: 'thaw' });
  switch (outcome.type) {
    case 'applied':
      return { type: 'done', seq: outcome.fence.seq };
    case 'refused':
      return fenceRefused(cell, outcome.reason, 'thaw');
    case 'lost':
      return refused(
        `The fence of cell ${cell} moved while it was being thawed, so it was left as it is: look at it, then thaw again.`,
      );
    case 'unknown':
      return unknown(
        `Whether the fence of cell ${cell} was thawed is not known (${outcome.reason}): thaw again.`,
      );
  }
}

/** Appends CellThawed, unless the freeze in the log is not the one that was read. */
async function tell(deps: OperatorZoneDeps, before: Head): Promise<NotDone | undefined> {
  const { cell } = before;
  let frozenAnew = false;
  const outcome = await recordEvent(deps, cell, ({ state }) => {
    frozenAnew = state.frozen !== null && !sameFreeze(state.frozen, before.state.frozen);
    return frozenAnew ? undefined : { type: 'ThawCell' };
  });
  if (outcome.type === 'refused' || outcome.type === 'unknown') return outcome;
  return frozenAnew
    ? refused(`Somebody froze cell ${cell} again while it was being thawed: look why, then thaw again.`)
    : undefined;
}

function sameFreeze(a: CellState['frozen'], b: CellState['frozen']): boolean {
  return a !== null && b !== null && a.at === b.at && a.by === b.by && a.reason === b.reason;
}

function isFrozen(state: CellState): boolean {
  return state.frozen !== null || state.rescue !== null;
}
