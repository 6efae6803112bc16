import { enact } from '../enactor/enact.ts';
import type { EnactOutcome, EnactorDeps } from '../enactor/enactor.ts';
import { noRoomText } from '../enactor/enactor.ts';
import type { Ledger } from '../ledger/ledger.ts';
import { METRICS } from '../telemetry/metric-names.ts';
import { lossStreaks, watchLosses } from './loss-streaks.ts';
import type { CellSettings, RoleRun, RoleRunResult, RunRemark } from './role-run.ts';
import { countHeartbeat } from './role-run.ts';
import type { World } from './world.ts';
import { zoneWriter } from './zone-writer.ts';

export function enactorDeps(
  world: Pick<World, 'zone' | 'quota' | 'clock' | 'randomness' | 'telemetry' | 'operator' | 'successor'>,
  ledger: Ledger,
  cell: CellSettings,
): EnactorDeps {
  const { clock, telemetry, successor } = world;
  const { insyncPollMs, unknownChangeMs } = cell;
  const writer = zoneWriter(world, 'enactor', cell.scope);
  const quota = world.quota(cell.scope.zoneId);
  return { writer, ledger, clock, telemetry, settings: { insyncPollMs, unknownChangeMs }, quota, successor };
}

/** Brings a cell to its goal; any number of these race, and the fence decides. */
export function enactorRuns(world: World): RoleRun {
  const streaks = lossStreaks();
  return async ({ ledger, settings }, { cell, mode, deadline }) => {
    const losses = watchLosses(world.telemetry);
    const deps = enactorDeps({ ...world, telemetry: losses.telemetry }, ledger, settings);
    const count = (metric: string, value: number) => world.telemetry.count(metric, value, { cell });
    try {
      const outcome = await enact(deps, {
        mode: mode === 'sweep' ? 'sweep' : 'hint',
        deadline,
        follows: mode === 'follow',
      });
      countHeartbeat(world.telemetry, 'enactor', cell);
      count(METRICS.enactorBlocked, isBlocked(outcome) ? 1 : 0);
      count(METRICS.runsWithoutRoom, outcome.type === 'no-room' ? 1 : 0);
      return resultOf(outcome, world);
    } finally {
      // A run that fails has lost its batches all the same.
      count(METRICS.fencesLost, losses.lost());
      count(METRICS.consecutiveLosses, streaks.after(cell, losses));
    }
  };
}

/** Whether the enactor will not go on as things stand, however often it comes again. */
function isBlocked({ type }: EnactOutcome): boolean {
  return type === 'refused' || type === 'blocked';
}

function resultOf(outcome: EnactOutcome, { clock, operator }: World): RoleRunResult {
  return {
    outcome,
    comeAgain: outcome.type === 'unfinished' || outcome.type === 'propagating' ? clock.now() : undefined,
    lostTo: outcome.type === 'superseded' && outcome.by !== operator ? outcome.by : undefined,
    remark: remarkOn(outcome),
  };
}

function remarkOn(outcome: EnactOutcome): RunRemark | undefined {
  if (outcome.type === 'refused') return { type: 'refused', reason: outcome.reason };
  if (outcome.type === 'no-room') return { type: 'found', what: noRoomText(outcome) };
  if (outcome.type !== 'blocked') return undefined;
  const reason = outcome.endpoints.map((endpoint) => `${endpoint.name}: ${endpoint.reason}`).join(' ');
  return { type: 'refused', reason };
}
