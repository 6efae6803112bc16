import type { CellState } from '../ledger/decider/state.ts';
import { isDoubt } from '../plan/findings.ts';
import { METRICS } from '../telemetry/metric-names.ts';

/** A metric and its value now. */
export type Gauge = readonly [metric: string, level: number];

/**
 * What alarms and dashboards watch of a cell's log, as it is at `now` (milliseconds since 1970). Every gauge is always
 * there, 0 where nothing is the matter, so that missing data always means that nobody looked. Pure.
 */
export function cellGauges(state: CellState, now: number): readonly Gauge[] {
  return [...progress(state, now), ...obstacles(state, now)];
}

/**
 * How far the zone is behind the goal. A frozen or rescued cell waits on purpose: it has no lag. The time counts from the oldest
 * trees that were staged and of which no plan is applied since: a planner that goes on planning while Route 53 does not
 * propagate would otherwise begin it anew with every goal, and the alarm on it would never ring.
 */
function progress({ goal, applied, frozen, rescue, staging }: CellState, now: number): readonly Gauge[] {
  const goalGeneration = goal?.generation ?? 0;
  const appliedGeneration = applied?.generation ?? 0;
  const waits = goalGeneration > appliedGeneration && (frozen ?? rescue) === null;
  const oldest = Math.min(goal?.at ?? now, ...(staging?.entries ?? []).map(({ at }) => at));
  return [
    [METRICS.goalGeneration, goalGeneration],
    [METRICS.appliedGeneration, appliedGeneration],
    [METRICS.lagGenerations, waits ? goalGeneration - appliedGeneration : 0],
    [METRICS.lagSeconds, waits ? secondsSince(oldest, now) : 0],
  ];
}

/** What keeps the cell from being as it is asked to be, and how long it has. */
function obstacles(state: CellState, now: number): readonly Gauge[] {
  const { newest, keptBack, refused, blind, loosening } = state;
  // A rescue binds like a freeze until a thaw.
  const frozen = state.frozen ?? state.rescue;
  const waiting = keptBack.filter(({ rejected }) => rejected === undefined);
  const oldest = Math.min(...waiting.map(({ since }) => since));
  const isPresumedBlind = waiting.some(({ findings }) => findings.some(isDoubt));
  const held = newest?.disposition === 'held' ? newest : null;
  // A looser policy waits for an approval as a held plan does.
  const asked = [held?.at, loosening?.rejected === undefined ? loosening?.since : undefined].filter(
    (at) => at !== undefined,
  );
  return [
    [METRICS.keptBackEndpoints, waiting.length],
    [METRICS.keptBackSeconds, secondsSince(waiting.length === 0 ? undefined : oldest, now)],
    [METRICS.refusedEndpoints, refused.length],
    [METRICS.blindSources, blind.length + (isPresumedBlind ? 1 : 0)],
    [METRICS.plansHeld, held === null ? 0 : 1],
    [METRICS.heldSeconds, secondsSince(asked.length === 0 ? undefined : Math.min(...asked), now)],
    [METRICS.cellsFrozen, frozen === null ? 0 : 1],
    [METRICS.frozenSeconds, secondsSince(frozen?.at, now)],
  ];
}

/** 0 where there is no such moment, and where the writer's clock was ahead of this one. */
function secondsSince(moment: number | undefined, now: number): number {
  return moment === undefined ? 0 : Math.max(0, Math.round((now - moment) / 1_000));
}
