import type { CellState } from '../ledger/decider/state.ts';
import { METRICS } from '../telemetry/metric-names.ts';

/** What an alarm or a dashboard watches of a cell's log, as it is now. A frozen cell waits on purpose: it has no lag. */
export function cellLevels(
  state: CellState,
  now: number,
): readonly (readonly [metric: string, level: number])[] {
  const goal = state.goal?.generation ?? 0;
  const applied = state.applied?.generation ?? 0;
  const waits = goal > applied && state.frozen === null;
  return [
    [METRICS.goalGeneration, goal],
    [METRICS.appliedGeneration, applied],
    [METRICS.lagGenerations, waits ? goal - applied : 0],
    [METRICS.lagSeconds, waits ? Math.max(0, Math.round((now - (state.goal?.at ?? now)) / 1_000)) : 0],
    [METRICS.plansHeld, state.newest?.disposition === 'held' ? 1 : 0],
    [METRICS.cellsFrozen, state.frozen === null ? 0 : 1],
  ];
}
