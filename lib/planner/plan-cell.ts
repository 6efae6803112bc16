import { declaredFleet, planOf, putObservations, recordedObservations } from '../cell/cell-bodies.ts';
import type { CellKnowledge } from '../cell/cell-knowledge.ts';
import { knowledgeOf } from '../cell/cell-knowledge.ts';
import type { Proposal, ProposedPlan } from '../cell/proposal.ts';
import { commandToAppend, fatalAmong, propose } from '../cell/proposal.ts';
import { blindIn, knownAfter } from '../fleet/sources/cell-observations.ts';
import type { CellState } from '../ledger/decider/state.ts';
import { execute, executeAt } from '../ledger/execute.ts';
import type { Head } from '../ledger/ledger.ts';
import { putPlan } from '../ledger/plan-bodies.ts';
import { canonicalJson } from '../plan/canonical.ts';
import type { DesiredEndpoint } from '../plan/desired.ts';
import { desiredEndpoints } from '../plan/desired.ts';
import { contentOf, sameContent } from '../plan/make-plan.ts';
import { ownValue } from '../plan/own-value.ts';
import type { Plan } from '../plan/plan.ts';
import { METRICS } from '../telemetry/metric-names.ts';
import type { PlannerDeps, PlanOutcome, PlanRequest } from './planner.ts';
import { lintRoom } from './room.ts';

/** What the planner knows of a cell when it decides. */
interface Known extends CellKnowledge {
  readonly newest: Plan | undefined;
}

/**
 * Observes one cell's targets and appends the plan that follows, if it differs from the newest: one run of a planner.
 * Any number may run at once; of two at one head one wins, and the other decides anew in its next run.
 *
 * @throws LedgerUnavailable when the ledger is down: nothing was appended.
 */
export async function planCell(deps: PlannerDeps, request: PlanRequest): Promise<PlanOutcome> {
  const known = await observe(deps, request);
  if (known.type !== 'known') return known;
  const { state } = known.head;
  if (state.paused !== null && request.append && request.immediate !== true) {
    return { type: 'paused', reason: state.paused.reason };
  }
  const endpoints = desiredEndpoints(known.desired);
  if (isUnchanged(endpoints, known)) return { type: 'unchanged', findings: [] };
  const { claimed = new Map() } = request;
  const now = deps.clock.now();
  const proposal = withRoom(known, propose(known, { endpoints, origin: 'planner', claimed, now }));
  if (proposal.type === 'fatal') return { type: 'fatal', findings: proposal.findings };
  const { proposed } = proposal;
  if (!request.append) return { type: 'proposed', proposed };
  const until = coalescedUntil(state, proposed, request);
  if (until > deps.clock.now()) return { type: 'coalesced', until };
  return append(deps, known.head, proposed);
}

/** Reads the fleet, asks the source, and records its answer if that differs from what was recorded before. */
async function observe(
  deps: PlannerDeps,
  request: PlanRequest,
): Promise<({ readonly type: 'known' } & Known) | PlanOutcome> {
  const { ledger, source, clock, name } = deps;
  const { cell } = request;
  let head = await ledger.head(cell);
  const { fleet: declared } = head.state;
  if (declared === null) return { type: 'idle', reason: `no fleet has been pushed for cell ${cell}` };
  const fleet = await declaredFleet(ledger, cell, declared.digest);
  const before = await recordedObservations(ledger, head);
  const isObserved = head.state.observations?.fleet === declared.digest;
  const isRepeated = source.kind === 'declared' && isObserved;
  const seen = isRepeated ? { type: 'observed' as const, observations: before } : await source.observe(fleet);
  const blind = blindIn(seen);
  if (blind.length > 0) deps.telemetry.count(METRICS.blindObservations, 1, { cell });
  for (const { source: who, reason } of blind)
    deps.telemetry.note('source is blind', { cell, source: who, reason });
  // A source that cannot see changes nothing: what was observed before stands.
  const observations = knownAfter(seen, before, isObserved);
  const changed = fleet.targets.filter(
    ({ id }) =>
      canonicalJson(ownValue(before, id) ?? null) !== canonicalJson(ownValue(observations, id) ?? null),
  );
  if (changed.length > 0 && request.append) {
    const observed = await putObservations(ledger, cell, observations, changed.length);
    const outcome = await execute(ledger, cell, { at: () => clock.now(), by: name }, (now) =>
      now.state.fleet?.digest === declared.digest ? observed : undefined,
    );
    if (outcome.type === 'unknown' || outcome.type === 'refused') return { type: 'lost' };
    head = outcome.head;
    if (head.state.fleet?.digest !== declared.digest) return { type: 'lost' };
  }
  const known = await knowledgeOf(ledger, head, fleet, observations);
  return { type: 'known', ...known, newest: await newestPlan(deps, known) };
}

/** The newest plan's body, which is the goal's as long as nothing was appended after it. */
async function newestPlan(
  { ledger }: PlannerDeps,
  { head, desired }: CellKnowledge,
): Promise<Plan | undefined> {
  const { newest, goal } = head.state;
  const isGoal = newest === null || newest.digest === goal?.digest;
  return isGoal ? desired.base : planOf(ledger, head.cell, newest);
}

/** A proposal with what it takes of the log's room: a plan that the ledger would refuse is never proposed. Pure. */
function withRoom({ head }: CellKnowledge, proposal: Proposal): Proposal {
  if (proposal.type === 'fatal') return proposal;
  const { proposed } = proposal;
  const findings = [...proposed.findings, ...lintRoom(head.state, commandToAppend(proposed, 'planner'))];
  const fatal = fatalAmong(findings);
  return fatal === undefined
    ? { type: 'proposed', proposed: { ...proposed, findings } }
    : { type: 'fatal', fatal, findings };
}

/** True when the content is the newest plan's, or the goal's where the newest was rejected: nothing needs appending. */
function isUnchanged(endpoints: readonly DesiredEndpoint[], { newest, desired, head }: Known): boolean {
  if (newest === undefined) return endpoints.length === 0;
  if (sameContent(contentOf(newest), endpoints)) return true;
  const isRejected = head.state.newest?.disposition === 'rejected';
  return isRejected && desired.base !== undefined && sameContent(contentOf(desired.base), endpoints);
}

function coalescedUntil(state: CellState, proposed: ProposedPlan, request: PlanRequest): number {
  const { newest, fleet } = state;
  if (request.immediate === true || newest === null || fleet === null) return 0;
  // // Nothing is gained by holding a new plan at every flap of a target while the plan before it is still held.
  const isHeldAgain = proposed.disposition === 'held' && newest.disposition === 'held';
  if (proposed.lane === 'urgent' && !isHeldAgain) return 0;
  return newest.at + fleet.policy.coalesceS * 1_000;
}

async function append(deps: PlannerDeps, head: Head, proposed: ProposedPlan): Promise<PlanOutcome> {
  const { ledger, clock, name, telemetry } = deps;
  const { disposition } = proposed;
  await putPlan(ledger, proposed.plan);
  const occasion = { at: () => clock.now(), by: name };
  const outcome = await executeAt(ledger, head, occasion, commandToAppend(proposed, 'planner'));
  telemetry.count(METRICS.plansProposed, 1, { outcome: outcome.type, disposition });
  if (outcome.type === 'appended') return { type: 'appended', proposed };
  return outcome.type === 'refused' ? { type: 'refused', reason: outcome.reason } : { type: 'lost' };
}
