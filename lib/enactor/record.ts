import { planOf } from '../cell/cell-bodies.ts';
import { fencePlan } from '../cell/standing.ts';
import type { Command, CommandNamed } from '../ledger/decider/commands.ts';
import { EVENT_OF } from '../ledger/decider/commands.ts';
import { canRecord } from '../ledger/decider/formats.ts';
import type { CellState } from '../ledger/decider/state.ts';
import type { Occasion } from '../ledger/execute.ts';
import { execute, executeAt } from '../ledger/execute.ts';
import type { Head } from '../ledger/ledger.ts';
import { getPlan } from '../ledger/plan-bodies.ts';
import type { Fence } from '../plan/fence.ts';
import { isRescueFence } from '../plan/fence.ts';
import { invariant } from '../plan/invariant.ts';
import { ownValue } from '../plan/own-value.ts';
import type { TreeLabel } from '../plan/owned-names.ts';
import { treeLabelOf } from '../plan/owned-names.ts';
import type { Plan, PlannedEndpoint } from '../plan/plan.ts';
import { predictRollbacks } from '../plan/predicted-view.ts';
import { METRICS } from '../telemetry/metric-names.ts';
import type { EnactorDeps, Refusal, Run } from './enactor.ts';

/** What every event of this pass is appended with. */
export function occasionOf({ clock, writer, anchor }: EnactorDeps): Occasion {
  return { at: () => clock.now(), by: writer.name, anchor };
}

/** Has one event appended, and decides on it anew at every head; the log may hold it already. */
export async function record(deps: EnactorDeps, command: Command): Promise<void> {
  const { writer, ledger } = deps;
  const outcome = await execute(ledger, writer.scope.cell, occasionOf(deps), () => command);
  if (outcome.type === 'refused' || outcome.type === 'unknown') {
    deps.telemetry.note('event not recorded', {
      event: EVENT_OF[command.type],
      reason: outcome.reason,
      cell: writer.scope.cell,
    });
  }
}

/**
 * Has a regression appended at exactly the head that was read before the zone, so that of several who have seen the same
 * only one records it, and nobody after its repair.
 *
 * @returns false when the log has moved on (by this event too), so that everything must be read again.
 */
export async function reportRegression(
  deps: EnactorDeps,
  head: Head,
  regression: Omit<CommandNamed<'ReportRegression'>, 'type'>,
): Promise<boolean> {
  const { writer, ledger, telemetry } = deps;
  const command = { type: 'ReportRegression', ...regression } as const;
  const outcome = await executeAt(ledger, head, occasionOf(deps), command);
  if (outcome.type === 'appended') {
    const { cell } = writer.scope;
    telemetry.count(METRICS.zoneRegressions, 1, { cell });
  }
  return outcome.type === 'recorded' || outcome.type === 'refused';
}

/** Leaves an endpoint out of its plan for the rest of the run, and has the log say so where its format can. */
export async function recordRefusal(
  deps: EnactorDeps,
  run: Run,
  state: CellState,
  refusal: Refusal,
): Promise<void> {
  run.refused.set(refusal.name, refusal);
  deps.telemetry.note('endpoint refused', { cell: deps.writer.scope.cell, ...refusal });
  if (canRecord(state, 'EndpointRefused')) await record(deps, { type: 'RecordRefusal', ...refusal });
}

/** Where the log says that rollback roots point. */
export function recordedRollbacks(head: Head): Readonly<Record<string, TreeLabel | undefined>> {
  return Object.fromEntries(
    Object.entries(head.state.endpoints).map(([endpoint, known]) => [endpoint, known.rollback]),
  );
}

/**
 * The command for a PlanApplied that is owed: the fence is a known plan's, at a seq above the last recorded one, so its
 * writer died (or is slow) between the write and the append. Undefined when nothing is owed.
 */
export async function owedPlanApplied(
  deps: EnactorDeps,
  fence: Fence,
  head: Head,
): Promise<CommandNamed<'RecordApplied'> | undefined> {
  const { state } = head;
  const { scope } = deps.writer;
  if (fence.seq <= (state.applied?.seq ?? 0)) return undefined;
  // A rescue may name a known plan's digest, but what it made are trees of its own.
  if (isRescueFence(fence)) return undefined;
  const applied = fencePlan(fence, state);
  if (applied === undefined) return undefined;
  const plan = await getPlan(deps.ledger, scope.cell, applied.digest);
  const before = await planOf(deps.ledger, scope.cell, state.applied);
  const labelOf = (endpoint: PlannedEndpoint) => labelOfTree(endpoint, deps);
  return {
    type: 'RecordApplied',
    generation: fence.generation,
    seq: fence.seq,
    digest: applied.digest,
    enactor: fence.by,
    reason: 'observed',
    endpoints: plan.endpoints.map(({ name }) => name),
    rollbacks: predictRollbacks(before, plan, recordedRollbacks(head), labelOf, scope),
  };
}

/**
 * The rollback roots of the whole cell after a flip that found `found` where it `looked`. Where it looked and found
 * nothing, the families have different trees, so there is no label: what the log said of the endpoint no longer holds.
 */
export function mergedRollbacks(
  head: Head,
  goal: Plan,
  found: Readonly<Record<string, TreeLabel>>,
  relative: (endpoint: PlannedEndpoint) => string,
  looked: (endpoint: PlannedEndpoint) => boolean,
): Readonly<Record<string, TreeLabel>> {
  const before = recordedRollbacks(head);
  const merged: Record<string, TreeLabel> = {};
  for (const endpoint of goal.endpoints) {
    const key = relative(endpoint);
    const label = ownValue(looked(endpoint) ? found : before, key);
    if (label !== undefined) merged[key] = label;
  }
  return merged;
}

function labelOfTree(endpoint: PlannedEndpoint, { writer }: EnactorDeps): TreeLabel {
  const label = treeLabelOf(endpoint.tree, writer.scope);
  invariant(label !== undefined, `${endpoint.tree} is not a tree of cell ${writer.scope.cell}`);
  return label;
}
