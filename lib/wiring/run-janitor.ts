import type { JanitorDeps } from '../janitor/janitor.ts';
import { retire } from '../janitor/retire.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { CellName } from '../plan/names.ts';
import type { CellSettings, RoleRun } from './role-run.ts';
import { countHeartbeat } from './role-run.ts';
import type { World } from './world.ts';
import { zoneWriter } from './zone-writer.ts';

export function janitorDeps(
  world: Pick<World, 'zone' | 'clock' | 'randomness' | 'telemetry' | 'operator'>,
  ledger: Ledger,
  cell: CellSettings,
): JanitorDeps {
  const { clock, telemetry } = world;
  const writer = zoneWriter(world, 'janitor', cell.scope);
  return { writer, ledger, clock, telemetry, settings: { unknownChangeMs: cell.unknownChangeMs } };
}

/** Deletes what no plan needs any more; this is never urgent, whatever the log says. */
export function janitorRuns(world: World): RoleRun {
  const retiring = new Set<CellName>();
  return async ({ ledger, settings }, { cell, deadline }) => {
    const outcome = await retire(janitorDeps(world, ledger, settings), { deadline });
    countHeartbeat(world.telemetry, 'janitor', cell);
    // One batch at a time: there may be more, once this one is everywhere.
    const now = world.clock.now();
    if (outcome.type === 'retired') retiring.add(cell);
    else if (outcome.type !== 'nothing' || outcome.pending !== true) retiring.delete(cell);
    return { outcome, comeAgain: retiring.has(cell) ? now + settings.insyncPollMs : undefined };
  };
}
