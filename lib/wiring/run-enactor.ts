import { enact } from '../enactor/enact.ts';
import type { EnactOutcome, EnactorDeps } from '../enactor/enactor.ts';
import type { CellState } from '../ledger/decider/state.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { METRICS } from '../telemetry/metric-names.ts';
import { lossStreaks, watchLosses } from './loss-streaks.ts';
import type { CellSettings, RoleRun, RunRemark } from './role-run.ts';
import { countHeartbeat } from './role-run.ts';
import type { World } from './world.ts';
import { zoneWriter } from './zone-writer.ts';

export function enactorDeps(
  world: Pick<World, 'zone' | 'clock' | 'randomness' | 'telemetry' | 'operator'>,
  ledger: Ledger,
  cell: CellSettings,
): EnactorDeps {
  const { clock, telemetry } = world;
  const { insyncPollMs, unknownChangeMs } = cell;
  const writer = zoneWriter(world, 'enactor', cell.scope);
  return { writer, ledger, clock, telemetry, settings: { insyncPollMs, unknownChangeMs } };
}

/** Brings a cell to its goal; any number of these race, and the fence decides. */
export function enactorRuns(world: World): RoleRun {
  const streaks = lossStreaks();
  return async ({ ledger, settings }, { cell, mode, deadline }) => {
    const losses = watchLosses(world.telemetry);
    const deps = enactorDeps({ ...world, telemetry: losses.telemetry }, ledger, settings);
    const outcome = await enact(deps, { mode, deadline });
    const count = (metric: string, value: number) => world.telemetry.count(metric, value, { cell });
    countHeartbeat(world.telemetry, 'enactor', cell);
    count(METRICS.fencesLost, losses.lost());
    count(METRICS.consecutiveLosses, streaks.after(cell, losses));
    const { state } = await ledger.head(cell);
    for (const [metric, level] of cellLevels(state, world.clock.now())) count(metric, level);
    return {
      outcome,
      comeAgain: outcome.type === 'unfinished' ? world.clock.now() : undefined,
      lostTo: outcome.type === 'superseded' && outcome.by !== world.operator ? outcome.by : undefined,
      remark: remarkOn(outcome),
    };
  };
}

function remarkOn(outcome: EnactOutcome): RunRemark | undefined {
  if (outcome.type === 'refused') return { type: 'refused', reason: outcome.reason };
  if (outcome.type !== 'blocked') return undefined;
  const reason = outcome.endpoints.map((endpoint) => `${endpoint.name}: ${endpoint.reason}`).join(' ');
  return { type: 'refused', reason };
}

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
