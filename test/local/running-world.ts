import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { CellConvergence } from '../../lib/local/convergence.ts';
import type { Report } from '../../lib/local/reports.ts';
import type { LocalWorldSettings, RunningWorld } from '../../lib/local/start-local-world.ts';
import { startLocalWorld } from '../../lib/local/start-local-world.ts';
import { byRole } from '../../lib/roles.ts';
import { systemClock } from '../../lib/runtime/clock.ts';

export interface WorldUnderTest extends RunningWorld {
  readonly reports: readonly Report[];
}

const CONVERGED_WITHIN_MS = 15_000;
const LOOK_MS = 25;

/** What the world of one test is started with: any free ports, quick name servers, loops that do not let it wait. */
export function quickSettings(
  folder: string,
  fleetFile: string,
  report: (report: Report) => void = () => undefined,
): LocalWorldSettings {
  return {
    folder: join(folder, '.pawl'),
    fleetFile,
    dnsPort: 0,
    route53Port: 0,
    insyncDelayMs: 50,
    intervals: {
      pollMs: 25,
      // Facts of the zone come when they come: tests that count events do without.
      sweepMs: { ...byRole(() => 500), auditor: 3_600_000 },
      runMs: 5_000,
    },
    report,
  };
}

/** A world on the folder, ended with the test if the test has not ended it. */
export async function startWorld(
  folder: string,
  fleetFile: string,
  change: Partial<LocalWorldSettings> = {},
): Promise<WorldUnderTest> {
  const reports: Report[] = [];
  const settings = quickSettings(folder, fleetFile, (report) => reports.push(report));
  const running = await startLocalWorld({ ...settings, ...change });
  onTestFinished(() => running.stop());
  return { ...running, reports };
}

/** Waits until every cell is at the generation, or at any if none is given. */
export async function converged(
  world: RunningWorld,
  generation?: number,
): Promise<readonly CellConvergence[]> {
  const deadline = systemClock.now() + CONVERGED_WITHIN_MS;
  for (;;) {
    const cells = await world.convergence();
    const isThere = (cell: CellConvergence) =>
      cell.converged && (generation === undefined || cell.applied === generation);
    if (cells.length > 0 && cells.every(isThere)) return cells;
    if (systemClock.now() > deadline) throw new Error(`not converged: ${JSON.stringify(cells)}`);
    await systemClock.sleep(LOOK_MS);
  }
}
