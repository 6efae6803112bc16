import { readFence } from '../cell/fence-reader.ts';
import type { NextFence } from '../cell/next-fence.ts';
import { fenceAfter, freshFence } from '../cell/next-fence.ts';
import { swapFence } from '../cell/swap-fence.ts';
import type { Head, Ledger } from '../ledger/ledger.ts';
import { LedgerUnavailable } from '../ledger/ledger.ts';
import type { Fence, FenceReading } from '../plan/fence.ts';
import { boundedReading } from '../plan/fence.ts';
import type { Seq } from '../plan/generation.ts';
import type { CellName } from '../plan/names.ts';
import { ZoneUnavailable } from '../zone/zone.ts';
import type { FenceWait } from './fence-wait.ts';
import { awaitFence, notCopied } from './fence-wait.ts';
import type { NotDone, OperatorZoneDeps, Outcome } from './operator.ts';
import { fenceRefused, refused, unknown } from './operator.ts';
import { recordEvent } from './record-event.ts';

/** The ledger may be left out with `fenceOnly`. */
export type FreezeDeps = Omit<OperatorZoneDeps, 'ledger'> & { readonly ledger?: Ledger };

export interface FreezeRequest {
  readonly cell: CellName;
  readonly reason: string;
  /** The ledger is down: do the fence's part alone, which is the part that stops every writer. */
  readonly fenceOnly?: boolean;
  readonly wait: FenceWait;
}

/** Each attempt loses only to a write that went through in between, and roles write a few batches a minute. */
const FREEZE_ATTEMPTS_MAX = 50;
/** Batches without an answer that counts: then nobody else is to blame, and more of them say nothing new. */
const DOUBTS_MAX = 3;
/** The event may be appended twice without harm, so after a lost answer it is appended again. */
const APPEND_ATTEMPTS_MAX = 5;
/** No append begins later, milliseconds: the fence is the part that stops every writer, and must not wait for long. */
const APPEND_MS_MAX = 20_000;

/**
 * Freezes a cell: CellFrozen into the log, then frozen=1 into the fence, both even if it was frozen already. It is done
 * once its own fence is INSYNC and has been read back: from then on every batch in flight fails, staging included (I7),
 * and no return of the zone undoes it, because what is INSYNC is copied (docs/adr/0053-a-zone-may-go-back.md).
 *
 * Both are always written because a thaw may be in flight:
 *  1. the thaw reads the frozen fence;
 *  2. this freeze appends CellFrozen and finds the fence frozen; if it left the fence as it is, then
 *  3. the thaw's compare-and-swap would go through, and nothing would be frozen any more.
 *
 * A fence of another ledger is frozen too, and stays that ledger's.
 *
 * @returns refused when Route 53 refused the fence, although nobody had moved it; then the log's half stands alone.
 * @returns unknown when one half is done, and whether the other is done is not known, or when the fence is frozen and
 * not INSYNC at the deadline. The reason says which.
 * @throws LedgerUnavailable when the ledger is down and `fenceOnly` was not asked for: the fence was not touched.
 * @throws ZoneUnavailable when Route 53 cannot be reached and `fenceOnly` was asked for: the fence may be frozen.
 */
export async function freeze(
  deps: FreezeDeps,
  request: FreezeRequest,
): Promise<Outcome<{ readonly seq: Seq }>> {
  const { cell, reason, fenceOnly, wait } = request;
  const { ledger } = deps;
  if (fenceOnly === true) return endOf(cell, await freezeFence(deps, undefined, wait), '--fence-only');
  if (ledger === undefined)
    return refused('Without a ledger only the fence can be frozen: use --fence-only.');
  const told = await tell({ ...deps, ledger }, cell, reason);
  if (told.type === 'refused') return refused(told.reason);
  // A head that cannot be read must not keep the fence from being frozen, because the log may say that it is.
  const head = told.head ?? (await headIfReached(ledger, cell));
  const fence = await freezeFence(deps, head, wait).catch(unreached);
  if (fence.type === 'refused' || fence.type === 'unknown')
    return told.head === undefined ? fence : logAlone(cell, fence);
  if (told.head !== undefined) return endOf(cell, fence);
  return unknown(
    `Half of it is done: the fence of cell ${cell} is frozen (seq ${fence.seq}), but whether the log has CellFrozen is not known: freeze again. ${told.reason}`,
  );
}

function endOf(cell: CellName, fence: FrozenFence, flag = ''): Outcome<{ readonly seq: Seq }> {
  if (fence.type !== 'not copied') return fence;
  const command = `"${`pawl freeze ${cell} ${flag}`.trim()}"`;
  return unknown(notCopied(`The fence of cell ${cell} is frozen (seq ${fence.seq})`, command));
}

async function headIfReached(ledger: Ledger, cell: CellName): Promise<Head | undefined> {
  try {
    return await ledger.head(cell);
  } catch (error) {
    if (error instanceof LedgerUnavailable) return undefined;
    throw error;
  }
}

/** The outcome of a fence that could not be reached; everything else that was thrown is thrown on. */
function unreached(error: unknown): NotDone {
  if (error instanceof ZoneUnavailable) return unknown(error.message);
  throw error;
}

function logAlone(cell: CellName, { type, reason }: NotDone): NotDone {
  const fence = type === 'refused' ? 'its fence is not frozen' : 'whether its fence is frozen is not known';
  return {
    type,
    reason: `Half of it is done: the log of cell ${cell} has CellFrozen, but ${fence}, so a batch that is on its way may still go through. ${reason}`,
  };
}

type Told =
  | { readonly type: 'told'; readonly head: Head | undefined; readonly reason: string }
  | { readonly type: 'refused'; readonly reason: string };

/** Appends CellFrozen; without a head, and with the reason, when no append was answered. */
async function tell(deps: OperatorZoneDeps, cell: CellName, reason: string): Promise<Told> {
  const startedAt = deps.clock.now();
  let reasonUnknown = '';
  for (let attempt = 1; attempt <= APPEND_ATTEMPTS_MAX; attempt += 1) {
    if (attempt > 1 && deps.clock.now() - startedAt > APPEND_MS_MAX) break;
    const outcome = await append(deps, cell, reason, attempt > 1);
    if (outcome.type === 'refused') return outcome;
    if (outcome.type !== 'unknown') return { type: 'told', head: outcome.head, reason: '' };
    reasonUnknown = outcome.reason;
  }
  return { type: 'told', head: undefined, reason: reasonUnknown };
}

/** One append. After one whose answer was lost, a ledger that is away is no reason to leave the fence as it is. */
async function append(
  deps: OperatorZoneDeps,
  cell: CellName,
  reason: string,
  mayHaveTold: boolean,
): ReturnType<typeof recordEvent> {
  try {
    return await recordEvent(deps, cell, () => ({ type: 'FreezeCell', reason }));
  } catch (error) {
    if (mayHaveTold && error instanceof LedgerUnavailable) return unknown(error.message);
    throw error;
  }
}

/** `not copied`: it stands, and is not INSYNC at the deadline. */
type FrozenFence = Outcome<{ readonly seq: Seq }> | { readonly type: 'not copied'; readonly seq: Seq };

/** `head` is absent when the ledger is not to be asked. */
async function freezeFence(deps: FreezeDeps, head: Head | undefined, wait: FenceWait): Promise<FrozenFence> {
  const { writer } = deps;
  const { cell } = writer.scope;
  let doubts = 0;
  for (let attempt = 1; attempt <= FREEZE_ATTEMPTS_MAX; attempt += 1) {
    const read = await readFence(writer.zone, writer.scope);
    const reading = head === undefined ? read : boundedReading(read, head.state.highest);
    const next = frozenFence(reading, head);
    if (next === undefined) {
      return refused(
        `The fence of cell ${cell} is ${reading.type}, and without the ledger nobody knows what it should say: ` +
          'freeze again when the ledger is back, or use "pawl rescue", which reads the zone\'s own trees.',
      );
    }
    // Only a fence that can be read has a generation to keep.
    const kind = reading.type === 'fence' ? 'freeze' : 'fence';
    const outcome = await swapFence(deps, { kind, reading, next, verb: 'freeze' });
    switch (outcome.type) {
      case 'refused':
        return fenceRefused(cell, outcome.reason, 'freeze');
      case 'unknown':
        doubts += 1;
        if (doubts === DOUBTS_MAX) return fenceDoubtful(cell, outcome.reason);
        break;
      case 'lost':
        break;
      case 'applied': {
        const { seq } = outcome.fence;
        const place = await awaitFence({ zone: writer.zone, clock: deps.clock }, outcome.changeId, wait);
        // A fence whose change nobody knows is written again: it may be lost.
        if (place === 'unknown' || !(await stands(writer, outcome.fence))) break;
        return { type: place === 'insync' ? 'done' : 'not copied', seq };
      }
    }
  }
  return unknown(
    `The fence of cell ${cell} moved ${FREEZE_ATTEMPTS_MAX} times while it was being frozen: look who writes, and freeze again.`,
  );
}

/** Whether this very fence is read back: from then on every batch in flight fails. */
async function stands({ zone, scope }: OperatorZoneDeps['writer'], { nonce }: Fence): Promise<boolean> {
  const after = await readFence(zone, scope);
  return after.type === 'fence' && after.fence.nonce === nonce && after.fence.frozen;
}

function fenceDoubtful(cell: CellName, reason: string): NotDone {
  return unknown(
    `Route 53 gave no answer that counts to ${DOUBTS_MAX} batches for the fence of cell ${cell} (${reason}): freeze again.`,
  );
}

function frozenFence(reading: FenceReading, head: Head | undefined): NextFence | undefined {
  if (reading.type === 'fence') return fenceAfter(reading.fence, head, { frozen: true });
  return head === undefined ? undefined : freshFence(head, { frozen: true });
}
