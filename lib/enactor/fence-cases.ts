import { executeAt } from '../ledger/execute.ts';
import type { Head } from '../ledger/ledger.ts';
import { getPlan, putPlan } from '../ledger/plan-bodies.ts';
import type { Fence } from '../plan/fence.ts';
import { isRescueFence } from '../plan/fence.ts';
import type { Generation } from '../plan/generation.ts';
import { nextGeneration } from '../plan/generation.ts';
import { fenceName } from '../plan/owned-names.ts';
import { METRICS } from '../telemetry/metric-names.ts';
import type { EnactOutcome, EnactorDeps, Run } from './enactor.ts';
import type { Again } from './perform.ts';
import { record } from './record.ts';

/**
 * True when the fence may be behind what the log says was applied; a certain regression is recorded. The log must have
 * been read before the fence, because a flip between the two readings looks the same. So the first pass that suspects a
 * regression only remembers the log's seq, and the next pass compares a newer fence with it.
 */
export async function wentBack(deps: EnactorDeps, run: Run, fence: Fence, head: Head): Promise<boolean> {
  const recorded = head.state.applied?.seq ?? 0;
  if (fence.seq >= recorded) return false;
  const isCertain = run.recordedSeq !== undefined && fence.seq < run.recordedSeq;
  if (!isCertain) {
    run.recordedSeq = recorded;
    run.readZone = true;
    return true;
  }
  const found = `gen=${fence.generation} seq=${fence.seq}`;
  const expected = `gen=${head.state.applied?.generation ?? 0} seq=${recorded}`;
  await record(deps, {
    type: 'ReportRegression',
    what: 'fence',
    name: fenceName(deps.writer.scope),
    found,
    expected,
  });
  deps.telemetry.count(METRICS.zoneRegressions, 1, { cell: deps.writer.scope.cell });
  return false;
}

/** Leaves a frozen cell alone; records a rescue's freeze in the log, for the roles that run later. */
export async function frozen(deps: EnactorDeps, fence: Fence | undefined, head: Head): Promise<EnactOutcome> {
  if (fence !== undefined && isRescueFence(fence)) {
    const { generation, seq, plan, by } = fence;
    await record(deps, { type: 'RecordRescue', generation, seq, plan, by });
  }
  return { type: 'frozen', by: fence?.frozen === true ? fence.by : (head.state.frozen?.by ?? 'an operator') };
}

/**
 * The ledger is behind the zone: it was restored from a backup, or the fence was forged. One event appends the goal
 * again, with the same trees, above what was seen. An enactor that loses this append finds it done.
 */
export async function fenceAhead(
  deps: EnactorDeps,
  fence: Fence,
  head: Head,
  seen: Generation,
): Promise<EnactOutcome | Again> {
  const { ledger, writer, clock } = deps;
  const { goal, highest } = head.state;
  const occasion = { at: () => clock.now(), by: writer.name };
  const base = { type: 'CatchUpWithFence', fenceGeneration: seen, fenceSeq: fence.seq } as const;
  if (goal === null) {
    await executeAt(ledger, head, occasion, base);
    return { type: 'idle', reason: 'the fence is ahead of a ledger that has no approved plan' };
  }
  const plan = await getPlan(ledger, writer.scope.cell, goal.digest);
  const reissued = { ...plan, generation: nextGeneration(highest, seen), parent: goal.generation };
  const digest = await putPlan(ledger, reissued);
  const reissue = { generation: reissued.generation, parent: goal.generation, digest };
  await executeAt(ledger, head, occasion, { ...base, reissue });
  deps.telemetry.count(METRICS.fencesAhead, 1, { cell: writer.scope.cell });
  return 'again';
}
