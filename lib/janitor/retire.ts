import { readFence } from '../cell/fence-reader.ts';
import { FENCE_ROOM, fencedWrite } from '../cell/fenced-write.ts';
import { isInsync } from '../cell/insync.ts';
import type { AppliedState, CellState } from '../ledger/decider/state.ts';
import { execute, executeAt } from '../ledger/execute.ts';
import type { Head } from '../ledger/ledger.ts';
import { getPlan } from '../ledger/plan-bodies.ts';
import { BATCH_CHARACTERS_MAX, BATCH_ELEMENTS_MAX, sizeOf } from '../plan/batches.ts';
import type { Fence, FenceReading } from '../plan/fence.ts';
import { boundedReading } from '../plan/fence.ts';
import { nextSeq } from '../plan/generation.ts';
import type { TreeLabel } from '../plan/owned-names.ts';
import type { Plan } from '../plan/plan.ts';
import { shortDigest } from '../plan/plan.ts';
import type { Change, RecordSet } from '../plan/records.ts';
import { create, remove } from '../plan/records.ts';
import { zoneView } from '../plan/zone-view.ts';
import { METRICS } from '../telemetry/metric-names.ts';
import { recordsUnder } from '../zone/read-records.ts';
import type { JanitorDeps, RetireOutcome, RetireRequest } from './janitor.ts';
import type { Retirement } from './select-retirable.ts';
import { selectRetirable } from './select-retirable.ts';

/**
 * Deletes trees that nothing needs, as many as one batch holds: one run of a janitor. Any number may run at once.
 *
 * The log is told first, at exactly the head that was read: so a plan that would use one of these trees again either
 * comes before (and this append loses) or after (and its planner knows they are gone). Then one proof-carrying batch:
 * the fence as read, the roots and rollback roots as read, the deletions. If anything of Pawl's has moved since the
 * read, nothing is deleted.
 *
 * @throws ZoneUnavailable, LedgerUnavailable when a service is down.
 */
export async function retire(deps: JanitorDeps, request: RetireRequest): Promise<RetireOutcome> {
  const { writer, ledger, clock } = deps;
  const read = await readFence(writer.zone, writer.scope);
  const head = await ledger.head(writer.scope.cell);
  const standing = standingPlan(read, head);
  if (standing.type === 'nothing') return standing;
  const { applied, fence } = standing;
  const change = { changeId: applied.changeId ?? '', at: applied.at };
  // Until the last flip is everywhere, some name server still answers from a tree that looks unneeded here.
  if (!(await isFlipInsync(deps, applied, change)))
    return nothing('the last flip has not reached every name server');
  const { records } = await recordsUnder(writer.zone, writer.scope.zone);
  const wanted = await wantedPlans(deps, head.state, clock.now());
  const plan = await getPlan(ledger, writer.scope.cell, applied.digest);
  const retirable = selectRetirable({
    scope: writer.scope,
    state: head.state,
    applied: plan,
    wanted,
    view: zoneView(records),
  });
  const chosen = firstBatchOf(retirable);
  if (chosen.length === 0) return nothing('every tree in the zone is needed');
  if (clock.now() >= request.deadline) return nothing('the deadline came first');
  const trees = chosen.flatMap(({ tree }) => (tree === undefined ? [] : [tree]));
  const occasion = { at: () => clock.now(), by: writer.name };
  const told = await executeAt(ledger, head, occasion, { type: 'TreesRetired', trees, fenceSeq: fence.seq });
  if (told.type !== 'appended') return { type: 'lost', reason: 'the log moved on while the zone was read' };
  return deleteChosen(deps, standing, head.state, chosen);
}

async function deleteChosen(
  deps: JanitorDeps,
  { reading, fence, applied }: StandingPlan,
  state: CellState,
  chosen: readonly Retirement[],
): Promise<RetireOutcome> {
  const { writer } = deps;
  const { generation, plan, ledger } = fence;
  const outcome = await fencedWrite(writer, {
    kind: 'retire',
    reading,
    next: { generation, seq: nextSeq(fence.seq), plan, frozen: false, ledger },
    changes: changesOf(chosen),
    comment: `pawl retire ${writer.scope.cell}@${generation} by ${writer.name}`,
  });
  deps.telemetry.count(METRICS.batchesSent, 1, { kind: 'retire', outcome: outcome.type });
  if (outcome.type !== 'applied') return { type: outcome.type, reason: outcome.reason };
  const { seq } = outcome.fence;
  await recordFence(deps, state, applied, { seq, changeId: outcome.changeId });
  return { type: 'retired', names: chosen.map(({ name }) => name), seq };
}

/**
 * The same plan is applied at the next seq. Said by the janitor itself, with the id of its change, so that its next run
 * waits for this change and not for one that nobody knows any more; if it dies before, an enactor says it.
 */
async function recordFence(
  deps: JanitorDeps,
  state: CellState,
  { generation, digest }: AppliedState,
  made: { readonly seq: number; readonly changeId: string },
): Promise<void> {
  const { writer, ledger, clock } = deps;
  const rollbacks: Record<string, TreeLabel> = {};
  for (const [endpoint, { rollback }] of Object.entries(state.endpoints)) {
    if (rollback !== undefined) rollbacks[endpoint] = rollback;
  }
  await execute(ledger, writer.scope.cell, { at: () => clock.now(), by: writer.name }, () => ({
    type: 'PlanApplied',
    generation,
    digest,
    ...made,
    enactor: writer.name,
    reason: 'observed',
    endpoints: state.owned,
    rollbacks,
  }));
}

interface StandingPlan {
  readonly type: 'standing';
  readonly reading: FenceReading;
  readonly fence: Fence;
  readonly applied: AppliedState;
}

type Standing = { readonly type: 'nothing'; readonly reason: string } | StandingPlan;

/** The plan at the fence, if the log says that it was applied; anything else is not a janitor's business. */
function standingPlan(read: FenceReading, head: Head): Standing {
  const reading = boundedReading(read, head.state.highest);
  const { applied, frozen, ledger } = head.state;
  if (reading.type !== 'fence') return nothing('there is no fence that can be read');
  const { fence } = reading;
  if (fence.ledger !== ledger) return nothing('the fence belongs to another ledger');
  if (fence.frozen || frozen !== null) return nothing('the cell is frozen');
  const isRecorded =
    applied !== null &&
    applied.generation === fence.generation &&
    shortDigest(applied.digest) === fence.plan &&
    applied.seq <= fence.seq;
  if (!isRecorded) return nothing('the plan at the fence is not recorded as applied');
  return { type: 'standing', reading, fence, applied };
}

async function isFlipInsync(
  deps: JanitorDeps,
  applied: AppliedState,
  change: { readonly changeId: string; readonly at: number },
): Promise<boolean> {
  const { writer, clock, settings } = deps;
  if (applied.changeId === undefined) return clock.now() - applied.at >= settings.unknownChangeMs;
  return isInsync({ zone: writer.zone, clock }, change, settings);
}

/** The goal, everything after it, what is staged, and the applied generations that the policy retains. */
async function wantedPlans(deps: JanitorDeps, state: CellState, now: number): Promise<readonly Plan[]> {
  const policy = state.fleet?.policy;
  const since = now - (policy?.retainMinutes ?? 0) * 60_000;
  const retained = state.history.filter(
    // The generation that was live when the window opened stays too: `at` is when it became live, not when it ceased.
    (_, index) => index <= (policy?.retainGenerations ?? 1) || (state.history[index - 1]?.at ?? now) >= since,
  );
  const digests = new Set<string>();
  for (const ref of [state.goal, state.newest, state.staging, ...retained])
    if (ref !== null) digests.add(ref.digest);
  const plans: Plan[] = [];
  for (const digest of digests) plans.push(await getPlan(deps.ledger, deps.writer.scope.cell, digest));
  return plans;
}

/** As many retirements, in order, as one batch holds with their proofs, each proof counted once. */
function firstBatchOf(retirable: readonly Retirement[]): readonly Retirement[] {
  const chosen: Retirement[] = [];
  for (const retirement of retirable) {
    const { elements, characters } = sizeOf(changesOf([...chosen, retirement]));
    const fits =
      elements + FENCE_ROOM.elements <= BATCH_ELEMENTS_MAX &&
      characters + FENCE_ROOM.characters <= BATCH_CHARACTERS_MAX;
    if (fits) chosen.push(retirement);
  }
  return chosen;
}

/** Assertions of what stays (delete and create again), then what goes. */
function changesOf(chosen: readonly Retirement[]): readonly Change[] {
  const proofs = new Set<RecordSet>(chosen.flatMap(({ proof }) => proof));
  const asserted = [...proofs].flatMap((record) => [remove(record), create(record)]);
  return [...asserted, ...chosen.flatMap(({ records }) => records.map(remove))];
}

function nothing(reason: string): { readonly type: 'nothing'; readonly reason: string } {
  return { type: 'nothing', reason };
}
