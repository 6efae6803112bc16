import { fleetBody, recordedObservations } from '../cell/cell-bodies.ts';
import type { CellKnowledge } from '../cell/cell-knowledge.ts';
import { knowCell, knowledgeOf } from '../cell/cell-knowledge.ts';
import { claimedNames } from '../cell/claimed-names.ts';
import type { Circumstances } from '../cell/proposal.ts';
import { choose } from '../cell/proposal.ts';
import { knownAfter } from '../fleet/sources/cell-observations.ts';
import type { Source } from '../fleet/sources/source.ts';
import { initialState } from '../ledger/decider/state.ts';
import type { Head } from '../ledger/ledger.ts';
import { sha256 } from '../plan/canonical.ts';
import type { WaitingEndpoint } from '../plan/choose-answers.ts';
import type { DesiredEndpoint } from '../plan/desired.ts';
import type { Finding } from '../plan/findings.ts';
import type { CellFleet } from '../plan/fleet-model.ts';
import type { CellName } from '../plan/names.ts';
import type { Plan } from '../plan/plan.ts';
import { planDifference } from '../plan/plan-difference.ts';
import type { PlanSummary } from '../plan/plan-summary.ts';
import { summaryOf } from '../plan/plan-summary.ts';
import type { OperatorDeps } from './operator.ts';

/** What the planner would make of a fleet at the head that was read. */
export interface ForeseenPlan {
  readonly cell: CellName;
  readonly summary: PlanSummary;
  /** Findings about what would change. */
  readonly findings: readonly Finding[];
  /** Endpoints that would go on answering as they do; `isNew`: because of this fleet, and not already now. */
  readonly keptBack: readonly (WaitingEndpoint & { readonly isNew: boolean })[];
  /** The goal; absent where there is none. */
  readonly base?: Plan | undefined;
  /** What the endpoints would answer. */
  readonly endpoints: readonly DesiredEndpoint[];
}

export interface ForeseeRequest {
  readonly cells: readonly CellFleet[];
  /** What is seen of the targets of a fleet that nobody has observed yet. */
  readonly source: Source;
}

/**
 * Judges fleets as the planner would if they were declared at this moment, and writes nothing: the same choice of
 * answers, endpoint by endpoint.
 *
 * @throws LedgerUnavailable when the ledger cannot be reached, BodyDamaged when what stands cannot be read.
 */
export async function foreseePush(
  deps: OperatorDeps,
  { cells, source }: ForeseeRequest,
): Promise<readonly ForeseenPlan[]> {
  const claimed = await claimedNames(deps.ledger, new Set(cells.map(({ cell }) => cell)));
  const circumstances = { claimed, now: deps.clock.now() };
  const foreseen: ForeseenPlan[] = [];
  for (const fleet of cells) {
    const head = await deps.ledger.head(fleet.cell);
    const now = await knowCell(deps.ledger, head);
    const seen = await source.observe(fleet);
    const observations = knownAfter(seen, await recordedObservations(deps.ledger, head), false);
    const then =
      now === undefined
        ? await knowledgeOf(deps.ledger, head, fleet, observations)
        : { ...now, head: declaring(head, fleet), fleet, desired: { ...now.desired, fleet, observations } };
    const already = now === undefined ? [] : choose(now, circumstances).keptBack;
    foreseen.push(foreseenPlan(then, already, circumstances));
  }
  return foreseen;
}

/** The head as if the fleet were declared: what was refused under another fleet is then tried at once. */
function declaring(head: Head, fleet: CellFleet): Head {
  const { state } = head;
  if (state.fleet === null) return head;
  const digest = sha256(fleetBody(fleet));
  return { ...head, state: { ...state, fleet: { ...state.fleet, digest, policy: fleet.policy } } };
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
    wishes: new Map(),
    accepted: new Map(),
  };
  return foreseenPlan(known, [], { claimed: new Map(), now });
}

function foreseenPlan(
  known: CellKnowledge,
  already: readonly WaitingEndpoint[],
  circumstances: Circumstances,
): ForeseenPlan {
  const { cell } = known.head;
  const { base } = known.desired;
  const { endpoints, keptBack, notes } = choose(known, circumstances);
  const difference = planDifference(base, endpoints);
  const changed = new Set<string>([...difference.added, ...difference.changed]);
  const before = new Set(already.map(({ name, digest }) => `${name} ${digest}`));
  return {
    cell,
    summary: summaryOf({ endpoints }, difference),
    findings: notes.filter(({ subject }) => changed.has(subject)),
    keptBack: keptBack.map((each) => ({ ...each, isNew: !before.has(`${each.name} ${each.digest}`) })),
    base,
    endpoints,
  };
}
