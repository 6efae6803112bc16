import type { CellState } from '../../ledger/decider/state.ts';
import type { FenceReading } from '../../plan/fence.ts';
import { isRescueFence } from '../../plan/fence.ts';
import type { CellName } from '../../plan/names.ts';
import { tame } from '../printing/paper.ts';

/** The half of a freeze that stands alone; null when the log and the fence agree. */
export type FrozenHalf = 'log' | 'fence' | null;

/**
 * The half that alone is frozen: a freeze writes to the log and then to the fence, and so does a thaw.
 * Null when both are frozen or neither is, when the zone cannot be read, and while a rescue is in force, which has no
 * log.
 */
export function frozenHalf(
  { frozen }: Pick<CellState, 'frozen'>,
  seen: FenceReading | { readonly type: 'unreachable' },
): FrozenHalf {
  if (seen.type === 'unreachable') return null;
  if (seen.type !== 'fence') return frozen === null ? null : 'log';
  const { fence } = seen;
  if (fence.frozen) return frozen === null && !isRescueFence(fence) ? 'fence' : null;
  return frozen === null ? null : 'log';
}

/**
 * What a frozen cell's status says, with the command that completes or ends it.
 *
 * @param since ` for 3 min`, or nothing where nobody knows.
 */
export function frozenText(
  cell: CellName,
  { by, reason }: { readonly by: string; readonly reason: string },
  half: FrozenHalf,
  since: string,
): string {
  const completes = `"pawl freeze ${cell}" completes it, "pawl thaw ${cell}" lets the cell go on.`;
  switch (half) {
    case 'log':
      return `${cell} is half frozen: ${tame(by)} froze it${since} in the log (${tame(reason)}), but its fence is not frozen, so a batch that is on its way may still go through: ${completes}`;
    case 'fence':
      return `${cell} is half frozen: ${tame(by)} froze its fence, but the log does not say so: ${completes}`;
    case null:
      return `${cell} is frozen by ${tame(by)}${since} (${tame(reason)}): "pawl thaw ${cell}" lets it go on.`;
  }
}
