import { readFence } from '../cell/fence-reader.ts';
import { fenceAfter } from '../cell/next-fence.ts';
import { otherLedgerText, standingOf } from '../cell/standing.ts';
import { swapFence } from '../cell/swap-fence.ts';
import type { Command } from '../ledger/decider/commands.ts';
import { lostEventText } from '../ledger/decider/decide.ts';
import type { CellState } from '../ledger/decider/state.ts';
import { ownMark, unsaidMark } from '../ledger/head-mark.ts';
import type { Head } from '../ledger/ledger.ts';
import { LedgerUnavailable } from '../ledger/ledger.ts';
import type { Fence, FenceReading, HeadMark } from '../plan/fence.ts';
import { isRescueFence, NO_PLAN } from '../plan/fence.ts';
import type { Seq } from '../plan/generation.ts';
import type { CellName } from '../plan/names.ts';
import { ZoneUnavailable } from '../zone/zone.ts';
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
 * Thaws a cell: CellThawed first, then the fence, by one compare-and-swap on what was read before the log. A thaw that
 * loses ends and says so: another writer moved the fence and may have frozen it again, and this person has not seen why.
 * For the same reason nothing is written when somebody has frozen the cell since the log was read.
 *
 * The log comes first because an enactor freezes the fence of a cell that the log says is frozen:
 *  1. the thaw reads the fence and the log;
 *  2. it appends CellThawed; from then on no enactor begins to freeze the fence;
 *  3. an enactor that had read the log before sends its frozen fence; whichever of its batch and the thaw's comes first,
 *     the other is refused, because both rest on the fence that stood. So the fence is moved even if it is not frozen.
 * Until the fence is thawed it still stops everybody.
 *
 * A rescue's fence tells the log of itself: an enactor that reads it between 2 and 3 appends RescueFound again. So the
 * log is told once more after it.
 *
 * A frozen fence of no ledger, which a rescue made, becomes this ledger's.
 *
 * @returns refused when Route 53 refused the fence although nobody had moved it.
 * @returns unknown when an answer was lost: thaw again.
 * @throws LedgerUnavailable when the ledger is down: nothing was written.
 */
export async function thaw(deps: OperatorZoneDeps, { cell }: ThawRequest): Promise<Outcome<Thaw>> {
  const { writer, ledger } = deps;
  const reading = await readFence(writer.zone, writer.scope);
  const head = await ledger.head(cell);
  const standing = standingOf(reading, head.state, 'fence-first');
  const wasFrozen = isFrozen(head.state);
  if (standing.type === 'unreadable') return (await tell(deps, head)) ?? { type: 'done', seq: 0, wasFrozen };
  const { fence } = standing;
  if (standing.type === 'other-ledger' && fence.frozen) {
    return refused(
      `${otherLedgerText(cell, fence)}, and this is ledger ${head.state.ledger}: thaw it with its own, or take it over with "pawl adopt --cell ${cell}".`,
    );
  }
  // What is lost must be said before this thaw uses its numbers again.
  const anchor = ownMark(reading, head.state);
  const lost = unsaidMark(head, anchor);
  if (lost !== undefined) return refused(lostEventText(cell, lost));
  const trouble = await tell(deps, head, anchor);
  if (trouble !== undefined) return trouble;
  const isOwn = standing.type === 'own';
  if (!fence.frozen && !(isOwn && wasFrozen)) return { type: 'done', seq: fence.seq, wasFrozen };
  const swapped = await swap(deps, reading, fence, head).catch(unreached);
  if (swapped.type !== 'done') return halfDone(cell, swapped);
  const left = isRescueFence(fence) ? await tellAgain(deps, cell).catch(unreached) : undefined;
  return left ?? { type: 'done', seq: swapped.seq, wasFrozen: true };
}

/** The log has CellThawed, and the fence may still be frozen, which stops everybody. */
function halfDone(cell: CellName, { type, reason }: NotDone): NotDone {
  return {
    type,
    reason: `Half of it is done: the log of cell ${cell} has CellThawed, but its fence may still be frozen, and then roles wait. ${reason}`,
  };
}

/** Ends the rescue once more, for an enactor that found its fence after the log was told. */
async function tellAgain(deps: OperatorZoneDeps, cell: CellName): Promise<NotDone | undefined> {
  return tell(deps, await deps.ledger.head(cell));
}

/** The outcome of a service that could not be reached after the log was told; everything else is thrown on. */
function unreached(error: unknown): NotDone {
  const isAway = error instanceof LedgerUnavailable || error instanceof ZoneUnavailable;
  if (isAway) return unknown(`${error.message} Thaw again when it is back.`);
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
  // A rescue's fence carries a file's digest: the thawed fence names no plan, and every role reads the zone first.
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
async function tell(deps: OperatorZoneDeps, before: Head, anchor?: HeadMark): Promise<NotDone | undefined> {
  const { cell } = before;
  let frozenAnew = false;
  const propose = ({ state }: Head): Command | undefined => {
    frozenAnew = state.frozen !== null && !sameFreeze(state.frozen, before.state.frozen);
    return frozenAnew ? undefined : { type: 'ThawCell' };
  };
  const outcome = await recordEvent(deps, cell, propose, anchor);
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
