import type { CellState } from '../ledger/decider/state.ts';
import type { FenceReading } from '../plan/fence.ts';
import { boundedReading, isRescueFence, NO_LEDGER } from '../plan/fence.ts';
import type { CellName } from '../plan/names.ts';
import { GIVEN_BACK } from './given-back.ts';

/**
 * How the log and the fence of a cell disagree whether roles may write. Every command tells the log and then the fence,
 * so whoever dies in between, or loses the answer, leaves one of these; so does a zone that goes back.
 *
 * | | log | fence |
 * |---|---|---|
 * | `log` | frozen | not frozen, or none that can be read |
 * | `fence` | neither frozen nor rescued | frozen, and not by a rescue, of which an enactor tells the log |
 * | `rescue` | rescued | below the rescue's, or none that can be read |
 * | `ended-rescue` | rescued | thawed since |
 */
export type FrozenHalf = 'log' | 'fence' | 'rescue' | 'ended-rescue';

/**
 * How they disagree; null when they agree, and when the zone cannot be read. A freeze or a thaw that is under way
 * disagrees too, for seconds. Pure.
 */
export function frozenHalf(
  { frozen, rescue, highest, ledger }: Pick<CellState, 'frozen' | 'rescue' | 'highest' | 'ledger'>,
  seen: FenceReading | { readonly type: 'unreachable' },
): FrozenHalf | null {
  if (seen.type === 'unreachable') return null;
  const reading = boundedReading(seen, highest);
  // A cell that was given back is frozen for good, and has no fence.
  if (reading.type === 'missing' && frozen?.reason === GIVEN_BACK) return null;
  if (reading.type !== 'fence') return rescue !== null ? 'rescue' : frozen === null ? null : 'log';
  const { fence } = reading;
  if (rescue !== null && (fence.seq < rescue.seq || (fence.seq === rescue.seq && !fence.frozen)))
    return 'rescue';
  if (frozen !== null) return fence.frozen ? null : 'log';
  if (rescue !== null) return fence.frozen ? null : 'ended-rescue';
  // Another ledger's freeze is that ledger's to know.
  const isOurs = fence.ledger === ledger || fence.ledger === NO_LEDGER;
  return fence.frozen && isOurs && !isRescueFence(fence) ? 'fence' : null;
}

/** A disagreement, and who froze the cell, where that is known. */
export interface HalfFrozen {
  readonly half: FrozenHalf;
  readonly frozen: { readonly by: string; readonly reason: string } | null;
}

/** The disagreement of a log and the fence that was read; undefined when they agree. Pure. */
export function halfFrozen(
  state: Pick<CellState, 'frozen' | 'rescue' | 'highest' | 'ledger'>,
  seen: FenceReading,
): HalfFrozen | undefined {
  const half = frozenHalf(state, seen);
  if (half === null) return undefined;
  const { frozen } = state;
  if (frozen !== null) return { half, frozen: { by: frozen.by, reason: frozen.reason } };
  const isInFence = seen.type === 'fence' && seen.fence.frozen;
  return { half, frozen: isInFence ? { by: seen.fence.by, reason: 'in the fence alone' } : null };
}

/**
 * What a person is told of it, the same everywhere, with the commands that complete or end it.
 *
 * @param since ` for 3 min`, or nothing where nobody knows.
 */
export function halfFrozenText(cell: CellName, { half, frozen }: HalfFrozen, since = ''): string {
  const completes = `"pawl freeze ${cell}" completes it, "pawl thaw ${cell}" lets the cell go on.`;
  const { by, reason } = frozen ?? { by: 'somebody', reason: 'no reason is known' };
  switch (half) {
    case 'log':
      return `${cell} is half frozen: ${by} froze it${since} in the log (${reason}), but its fence is not frozen, so a batch that is on its way may still go through: ${completes}`;
    case 'fence':
      return `${cell} is half frozen: ${by} froze its fence, but the log does not say so: ${completes}`;
    case 'rescue':
      return `${cell} is half rescued: the log has a rescue, but its fence is not there any more, as after a failover of Route 53, so what it wrote may be lost: look with "pawl audit ${cell}", then "pawl freeze ${cell}" completes it, "pawl thaw ${cell}" lets the cell go on.`;
    case 'ended-rescue':
      return `${cell} is half thawed: its fence is thawed, but the log still says that it is rescued: "pawl thaw ${cell}" completes it.`;
  }
}
