import type { CellState } from '../ledger/decider/state.ts';
import type { Generation } from '../plan/generation.ts';

/** The plan a pass works towards. */
export interface Goal {
  readonly generation: Generation;
  readonly digest: string;
}

/**
 * The approved plan of the highest generation. A routine plan does not displace one that is staged already, because a
 * planner that never stops would then starve every flip (I5). A staged plan that the fence has passed is no longer the
 * goal, and neither is one of which something was refused: the newer plan may go without it.
 *
 * @param isRefused whether something of that generation was refused.
 */
export function chooseGoal(
  state: CellState,
  fenceGeneration: Generation,
  isRefused: (generation: Generation) => boolean,
): Goal | undefined {
  const { staging, goal } = state;
  const isStaged = staging?.sticky === true && staging.generation > fenceGeneration;
  if (isStaged && !isRefused(staging.generation)) return staging;
  return goal ?? undefined;
}
