import { readFence } from '../cell/fence-reader.ts';
import type { NextFence } from '../cell/next-fence.ts';
import { fenceAfter, freshFence } from '../cell/next-fence.ts';
import { swapFence } from '../cell/swap-fence.ts';
import type { CellState } from '../ledger/decider/state.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { FenceReading } from '../plan/fence.ts';
import { boundedReading } from '../plan/fence.ts';
import type { Seq } from '../plan/generation.ts';
import type { CellName } from '../plan/names.ts';
import type { OperatorZoneDeps, Outcome } from './operator.ts';
import { refused, unknown } from './operator.ts';
import { recordEvent } from './record-event.ts';

/** The ledger may be left out with `fenceOnly`. */
export type FreezeDeps = Omit<OperatorZoneDeps, 'ledger'> & { readonly ledger?: Ledger };

export interface FreezeRequest {
  readonly cell: CellName;
  readonly reason: string;
  /** The ledger is down: do the fence's part alone, which is the part that stops every writer. */
  readonly fenceOnly?: boolean;
}

/** Each attempt loses only to a write that went through in between, and roles write a few batches a minute. */
const FREEZE_ATTEMPTS_MAX = 50;
/** The event may be appended twice without harm, so after a lost answer it is appended again. */
const APPEND_ATTEMPTS_MAX = 5;

/**
 * Freezes a cell: CellFrozen into the log, then frozen=1 into the fence, both even if it was frozen already. Returns
 * once its own fence has been read back: from then on every batch in flight fails, staging included (I7).
 *
 * Both are always written because a thaw may be in flight:
 *  1. the thaw reads the frozen fence;
 *  2. this freeze appends CellFrozen and finds the fence frozen; if it left the fence as it is, then
 *  3. the thaw's compare-and-swap would go through, and nothing would be frozen any more.
 *
 * A fence of another ledger is frozen too, and stays that ledger's.
 *
 * @returns unknown when the fence is frozen but the event's append was never answered.
 * @throws LedgerUnavailable when the ledger is down and `fenceOnly` was not asked for: the fence was not touched.
 * @throws ZoneUnavailable when Route 53 cannot be reached: the fence may not be frozen yet, freeze again.
 */
export async function freeze(
  deps: FreezeDeps,
  request: FreezeRequest,
): Promise<Outcome<{ readonly seq: Seq }>> {
  const { cell, reason, fenceOnly } = request;
  const { ledger } = deps;
  if (fenceOnly === true) return freezeFence(deps, undefined);
  if (ledger === undefined)
    return refused('Without a ledger only the fence can be frozen: use --fence-only.');
  const state = await tell({ ...deps, ledger }, cell, reason);
  const fence = await freezeFence(deps, state ?? (await ledger.head(cell)).state);
  if (fence.type !== 'done' || state !== undefined) return fence;
  return unknown(
    `The fence of cell ${cell} is frozen (seq ${fence.seq}), but whether the ledger took CellFrozen is not known: freeze again.`,
  );
}

/** Appends CellFrozen; undefined when no append was answered. */
async function tell(deps: OperatorZoneDeps, cell: CellName, reason: string): Promise<CellState | undefined> {
  for (let attempt = 1; attempt <= APPEND_ATTEMPTS_MAX; attempt += 1) {
    const outcome = await recordEvent(deps, cell, () => ({ type: 'FreezeCell', reason }));
    if (outcome.type === 'appended' || outcome.type === 'recorded') return outcome.head.state;
  }
  return undefined;
}

/** `state` is absent when the ledger is not to be asked. */
async function freezeFence(
  deps: FreezeDeps,
  state: CellState | undefined,
): Promise<Outcome<{ readonly seq: Seq }>> {
  const { writer } = deps;
  const { cell } = writer.scope;
  for (let attempt = 1; attempt <= FREEZE_ATTEMPTS_MAX; attempt += 1) {
    const read = await readFence(writer.zone, writer.scope);
    const reading = state === undefined ? read : boundedReading(read, state.highest);
    const next = frozenFence(reading, state);
    if (next === undefined) {
      return refused(
        `The fence of cell ${cell} is ${reading.type}, and without the ledger nobody knows what it should say: ` +
          'freeze again when the ledger is back, or use "pawl rescue", which reads the zone\'s own trees.',
      );
    }
    // Only a fence that can be read has a generation to keep.
    const kind = reading.type === 'fence' ? 'freeze' : 'fence';
    const outcome = await swapFence(deps, { kind, reading, next, verb: 'freeze' });
    if (outcome.type !== 'applied') continue;
    const after = await readFence(writer.zone, writer.scope);
    if (after.type === 'fence' && after.fence.nonce === outcome.fence.nonce && after.fence.frozen) {
      return { type: 'done', seq: outcome.fence.seq };
    }
  }
  return unknown(
    `The fence of cell ${cell} moved ${FREEZE_ATTEMPTS_MAX} times while it was being frozen: look who writes, and freeze again.`,
  );
}

function frozenFence(reading: FenceReading, state: CellState | undefined): NextFence | undefined {
  if (reading.type === 'fence') return fenceAfter(reading.fence, state?.applied ?? null, { frozen: true });
  return state === undefined ? undefined : freshFence(state, { frozen: true });
}
