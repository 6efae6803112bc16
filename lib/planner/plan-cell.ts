import { isOfGoal, isRetryDue, refusedGoal } from '../cell/asked-answers.ts';
import { declaredFleet, putObservations, recordedObservations } from '../cell/cell-bodies.ts';
import type { CellKnowledge } from '../cell/cell-knowledge.ts';
import { knowledgeOf } from '../cell/cell-knowledge.ts';
import type { Circumstances, ProposedPlan } from '../cell/proposal.ts';
import { choose, chooseForPerson, commandToAppend, isAtGoal, propose } from '../cell/proposal.ts';
import { blindIn, knownAfter, returnsAfter } from '../fleet/sources/cell-observations.ts';
import { sameKeptBack } from '../ledger/decider/decide-obstacles.ts';
import { canRecord } from '../ledger/decider/formats.ts';
import type { CellState } from '../ledger/decider/state.ts';
import { isSince4 } from '../ledger/decider/state.ts';
import { execute, executeAt } from '../ledger/execute.ts';
import type { Head } from '../ledger/ledger.ts';
import { putPlan } from '../ledger/plan-bodies.ts';
import { canonicalJson } from '../plan/canonical.ts';
import type { WaitingEndpoint } from '../plan/choose-answers.ts';
import { ownValue } from '../plan/own-value.ts';
import { METRICS } from '../telemetry/metric-names.ts';
import type { PlannerDeps, PlanOutcome, PlanRequest } from './planner.ts';
import { lintRoom } from './room.ts';

/**
 * Observes one cell's targets and appends the plan that follows, if it differs from the goal: one run of a planner. Any
 * number may run at once; of two at one head one wins, and the other decides anew in its next run.
 *
 * Each endpoint is judged by itself. What stands against one endpoint keeps back that endpoint alone, and enters the log
 * with the plan of the others, or by an event of its own where no plan follows.
 *
 * @throws LedgerUnavailable when the ledger is down: nothing was appended.
 */
export async function planCell(deps: PlannerDeps, request: PlanRequest): Promise<PlanOutcome> {
  const known = await observe(deps, request);
  if (known.type !== 'known') return known;
  const { state } = known.head;
  // After the head: of two cells that declare one name, one at least then sees the other (docs/adr/0076-claims-are-read-once-a-declaration.md).
  const claimed = (await request.claims?.(deps.ledger, known)) ?? new Map();
  const circumstances: Circumstances = { claimed, now: deps.clock.now() };
  const { paused } = state;
  const isPaused = paused !== null && request.append && request.immediate !== true;
  if (isPaused) return spare(deps, known, circumstances, paused.reason);
  const choice = choose(known, circumstances);
  if (isAtGoal(known, choice.endpoints) && !isRetryDue(known, circumstances.now))
    return keepBack(deps, known.head, choice.keptBack, request);
  const plain = propose(known, { choice, origin: 'planner' });
  const findings = [...plain.findings, ...lintRoom(state, commandToAppend(plain, 'planner'))];
  const proposed: ProposedPlan = { ...plain, findings };
  if (!request.append) return { type: 'proposed', proposed };
  const now = deps.clock.now();
  const until = coalescedUntil(state, proposed, request, now);
  if (until > now) return { type: 'coalesced', until };
  return append(deps, known.head, proposed, 'planner');
}

/**
 * What a paused planner does all the same: a goal of which Route 53 refused an endpoint would never be applied, so that
 * endpoint goes back to what it answers, and the rest of the goal stays as whoever asked for it wants it. What a person
 * asked of it is tried again when its time has come. While a person's
 * plan waits for an approval nothing is appended after it, because only the newest plan can be approved.
 */
async function spare(
  deps: PlannerDeps,
  known: CellKnowledge,
  circumstances: Circumstances,
  reason: string,
): Promise<PlanOutcome> {
  const { desired, head } = known;
  const isHeld = head.state.newest?.disposition === 'held';
  if (head.state.refused.length === 0 || desired.base === undefined || isHeld)
    return { type: 'paused', reason };
  const { asked, tried, refused } = refusedGoal(known, circumstances.now);
  const names = new Set([...asked.keys(), ...tried, ...refused.keys()]);
  const choice = chooseForPerson(known, { asked, approved: names, refused }, circumstances);
  if (isAtGoal(known, choice.endpoints) && tried.size === 0) return { type: 'paused', reason };
  // What was kept back before goes on waiting: a paused planner does not look.
  const others = head.state.keptBack.filter(({ name }) => !refused.has(name) && !tried.has(name));
  const keptBack = [...others, ...choice.keptBack];
  return append(
    deps,
    head,
    propose(known, { choice: { ...choice, keptBack }, origin: 'reissue' }),
    'reissue',
  );
}

/** Reads the fleet, asks the source, and records its answer if that differs from what was recorded before. */
async function observe(
  deps: PlannerDeps,
  request: PlanRequest,
): Promise<({ readonly type: 'known' } & CellKnowledge) | PlanOutcome> {
  const { ledger, source, clock, name } = deps;
  const { cell } = request;
  let head = await ledger.head(cell);
  const { fleet: declared } = head.state;
  if (declared === null) return { type: 'idle', reason: `no fleet has been pushed for cell ${cell}` };
  const fleet = await declaredFleet(ledger, cell, declared.digest);
  const before = await recordedObservations(ledger, head);
  const isObserved = head.state.observations?.fleet === declared.digest;
  const isRepeated = source.kind === 'declared' && isObserved;
  const seen = isRepeated
    ? { type: 'observed' as const, observations: before }
    : await source.observe(fleet, before);
  const blind = blindIn(seen);
  if (blind.length > 0) deps.telemetry.count(METRICS.blindObservations, 1, { cell });
  for (const { source: who, reason } of blind)
    deps.telemetry.note('source is blind', { cell, source: who, reason });
  const gone = seen.type === 'observed' ? (seen.gone ?? []) : [];
  for (const target of gone)
    deps.telemetry.note('what a target names does not exist any more', { cell, target });
  if (request.append && source.kind === 'live') {
    const told = await reportBlindness(deps, head, blind);
    if (told === 'lost') return { type: 'lost' };
    head = told;
  }
  // A source that cannot see changes nothing: what was observed before stands.
  const after = knownAfter(seen, before, isObserved);
  // What was seen in an older format stays as releases before this one write it.
  const isCounted = source.kind === 'live' && isSince4(head.state);
  const observations = isCounted ? returnsAfter(seen, { before, after }, clock.now()) : after;
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
  const known = await knowledgeOf(ledger, head, { declared: fleet, observations, now: clock.now() });
  return { type: 'known', ...known };
}

/** Records which sources cannot see, if others could not before; the head after it. */
async function reportBlindness(
  { ledger, clock, name }: PlannerDeps,
  head: Head,
  sources: ReturnType<typeof blindIn>,
): Promise<Head | 'lost'> {
  if (!canRecord(head.state, 'SourcesBlind')) return head;
  const occasion = { at: () => clock.now(), by: name };
  const outcome = await executeAt(ledger, head, occasion, { type: 'ReportBlindness', sources });
  return outcome.type === 'appended' || outcome.type === 'recorded' ? outcome.head : 'lost';
}

/** Records what is kept back where no plan follows. */
async function keepBack(
  { ledger, clock, name }: PlannerDeps,
  head: Head,
  keptBack: readonly WaitingEndpoint[],
  request: PlanRequest,
): Promise<PlanOutcome> {
  const isKnown = sameKeptBack(head.state.keptBack, keptBack);
  if (isKnown || !request.append || !canRecord(head.state, 'EndpointsKeptBack'))
    return { type: 'unchanged', keptBack };
  const occasion = { at: () => clock.now(), by: name };
  const outcome = await executeAt(ledger, head, occasion, { type: 'KeepBack', endpoints: keptBack });
  switch (outcome.type) {
    case 'appended':
    case 'recorded':
      return { type: 'unchanged', keptBack };
    case 'refused':
      return { type: 'refused', reason: outcome.reason };
    case 'lost':
    case 'unknown':
      return { type: 'lost' };
  }
}

function coalescedUntil(state: CellState, proposed: ProposedPlan, request: PlanRequest, now: number): number {
  const { newest, fleet, refused } = state;
  if (request.immediate === true || newest === null || fleet === null) return 0;
  // A goal that was refused in part is applied only once another plan takes its place.
  const isRefused = refused.some((entry) => isOfGoal(entry, state));
  if (proposed.lane === 'urgent' || isRefused) return 0;
  // To coalesce is a convenience: it does not wait for a time that a clock has yet to reach.
  return newest.at > now ? 0 : newest.at + fleet.policy.coalesceS * 1_000;
}

async function append(
  deps: PlannerDeps,
  head: Head,
  proposed: ProposedPlan,
  origin: 'planner' | 'reissue',
): Promise<PlanOutcome> {
  const { ledger, clock, name, telemetry } = deps;
  const { disposition } = proposed;
  await putPlan(ledger, proposed.plan);
  const occasion = { at: () => clock.now(), by: name };
  const outcome = await executeAt(ledger, head, occasion, commandToAppend(proposed, origin));
  telemetry.count(METRICS.plansProposed, 1, { outcome: outcome.type, disposition });
  if (outcome.type === 'appended') return { type: 'appended', proposed };
  return outcome.type === 'refused' ? { type: 'refused', reason: outcome.reason } : { type: 'lost' };
}
