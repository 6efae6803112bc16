import { InvalidValue } from '../plan/invariant.ts';
import type { CellName } from '../plan/names.ts';
import { drillBench, Missed } from './drill-bench.ts';
import type { DrillStep } from './drill-steps.ts';
import type { RunningWorld } from './start-local-world.ts';

/** One step that was practised. */
export interface DrillReport {
  readonly id: string;
  readonly expects: string;
  /** `skipped`: a step before it missed, and each stands on the one before. */
  readonly result: 'seen' | 'missed' | 'skipped';
  readonly detail: string;
}

export interface DrillOptions {
  /** In order: what is practised. */
  readonly steps: readonly DrillStep[];
  /** Called before each step; a person may look around until it resolves. */
  readonly before: (step: DrillStep, cell: CellName) => Promise<void>;
  readonly after: (report: DrillReport) => void;
}

// See docs/adr/0056-preflight-and-drill.md.
/**
 * Practises an outage in a local world that runs for nothing else, on its first cell.
 *
 * @throws InvalidValue when the world has no cell.
 */
export async function drill(running: RunningWorld, options: DrillOptions): Promise<readonly DrillReport[]> {
  const [cell] = [...(await (await running.world.ledger()).cells())].sort();
  if (cell === undefined) throw new InvalidValue('The fleet file declares no cell to practise on.');
  const bench = drillBench(running, cell);
  const reports: DrillReport[] = [];
  for (const step of options.steps) {
    const { id, expects } = step;
    const missed = reports.some(({ result }) => result !== 'seen');
    if (!missed) await options.before(step, cell);
    const report: DrillReport = missed
      ? { id, expects, result: 'skipped', detail: 'a step before it missed' }
      : { id, expects, ...(await practised(() => step.run(bench))) };
    reports.push(report);
    options.after(report);
  }
  return reports;
}

async function practised(run: () => Promise<string>): Promise<Pick<DrillReport, 'result' | 'detail'>> {
  try {
    return { result: 'seen', detail: await run() };
  } catch (error) {
    if (error instanceof Missed) return { result: 'missed', detail: error.message };
    throw error;
  }
}
