import { fleetBody, recordedObservations } from '../cell/cell-bodies.ts';
import type { CellKnowledge } from '../cell/cell-knowledge.ts';
import { fleetWithout, judgedBy, knowCell, knowledgeOf } from '../cell/cell-knowledge.ts';
import { claimedNames } from '../cell/claimed-names.ts';
import type { Circumstances } from '../cell/proposal.ts';
import { choose } from '../cell/proposal.ts';
import { knownAfter } from '../fleet/sources/cell-observations.ts';
import type { Source } from '../fleet/sources/source.ts';
import { decide } from '../ledger/decider/decide.ts';
import { evolve } from '../ledger/decider/evolve.ts';
import { goneNames } from '../ledger/decider/evolve-handover.ts';
import type { WaitingLoosening } from '../ledger/decider/loosening.ts';
import { waitingLoosening } from '../ledger/decider/loosening.ts';
import type { CellState } from '../ledger/decider/state.ts';
import { initialState } from '../ledger/decider/state.ts';
import type { Head } from '../ledger/ledger.ts';
import type { WaitingEndpoint } from '../plan/choose-answers.ts';
import type { Finding } from '../plan/findings.ts';
import type { CellFleet, Observations } from '../plan/fleet-model.ts';
import type { CellName } from '../plan/names.ts';
import type { Plan } from '../plan/plan.ts';
import { planDifference } from '../plan/plan-difference.ts';
import type { PlanSummary } from '../plan/plan-summary.ts';
import { summaryOf } from '../plan/plan-summary.ts';
import type { DesiredEndpoint } from '../plan/tree-nodes.ts';
import type { Handovers } from './moved-endpoints.ts';
import { moveCommands } from './moved-endpoints.ts';
import type { OperatorDeps } from './operator.ts';
import type { PushRequest } from './push-fleet.ts';
import { declareFleet, firstFormat } from './push-fleet.ts';
import type { Undone } from './undone-by-push.ts';
import { undoneByPush } from './undone-by-push.ts';

/** What the planner would make of a fleet at the head that was read. */
export interface ForeseenPlan {
  readonly cell: CellName;
  readonly summary: PlanSummary;
  /** Findings about what would change. */
  readonly findings: readonly Finding[];
  /** Endpoints that would go on answering as they do; `isNew`: because of this fleet, and not already now. */
  readonly keptBack: readonly (WaitingEndpoint & { readonly isNew: boolean })[];
  /** What of its policy would wait for a person, because it is looser than what is in effect. */
  readonly loosening: (WaitingLoosening & { readonly isNew: boolean }) | null;
  /** What it would undo of what people ordered and recorded. */
  readonly undone: readonly Undone[];
  /** The planner is paused, and plans nothing of it before somebody resumes it. */
  readonly paused: CellState['paused'];
  /** Nothing of it reaches the zone before somebody thaws the cell: it is frozen, or was rescued. */
  readonly frozen: { readonly by: string; readonly reason: string } | null;
  /** The goal; absent where there is none. */
  readonly base?: Plan | undefined;
  /** What the endpoints would answer. */
  readonly endpoints: readonly DesiredEndpoint[];
}

export interface ForeseeRequest {
  readonly cells: readonly CellFleet[];
  /** What is seen of the targets of a fleet that nobody has observed yet. */
  readonly source: Source;
  /** Endpoints that these fleets move from one cell to another, and offers that they take back. */
  readonly handovers?: Handovers;
  /** As in {@link PushRequest}: it decides what the plans of a new cell can hold. */
  readonly functionsRead?: PushRequest['functionsRead'];
}

/**
 * Judges fleets as the planner would if they were declared at this moment, and writes nothing: the same choice of
 * answers, endpoint by endpoint.
 *
 * @throws LedgerUnavailable when the ledger cannot be reached, BodyDamaged when what stands cannot be read.
 */
export async function foreseePush(
  deps: OperatorDeps,
  { cells, source, handovers, functionsRead }: ForeseeRequest,
): Promise<readonly ForeseenPlan[]> {
  const first = await firstFormat(deps, functionsRead);
  const claimed = await claimedNames(deps.ledger, new Set(cells.map(({ cell }) => cell)));
  const circumstances = { claimed, now: deps.clock.now() };
  const foreseen: ForeseenPlan[] = [];
  for (const fleet of cells) {
    const read = begunHead(await deps.ledger.head(fleet.cell), first);
    const now = await knowCell(deps.ledger, read, deps.clock.now());
    const head = handingOver(read, deps.ledger.id, handovers, circumstances.now);
    const recorded = await recordedObservations(deps.ledger, head);
    const seen = await source.observe(fleet, recorded);
    const observations = knownAfter(seen, recorded, false);
    const then =
      now === undefined
        ? await knowledgeOf(deps.ledger, head, { declared: fleet, observations, now: circumstances.now })
        : knownAfterPush({ ...now, head }, fleet, observations, circumstances.now);
    foreseen.push(foreseenPlan(then, now, circumstances));
  }
  return foreseen;
}

/** The head as if what goes over were offered and awaited. */
function handingOver(head: Head, ledger: string, handovers: ForeseeRequest['handovers'], at: number): Head {
  const commands = handovers === undefined ? [] : moveCommands(handovers, ledger);
  let { state } = head;
  for (const { cell, command } of commands) {
    if (cell !== head.cell) continue;
    const decision = decide(command, state);
    if (decision.type === 'append') state = evolve(state, decision.event, { at, by: '' });
  }
  return { ...head, state };
}

/** A push of a cell's first fleet raises the cell to the format that a new cell begins with. */
function begunHead(head: Head, first: number): Head {
  const { state } = head;
  if (state.fleet !== null || state.format >= first) return head;
  return { ...head, state: { ...state, format: first } };
}

/** What would be known if the fleet were declared, and judged by the policy that is in effect then. */
function knownAfterPush(
  now: CellKnowledge,
  declared: CellFleet,
  observations: Observations,
  at: number,
): CellKnowledge {
  const head = declaring(now, declared, at);
  const fleet = fleetWithout(judgedBy(declared, head.state), goneNames(head.state));
  return { ...now, head, fleet, desired: { ...now.desired, fleet, observations } };
}

/** The head as if the fleet were declared: what was refused under another fleet is then tried at once. */
function declaring({ head, fleet: before }: CellKnowledge, fleet: CellFleet, at: number): Head {
  const replaced = { before, state: head.state };
  const decision = decide(declareFleet(fleet, fleetBody(fleet), replaced), head.state);
  if (decision.type !== 'append') return head;
  return { ...head, state: evolve(head.state, decision.event, { at, by: '' }) };
}

/** The same for a fleet of which nothing is known but the file: what the first plan of a new cell would be. Pure. */
export function foreseeFirst(fleet: CellFleet, now: number): ForeseenPlan {
  const { cell, zone, zoneId } = fleet;
  const head: Head = { cell, number: 0, hash: '', state: initialState(cell, '') };
  const known: CellKnowledge = {
    head,
    fleet,
    scope: { cell, zone, zoneId },
    desired: { fleet, observations: {}, drained: [], evacuated: [], base: undefined },
    applied: undefined,
    sheds: 0,
    earlier: undefined,
    wishes: new Map(),
    accepted: new Map(),
  };
  return foreseenPlan(known, undefined, { claimed: new Map(), now });
}

function foreseenPlan(
  known: CellKnowledge,
  now: CellKnowledge | undefined,
  circumstances: Circumstances,
): ForeseenPlan {
  const already = now === undefined ? [] : choose(now, circumstances).keptBack;
  const { cell } = known.head;
  const { base } = known.desired;
  const { endpoints, keptBack, notes } = choose(known, circumstances);
  const difference = planDifference(base, endpoints);
  const summary = summaryOf({ endpoints }, difference);
  const changed = new Set<string>([...difference.added, ...difference.changed]);
  const waited = new Set(already.map(({ name, digest }) => `${name} ${digest}`));
  return {
    cell,
    summary,
    findings: notes.filter(({ code, subject }) => changed.has(subject) || code === 'zone-nearly-full'),
    keptBack: keptBack.map((each) => ({ ...each, isNew: !waited.has(`${each.name} ${each.digest}`) })),
    loosening: looseningAfter(known.head.state, now?.head.state),
    undone: now === undefined ? [] : undoneByPush({ now, pushed: known, keptBack, plans: isPlan(summary) }),
    paused: known.head.state.paused,
    frozen: frozenIn(known.head.state),
    base,
    endpoints,
  };
}

function frozenIn({ frozen, rescue }: CellState): ForeseenPlan['frozen'] {
  if (frozen !== null) return { by: frozen.by, reason: frozen.reason };
  return rescue === null ? null : { by: '', reason: 'rescued' };
}

function isPlan({ added, changed, removed }: PlanSummary): boolean {
  return added.length + changed.length + removed.length > 0;
}

function looseningAfter(after: CellState, before: CellState | undefined): ForeseenPlan['loosening'] {
  const waiting = waitingLoosening(after);
  return waiting === null
    ? null
    : {
        ...waiting,
        isNew: waiting.digest !== (before === undefined ? undefined : waitingLoosening(before)?.digest),
      };
}
