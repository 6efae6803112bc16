import { declaredFleet } from '../cell/cell-bodies.ts';
import { readFence } from '../cell/fence-reader.ts';
import type { FenceWait } from '../operator/fence-wait.ts';
import { freeze } from '../operator/freeze.ts';
import { drainTarget } from '../operator/interventions.ts';
import { thaw } from '../operator/thaw.ts';
import type { Fence } from '../plan/fence.ts';
import { readFenceRecords } from '../plan/fence.ts';
import { fenceName } from '../plan/owned-names.ts';
import type { Clock } from '../runtime/clock.ts';
import { instant } from '../runtime/clock.ts';
import { ZoneUnavailable } from '../zone/zone.ts';
import type { DrillBench } from './drill-bench.ts';
import { Missed } from './drill-bench.ts';

/** One step of docs/control-plane-outage.md, or of a rescue in docs/operations.md. */
export interface DrillStep {
  /** Stable, kebab-case: `control-plane-away`. */
  readonly id: string;
  /** What happens, or what a person does. */
  readonly does: string;
  /** What the page promises of it. */
  readonly expects: string;
  /** What a person types to see it, after `pawl`; CELL is the cell. */
  readonly look: readonly string[];
  /** Does it, and resolves with what was seen. @throws Missed. */
  run(bench: DrillBench): Promise<string>;
}

const REASON = 'drill: the control plane is away';

export const calm: DrillStep = {
  id: 'calm',
  does: 'The world starts.',
  expects: 'Every cell is as asked, and every name has an answer.',
  look: ['status'],
  run: async (bench) => {
    await bench.until(() => allConverged(bench), 'a cell does not come to its goal');
    return `${await bench.everyNameAnswers()} questions, all answered`;
  },
};

const applied: DrillStep = {
  id: 'order-applied',
  does: 'A target is drained, in the last minute before the outage.',
  expects: 'It is applied, and the cell is as asked. Nobody sees that Route 53 has yet to copy the change.',
  look: ['target drain TARGET', 'status'],
  run: async (bench) => {
    const { account } = bench.running;
    const before = await bench.state();
    account.configure({ insyncDelayMs: Number.POSITIVE_INFINITY });
    const target = await drainedTarget(bench);
    const isApplied = async () => {
      const { applied: now, staging } = await bench.state();
      // Nothing is flipped before its trees are everywhere; the flip itself stays PENDING.
      for (const { changeId } of staging?.entries ?? []) account.settle(changeId);
      return (now?.generation ?? 0) > (before.applied?.generation ?? 0);
    };
    await bench.until(isApplied, 'the order is not applied');
    await bench.until(() => allConverged(bench), 'a cell does not come to its goal');
    return `${target} is drained, and @${(await bench.state()).applied?.generation} is applied`;
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

export const standing: DrillStep = {
  id: 'answers-stand',
  does: 'Clients go on asking.',
  expects: 'Every name answers as before: name servers need neither a control plane nor a ledger.',
  look: ['resolve NAME'],
  run: async (bench) => `${await bench.everyNameAnswers()} questions, all answered`,
};

const ordered: DrillStep = {
  id: 'order-recorded',
  does: 'Another target is drained.',
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
export function waitIn(clock: Clock): FenceWait {
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

const returned: DrillStep = {
  id: 'zone-went-back',
  does: 'Accelerated recovery moves the control plane. Changes that were not copied are lost.',
  expects: 'The zone is as it was before the first order, its fence too, and every name answers.',
  look: ['resolve NAME', 'history'],
  run: async (bench) => {
    const { account } = bench.running;
    const before = await bench.state();
    for (const { id } of account.zones()) account.returnTo(id, 0);
    const fence = await fenceNow(bench);
    if (fence === undefined || fence.seq >= (before.applied?.seq ?? 0))
      throw new Missed(`the fence is at ${placeText(fence)}`);
    const questions = await bench.everyNameAnswers();
    return `the fence is back at ${placeText(fence)}, and the log says that @${before.applied?.generation} is applied; ${questions} questions, all answered`;
  },
};

/** The fence that stands in the account, whether or not its control plane answers. */
async function fenceNow({ running, operator }: DrillBench): Promise<Fence | undefined> {
  const { scope } = (await operator()).writer;
  const there = running.account.records(scope.zoneId).filter(({ name }) => name === fenceName(scope));
  const reading = readFenceRecords(there);
  return reading.type === 'fence' ? reading.fence : undefined;
}

function placeText(fence: Fence | undefined): string {
  return fence === undefined ? 'nothing that can be read' : `@${fence.generation} (seq ${fence.seq})`;
}

const back: DrillStep = {
  id: 'control-plane-back',
  does: 'The control plane is back, and the cell is frozen again.',
  expects:
    'The second freeze is whole, and the log says what went back: ZoneRegressed, or the earlier plan as it was observed. Nothing is applied until somebody has looked.',
  look: ['freeze CELL', 'status', 'audit', 'history'],
  run: async (bench) => {
    const before = await bench.state();
    bench.running.account.configure({ away: false, insyncDelayMs: bench.insyncDelayMs });
    const deps = await bench.operator();
    const outcome = await freeze(deps, { cell: bench.cell, reason: REASON, wait: waitIn(deps.clock) });
    if (outcome.type !== 'done') throw new Missed(outcome.reason);
    const wasApplied = before.applied?.generation ?? 0;
    // Whoever reads the fence before this freeze moves it finds a regression; whoever reads it after, the earlier plan.
    const isSaid = async () => {
      const { regressed, applied: now } = await bench.state();
      return regressed !== null || (now?.generation ?? 0) < wasApplied;
    };
    await bench.until(isSaid, 'nobody says what went back');
    const { applied: now } = await bench.state();
    if ((now?.generation ?? 0) > wasApplied) throw new Missed('a plan was applied');
    await bench.everyNameAnswers();
    return `the fence is frozen (seq ${outcome.seq}), and the log says that the zone went back from @${wasApplied}`;
  },
};

const thawed: DrillStep = {
  id: 'thaw',
  does: 'Somebody has looked, and thaws the cell.',
  expects: 'What went back is applied again with what was ordered since, and every name has an answer.',
  look: ['thaw CELL', 'status --watch', 'history'],
  run: async (bench) => {
    const outcome = await thaw(await bench.operator(), { cell: bench.cell });
    if (outcome.type !== 'done') throw new Missed(outcome.reason);
    await bench.until(() => allConverged(bench), 'a cell does not come to its goal');
    const { applied: healed } = await bench.state();
    const fence = await fenceNow(bench);
    if (fence?.generation !== healed?.generation) throw new Missed(`the fence is at ${placeText(fence)}`);
    return `@${healed?.generation} is applied, and what went back with it; ${await bench.everyNameAnswers()} questions, all answered`;
  },
};

/** The steps in order. */
export const DRILL_STEPS: readonly DrillStep[] = [
  calm,
  applied,
  away,
  standing,
  ordered,
  half,
  returned,
  back,
  thawed,
];

async function allConverged({ running }: DrillBench): Promise<boolean> {
  return (await running.convergence()).every(({ converged }) => converged);
}

/** Drains the first target that is not drained and that every endpoint can spare. */
async function drainedTarget(bench: DrillBench): Promise<string> {
  const deps = await bench.operator();
  const { cell } = bench;
  const { fleet, drained } = await bench.state();
  const { targets } = await declaredFleet(deps.ledger, cell, fleet?.digest ?? '');
  for (const { id: target } of targets.filter(({ id }) => !drained.includes(id))) {
    const request = { cell, target, reason: REASON };
    const shown = await drainTarget(deps, { ...request, apply: false });
    if (shown.type !== 'done' || shown.keptBack.length > 0 || shown.change !== 'shown') continue;
    const outcome = await drainTarget(deps, { ...request, apply: true });
    if (outcome.type === 'done') return target;
  }
  throw new Missed(`no target of ${cell} can be spared: give a fleet in which one can`);
}
