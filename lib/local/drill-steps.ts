import { declaredFleet } from '../cell/cell-bodies.ts';
import { readFence } from '../cell/fence-reader.ts';
import type { FenceWait } from '../operator/fence-wait.ts';
import { freeze } from '../operator/freeze.ts';
import { drainTarget } from '../operator/interventions.ts';
import { thaw } from '../operator/thaw.ts';
import type { Clock } from '../runtime/clock.ts';
import { instant } from '../runtime/clock.ts';
import { ZoneUnavailable } from '../zone/zone.ts';
import type { DrillBench } from './drill-bench.ts';
import { Missed } from './drill-bench.ts';

/** One step of the runbook "Route 53's control plane is away" in docs/operations.md. */
export interface DrillStep {
  /** Stable, kebab-case: `control-plane-away`. */
  readonly id: string;
  /** What happens, or what a person does. */
  readonly does: string;
  /** What docs/operations.md promises of it. */
  readonly expects: string;
  /** What a person types to see it, after `pawl`; CELL is the cell. */
  readonly look: readonly string[];
  /** Does it, and resolves with what was seen. @throws Missed. */
  run(bench: DrillBench): Promise<string>;
}

const REASON = 'drill: the control plane is away';

const calm: DrillStep = {
  id: 'calm',
  does: 'The world starts.',
  expects: 'Every cell is as asked, and every name has an answer.',
  look: ['status'],
  run: async (bench) => {
    const settled = async () => (await bench.running.convergence()).every(({ converged }) => converged);
    await bench.until(settled, 'a cell does not come to its goal');
    return `${await bench.everyNameAnswers()} questions, all answered`;
  },
};

const away: DrillStep = {
  id: 'control-plane-away',
  does: "Route 53's control plane goes away.",
  expects: 'No zone can be read or changed, and nothing says that all is well.',
  look: ['status'],
  run: async (bench) => {
    bench.running.account.configure({ away: true });
    const seen = await unreadable(bench);
    if (seen === undefined) throw new Missed('the fence could be read');
    const cells = await bench.running.convergence();
    if (cells.some(({ converged }) => converged)) throw new Missed('a cell is called converged');
    return seen;
  },
};

/** Why the fence cannot be read; undefined when it can. */
async function unreadable(bench: DrillBench): Promise<string | undefined> {
  const { writer } = await bench.operator();
  try {
    await readFence(writer.zone, writer.scope);
    return undefined;
  } catch (error) {
    if (error instanceof ZoneUnavailable) return error.message;
    throw error;
  }
}

const standing: DrillStep = {
  id: 'answers-stand',
  does: 'Clients go on asking.',
  expects: 'Every name answers as before: name servers need no control plane.',
  look: ['resolve NAME'],
  run: async (bench) => `${await bench.everyNameAnswers()} questions, all answered`,
};

const ordered: DrillStep = {
  id: 'order-recorded',
  does: 'A target is drained.',
  expects: 'The ledger takes the order and the planner plans it. Nothing is applied yet.',
  look: ['target drain TARGET', 'history'],
  run: async (bench) => {
    const before = await bench.state();
    const target = await drainedTarget(bench);
    await bench.until(
      async () => ((await bench.state()).goal?.generation ?? 0) > (before.goal?.generation ?? 0),
      'the planner plans nothing',
    );
    const after = await bench.state();
    if (after.applied?.generation !== before.applied?.generation) throw new Missed('a plan was applied');
    return `${target} is drained in plan @${after.goal?.generation}, and @${after.applied?.generation} is applied`;
  },
};

/** The local zone is INSYNC within seconds. */
function waitIn(clock: Clock): FenceWait {
  return {
    settings: { insyncPollMs: 250, unknownChangeMs: 600_000 },
    deadline: instant(clock.now() + 60_000),
  };
}

const half: DrillStep = {
  id: 'freeze-half',
  does: 'The cell is frozen, so that nothing moves when the control plane is back.',
  expects: 'The log is frozen, and it is said that the fence may not be.',
  look: ['freeze CELL', 'status'],
  run: async (bench) => {
    const deps = await bench.operator();
    const outcome = await freeze(deps, { cell: bench.cell, reason: REASON, wait: waitIn(deps.clock) });
    if (outcome.type === 'done') throw new Missed('the freeze says that it is done');
    if ((await bench.state()).frozen === null) throw new Missed('the log is not frozen');
    return outcome.reason;
  },
};

const back: DrillStep = {
  id: 'control-plane-back',
  does: 'The control plane is back, and the cell is frozen again.',
  expects: 'The second freeze is whole. What was ordered is still not applied.',
  look: ['freeze CELL', 'status', 'audit'],
  run: async (bench) => {
    const before = await bench.state();
    bench.running.account.configure({ away: false });
    const deps = await bench.operator();
    const outcome = await freeze(deps, { cell: bench.cell, reason: REASON, wait: waitIn(deps.clock) });
    if (outcome.type !== 'done') throw new Missed(outcome.reason);
    const { applied } = await bench.state();
    if (applied?.generation !== before.applied?.generation) throw new Missed('a plan was applied');
    await bench.everyNameAnswers();
    return `the fence is frozen (seq ${outcome.seq}), and @${applied?.generation} is applied`;
  },
};

const thawed: DrillStep = {
  id: 'thaw',
  does: 'Somebody has looked, and thaws the cell.',
  expects: 'Every cell comes to what is asked, and every name has an answer.',
  look: ['thaw CELL', 'status --watch'],
  run: async (bench) => {
    const outcome = await thaw(await bench.operator(), { cell: bench.cell });
    if (outcome.type !== 'done') throw new Missed(outcome.reason);
    const settled = async () => (await bench.running.convergence()).every(({ converged }) => converged);
    await bench.until(settled, 'a cell does not come to its goal');
    const { applied } = await bench.state();
    return `@${applied?.generation} is applied; ${await bench.everyNameAnswers()} questions, all answered`;
  },
};

/** The steps in order. */
export const DRILL_STEPS: readonly DrillStep[] = [calm, away, standing, ordered, half, back, thawed];

/** Drains the first target that every endpoint can spare. */
async function drainedTarget(bench: DrillBench): Promise<string> {
  const deps = await bench.operator();
  const { cell } = bench;
  const { fleet } = await bench.state();
  const { targets } = await declaredFleet(deps.ledger, cell, fleet?.digest ?? '');
  for (const { id: target } of targets) {
    const request = { cell, target, reason: REASON };
    const shown = await drainTarget(deps, { ...request, apply: false });
    if (shown.type !== 'done' || shown.keptBack.length > 0 || shown.change !== 'shown') continue;
    const outcome = await drainTarget(deps, { ...request, apply: true });
    if (outcome.type === 'done') return target;
  }
  throw new Missed(`no target of ${cell} can be spared: give a fleet in which one can`);
}
