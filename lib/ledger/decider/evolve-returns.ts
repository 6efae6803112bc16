import { ownValue } from '../../plan/own-value.ts';
import type { EndpointRefused, PlanAppended, PlanApplied } from './events.ts';
import { endpointOf, withCapacityRemoved } from './evolve-obstacles.ts';
import type { CapacityRemoval, CellState } from './state.ts';
import { isSince4 } from './state.ts';

type Counted = Pick<CellState, 'capacityRemoved' | 'capacityReturning'>;

/**
 * What comes back with an approved plan is not gone: it cancels what was counted of the endpoint, the newest first, and
 * never more than that, so that no return pays for a later loss. Format 3 counted on. What was cancelled is remembered
 * until the plan is applied, because Route 53 may refuse it.
 */
export function withReturned(
  before: CellState,
  { capacityReturned, disposition }: Pick<PlanAppended, 'capacityReturned' | 'disposition'>,
): Counted {
  const { capacityRemoved, capacityReturning } = before;
  if (!isSince4(before) || disposition === 'held' || capacityReturned === undefined)
    return { capacityRemoved, capacityReturning };
  const removed: Record<string, readonly CapacityRemoval[]> = { ...capacityRemoved };
  const returning: Record<string, number> = { ...capacityReturning };
  for (const [endpoint, permille] of Object.entries(capacityReturned)) {
    const { left, cancelled } = cancel(ownValue(capacityRemoved, endpoint) ?? [], permille);
    if (cancelled === 0) continue;
    if (left.length > 0) removed[endpoint] = left;
    else delete removed[endpoint];
    returning[endpoint] = (ownValue(capacityReturning, endpoint) ?? 0) + cancelled;
  }
  return { capacityRemoved: removed, capacityReturning: returning };
}

function cancel(
  removals: readonly CapacityRemoval[],
  permille: number,
): { readonly left: readonly CapacityRemoval[]; readonly cancelled: number } {
  let open = permille;
  const left: CapacityRemoval[] = [];
  for (const removal of removals.toReversed()) {
    const part = Math.min(open, removal.permille);
    open -= part;
    if (part < removal.permille) left.unshift({ at: removal.at, permille: removal.permille - part });
  }
  return { left, cancelled: permille - open };
}

/** Once the goal is applied, what it brings back is back. */
export function withoutReturning(
  { capacityReturning, goal }: Pick<CellState, 'capacityReturning' | 'goal'>,
  { generation }: Pick<PlanApplied, 'generation'>,
): CellState['capacityReturning'] {
  return goal?.generation === generation ? {} : capacityReturning;
}

/** What Route 53 refused to bring back counts again, from the refused plan on. */
export function withRefusedReturn(state: CellState, counted: Counted, event: EndpointRefused): Counted {
  const { goal } = state;
  const endpoint = goal?.generation === event.generation ? endpointOf(state, event.name) : undefined;
  if (goal === null || endpoint === undefined) return counted;
  const { [endpoint]: cancelled = 0, ...capacityReturning } = counted.capacityReturning;
  if (cancelled === 0) return counted;
  const known = { ...state, capacityRemoved: counted.capacityRemoved };
  return {
    capacityRemoved: withCapacityRemoved(known, { [endpoint]: cancelled }, goal.at),
    capacityReturning,
  };
}
