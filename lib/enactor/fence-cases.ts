import { fenceAfter, freshFence, knownSeq } from '../cell/next-fence.ts';
import type { AppliedState } from '../ledger/decider/state.ts';
import { executeAt } from '../ledger/execute.ts';
import { markOf } from '../ledger/head-mark.ts';
import type { Head } from '../ledger/ledger.ts';
import { getPlan, putPlan } from '../ledger/plan-bodies.ts';
import type { Fence, FenceReading, HeadMark } from '../plan/fence.ts';
import { isRescueFence, writtenReading } from '../plan/fence.ts';
import type { Generation, Seq } from '../plan/generation.ts';
import { nextGeneration } from '../plan/generation.ts';
import { invariant } from '../plan/invariant.ts';
import { fenceName } from '../plan/owned-names.ts';
import { METRICS } from '../telemetry/metric-names.ts';
import type { Again } from './attempt.ts';
import { attempt, settleFence } from './attempt.ts';
import { confirmZone, countWrongListing } from './confirm-zone.ts';
import type { EnactOutcome, EnactorDeps, Run } from './enactor.ts';
import { occasionOf, record, reportRegression } from './record.ts';

/**
 * True when everything must be read again before anything is done about a fence that is behind what the log says was
 * applied: a hand may have put it back, and then the log says so before the fence is written anew.
 */
export async function wentBack(deps: EnactorDeps, run: Run, fence: Fence, head: Head): Promise<boolean> {
  const { applied, regressed } = head.state;
  if (applied === null || regressed !== null || !isBehind(fence, applied, head)) return false;
  if (!isCertain(run, head)) return true;
  const found = `gen=${fence.generation} seq=${fence.seq}`;
  return !(await reportFence(deps, head, applied, { found, fenceSeq: fence.seq }));
}

function isBehind({ seq, generation }: Fence, applied: AppliedState, { state }: Head): boolean {
  return seq < knownSeq(state) || (seq === applied.seq && generation < applied.generation);
}

/**
 * Writes a fresh fence in the place of a missing or malformed one, alone in its batch; log and zone are read after it.
 * Where a plan was applied there was a fence, so the log says first that a hand took it away.
 *
 * @returns the fence that stands now, once it was made.
 */
export async function recreateFence(
  deps: EnactorDeps,
  run: Run,
  reading: FenceReading,
  found: 'missing' | 'malformed',
  head: Head,
): Promise<Extract<FenceReading, { type: 'fence' }> | EnactOutcome | Again> {
  const { state } = head;
  const { writer } = deps;
  const { applied, regressed } = state;
  invariant(state.goal !== null, 'a fence is only made for a goal');
  if (applied !== null && regressed === null) {
    if (!isCertain(run, head)) return 'again';
    const confirmed = await confirmZone(deps, run, reading);
    if (confirmed.type === 'moved') {
      countWrongListing(run);
      return 'again';
    }
    const regression = { found, fenceSeq: applied.seq };
    if (confirmed.type === 'counted' && !(await reportFence(deps, head, applied, regression))) return 'again';
  }
  const refused = settleFence(run, reading, 'fence');
  if (refused !== undefined) return refused;
  const next = freshFence(head, { frozen: false });
  const comment = `pawl fence ${writer.scope.cell} by ${writer.name}`;
  const outcome = await attempt(deps, run, { kind: 'fence', reading, next, changes: [], comment }, []);
  run.readZone = true;
  return outcome.type === 'applied' ? writtenReading(outcome.fence, writer.scope) : 'again';
}

/**
 * Whether the fence was read after this log. A fence is read before the log, so a flip or a repair between the two
 * readings looks as if the fence had gone back. The first pass that suspects it only remembers the log; the next pass
 * reads a newer fence, and is certain if the log has not moved on since.
 */
function isCertain(run: Run, head: Head): boolean {
  if (run.suspectedAt === head.number) return true;
  run.suspectedAt = head.number;
  run.readZone = true;
  return false;
}

function reportFence(
  deps: EnactorDeps,
  head: Head,
  applied: AppliedState,
  { found, fenceSeq }: { readonly found: string; readonly fenceSeq: Seq },
): Promise<boolean> {
  const expected = `gen=${applied.generation} seq=${knownSeq(head.state)}`;
  const name = fenceName(deps.writer.scope);
  return reportRegression(deps, head, { what: 'fence', name, found, expected, fenceSeq });
}

/**
 * Freezes the fence of a cell that the log says is frozen or rescued. A zone that goes back loses the freeze's own write,
 * or its writer died after it told the log. Nothing else is written, and a thaw tells the log before it moves the fence.
 */
export async function freezeAgain(
  deps: EnactorDeps,
  run: Run,
  reading: FenceReading,
  fence: Fence,
  head: Head,
): Promise<EnactOutcome | Again> {
  const refused = settleFence(run, reading, 'freeze');
  if (refused !== undefined) return refused;
  const next = fenceAfter(fence, head, { frozen: true });
  const comment = `pawl freeze ${deps.writer.scope.cell} by ${deps.writer.name}`;
  const outcome = await attempt(deps, run, { kind: 'freeze', reading, next, changes: [], comment }, []);
  return outcome.type === 'applied' ? frozen(deps, outcome.fence, head) : 'again';
}

/**
 * The fence names an event that the log does not have: it was restored from a backup, or rewritten. Of several enactors
 * who see it one records it, at exactly the head that was read, before anything else uses the numbers of what was lost.
 */
export async function reportContradiction(deps: EnactorDeps, head: Head, lost: HeadMark): Promise<Again> {
  const found = lost.number === head.number ? { found: markOf(head)?.digits ?? '' } : {};
  const command = { type: 'ReportContradiction', ...lost, ...found } as const;
  const outcome = await executeAt(deps.ledger, head, occasionOf(deps), command);
  if (outcome.type === 'appended') {
    deps.telemetry.count(METRICS.logsContradicted, 1, { cell: deps.writer.scope.cell });
  }
  return 'again';
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
  const { ledger, writer } = deps;
  const { goal, highest } = head.state;
  const occasion = occasionOf(deps);
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
