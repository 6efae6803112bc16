import { claimsOnNewNames } from '../cell/claimed-names.ts';
import { blindIn, cellSource } from '../fleet/sources/cell-observations.ts';
import type { Source } from '../fleet/sources/source.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { planCell } from '../planner/plan-cell.ts';
import type { PlannerDeps, PlanOutcome } from '../planner/planner.ts';
import { shownOutcome } from '../planner/shown-outcome.ts';
import { METRICS } from '../telemetry/metric-names.ts';
import { cellGauges } from './cell-gauges.ts';
import { liveSources } from './live-sources.ts';
import type { RoleRun, RoleRunResult, RunRemark } from './role-run.ts';
import { countHeartbeat } from './role-run.ts';
import type { World } from './world.ts';

/** A planner has no zone: nothing of Route 53 is handed to it. */
export function plannerDeps(
  { clock, telemetry, operator }: Pick<World, 'clock' | 'telemetry' | 'operator'>,
  ledger: Ledger,
  source: Source,
): PlannerDeps {
  return { ledger, source, clock, telemetry, name: operator };
}

/**
 * Plans a cell from what its fleet and its sources say.
 *
 * The planner also counts the cell's gauges, because its run is the surest: it comes every minute, takes seconds, needs
 * nothing but the ledger, and races with nobody for the fence. It counts them before its work, from the head that the
 * run began with, so that they are there when the planner is paused, when the cell is frozen, and when the run fails.
 */
export function plannerRuns(world: World): RoleRun {
  const source = cellSource(liveSources(world));
  const claims = claimsOnNewNames();
  return async ({ ledger, head }, { cell }) => {
    const count = (metric: string, value: number) => world.telemetry.count(metric, value, { cell });
    for (const [metric, level] of cellGauges(head.state, world.clock.now())) count(metric, level);
    if (head.state.fleet === null) {
      // It has looked, and nothing is asked of it: a cell that is deployed before its fleet is pushed is not silent.
      countHeartbeat(world.telemetry, 'planner', cell);
      count(METRICS.plannerBlocked, 0);
      return { outcome: { type: 'idle', reason: `no fleet has been pushed for cell ${cell}` } };
    }
    let blind: ReturnType<typeof blindIn> = [];
    const watched: Source = {
      ...source,
      observe: async (fleet, before) => {
        const reading = await source.observe(fleet, before);
        blind = blindIn(reading);
        // A log of an older format has no place for a blind source: what this run sees counts beside what the log says.
        count(METRICS.blindSources, blind.length);
        return reading;
      },
    };
    const deps = plannerDeps(world, ledger, watched);
    const outcome = await planCell(deps, { cell, append: true, claims });
    countHeartbeat(world.telemetry, 'planner', cell);
    count(METRICS.plannerBlocked, isBlocked(outcome) ? 1 : 0);
    return resultOf(shownOutcome(outcome), world.clock.now(), blind);
  };
}

/** Whether the run could append nothing although something is asked for. To lose one race is normal, to lose all is not. */
function isBlocked({ type }: PlanOutcome): boolean {
  return type === 'refused' || type === 'lost';
}

function resultOf(outcome: PlanOutcome, now: number, blind: ReturnType<typeof blindIn>): RoleRunResult {
  switch (outcome.type) {
    case 'coalesced':
      return { outcome, comeAgain: outcome.until, remark: 'as-before' };
    case 'lost':
      return { outcome, comeAgain: now, remark: 'as-before' };
    case 'refused':
      return { outcome, remark: outcome };
    case 'appended':
    case 'proposed':
    case 'unchanged':
    case 'paused':
    case 'idle':
      return { outcome, remark: blindness(blind) };
  }
}

function blindness(blind: ReturnType<typeof blindIn>): RunRemark | undefined {
  if (blind.length === 0) return undefined;
  const what = blind.map(({ source, reason }) => `the source ${source} sees nothing: ${reason}`).join('; ');
  return { type: 'found', what };
}
