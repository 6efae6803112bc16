import { parseCellFleet } from '../fleet/cell-fleet-codec.ts';
import { blindIn, knownAfter } from '../fleet/sources/cell-observations.ts';
import type { CellState } from '../ledger/decider/state.ts';
import { execute, executeAt } from '../ledger/execute.ts';
import type { Head } from '../ledger/ledger.ts';
import { getPlan, putPlan } from '../ledger/plan-bodies.ts';
import { canonicalJson } from '../plan/canonical.ts';
import type { DesiredEndpoint } from '../plan/desired.ts';
import { desiredEndpoints } from '../plan/desired.ts';
import type { CellFleet, Observations } from '../plan/fleet-model.ts';
import { contentOf, sameContent } from '../plan/make-plan.ts';
import { ownValue } from '../plan/own-value.ts';
import { METRICS } from '../telemetry/metric-names.ts';
import type { PlannerDeps, PlanOutcome, PlanRequest, ProposedPlan } from './planner.ts';
import type { Known } from './propose.ts';
import { planAppended, propose } from './propose.ts';

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
  const { proposed, findings } = propose(known, endpoints, request.claimed, deps.clock.now());
  if (proposed === undefined) return { type: 'fatal', findings };
  if (!request.append) return { type: 'proposed', proposed };
  const until = coalescedUntil(state, proposed, request);
  if (until > deps.clock.now()) return { type: 'coalesced', until };
  return append(deps, known.head, proposed);
}

/** Reads the fleet, asks the source, and records what it said if that is news. */
async function observe(
  deps: PlannerDeps,
  request: PlanRequest,
): Promise<({ readonly type: 'known' } & Known) | PlanOutcome> {
  const { ledger, source, clock, name } = deps;
  const { cell } = request;
  let head = await ledger.head(cell);
  const { fleet: declared } = head.state;
  if (declared === null) return { type: 'idle', reason: `no fleet has been pushed for cell ${cell}` };
  const fleet = parseCellFleet(JSON.parse(await ledger.getBody(cell, declared.digest)));
  const before = await recordedObservations(deps, head);
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
    const digest = await ledger.putBody(cell, canonicalJson(observations));
    const healthy = Object.values(observations).filter(({ health }) => health === 'healthy').length;
    const outcome = await execute(ledger, cell, { at: () => clock.now(), by: name }, (now) =>
      now.state.fleet?.digest === declared.digest
        ? { type: 'TargetsObserved', digest, changed: changed.length, healthy }
        : undefined,
    );
    if (outcome.type === 'unknown' || outcome.type === 'refused') return { type: 'lost' };
    head = outcome.head;
    if (head.state.fleet?.digest !== declared.digest) return { type: 'lost' };
  }
  return { type: 'known', ...(await knownOf(deps, head, fleet, observations)) };
}

async function knownOf(
  deps: PlannerDeps,
  head: Head,
  fleet: CellFleet,
  observations: Observations,
): Promise<Known> {
  const { state, cell } = head;
  const base = state.goal === null ? undefined : await getPlan(deps.ledger, cell, state.goal.digest);
  const isGoal = state.newest === null || state.newest.digest === state.goal?.digest;
  const newest =
    isGoal || state.newest === null ? base : await getPlan(deps.ledger, cell, state.newest.digest);
  const { drained, evacuated } = state;
  const scope = { cell, zone: fleet.zone, zoneId: fleet.zoneId };
  return { head, fleet, scope, newest, desired: { fleet, observations, drained, evacuated, base } };
}

async function recordedObservations(deps: PlannerDeps, head: Head): Promise<Observations> {
  const { observations } = head.state;
  if (observations === null) return {};
  return JSON.parse(await deps.ledger.getBody(head.cell, observations.digest)) as Observations;
}

/** Same content as the newest plan, or as the goal when the newest was rejected: there is nothing to say again. */
function isUnchanged(endpoints: readonly DesiredEndpoint[], { newest, desired, head }: Known): boolean {
  if (newest === undefined) return endpoints.length === 0;
  if (sameContent(contentOf(newest), endpoints)) return true;
  const isRejected = head.state.newest?.disposition === 'rejected';
  return isRejected && desired.base !== undefined && sameContent(contentOf(desired.base), endpoints);
}

function coalescedUntil(state: CellState, proposed: ProposedPlan, request: PlanRequest): number {
  const { newest, fleet } = state;
  if (request.immediate === true || newest === null || fleet === null) return 0;
  // An order that is held already gains nothing by being held again at every flap of what surrounds it.
  const isHeldAgain = proposed.disposition === 'held' && newest.disposition === 'held';
  if (proposed.lane === 'urgent' && !isHeldAgain) return 0;
  return newest.at + fleet.policy.coalesceS * 1_000;
}

async function append(deps: PlannerDeps, head: Head, proposed: ProposedPlan): Promise<PlanOutcome> {
  const { ledger, clock, name, telemetry } = deps;
  const { disposition } = proposed;
  await putPlan(ledger, proposed.plan);
  const occasion = { at: () => clock.now(), by: name };
  const outcome = await executeAt(ledger, head, occasion, planAppended(proposed));
  telemetry.count(METRICS.plansProposed, 1, { outcome: outcome.type, disposition });
  if (outcome.type === 'appended') return { type: 'appended', proposed };
  return outcome.type === 'refused' ? { type: 'refused', reason: outcome.reason } : { type: 'lost' };
}
