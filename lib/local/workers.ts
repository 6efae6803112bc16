import type { CellName } from '../plan/names.ts';
import type { Role, RoleName } from '../roles.ts';
import { ROLES, workerNames } from '../roles.ts';
import { instant } from '../runtime/clock.ts';
import type { RoleRunResult } from '../wiring/role-run.ts';
import { cellSettings } from '../wiring/role-run.ts';
import { ROLE_RUNS } from '../wiring/role-runs.ts';
import type { World } from '../wiring/world.ts';
import type { Reporter } from './reports.ts';
import type { LoopedRole } from './role-loop.ts';

/** How the workers of a local world work. All in milliseconds. */
export interface WorkerSettings {
  /** Between two sweeps of a cell. */
  readonly sweepMs: Readonly<Record<RoleName, number>>;
  /** A run begins nothing new after so long; the next one goes on. */
  readonly runMs: number;
  readonly insyncPollMs: number;
}

export interface Watching {
  readonly report: Reporter;
  /** Called after every run with the number of the cell's newest event when it began, and with its outcome. */
  readonly onRun: (role: RoleName, cell: CellName, position: number, outcome: string) => void;
}

/** Of a redundant role: enough to race for one fence. */
const COPIES = 3;

/** Every worker of every role in the table, each in a world of its own. */
export function localWorkers(
  worldOf: (name: string) => World,
  settings: WorkerSettings,
  watching: Watching,
): readonly LoopedRole[] {
  return ROLES.flatMap((role) => {
    const names = workerNames(role, COPIES);
    const sweepMs = settings.sweepMs[role.name];
    // Roles that follow the log begin at once, one after the other; the others have nothing to do before there was
    // work.
    const firstSweepMs = (index: number) =>
      role.news.length > 0 ? (sweepMs * index) / names.length : sweepMs;
    return names.map((name, index) => ({
      name,
      sweepMs,
      firstSweepMs: firstSweepMs(index),
      followsLog: role.news.length > 0,
      ...working(role, worldOf(name), settings, watching),
    }));
  });
}

function working(
  { name }: Role,
  world: World,
  { insyncPollMs, runMs }: WorkerSettings,
  { report, onRun }: Watching,
): Pick<LoopedRole, 'ledger' | 'run'> {
  const run = ROLE_RUNS[name](world);
  const say = remarks(world.operator, report);
  return {
    ledger: () => world.ledger(),
    run: async ({ cell, occasion, position }) => {
      const ledger = await world.ledger();
      const head = await ledger.head(cell);
      const { fleet } = head.state;
      if (fleet === null) return undefined;
      const scope = { cell, zone: fleet.zone, zoneId: fleet.zoneId };
      const settings = cellSettings(scope, head, insyncPollMs);
      const deadline = instant(world.clock.now() + runMs);
      const result = await run({ ledger, head, settings }, { cell, mode: occasion, deadline });
      onRun(name, cell, position, result.outcome.type);
      say(cell, result);
      return result.comeAgain;
    },
  };
}

/** Reports the remarks of runs, each once a cell until a run there makes another remark. */
function remarks(role: string, report: Reporter): (cell: CellName, result: RoleRunResult) => void {
  const said = new Map<CellName, string>();
  return (cell, { lostTo, remark }) => {
    if (lostTo !== undefined) report({ type: 'lost', role, cell, to: lostTo });
    if (remark === 'as-before') return;
    if (remark === undefined) {
      said.delete(cell);
      return;
    }
    const key = JSON.stringify(remark);
    if (said.get(cell) === key) return;
    said.set(cell, key);
    report({ ...remark, role, cell });
  };
}
