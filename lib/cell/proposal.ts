import type { CommandNamed } from '../ledger/decider/commands.ts';
import type { PlanLane, PlanOrigin } from '../ledger/decider/events.ts';
import type { DesiredEndpoint } from '../plan/desired.ts';
import type { Finding } from '../plan/findings.ts';
import { severest } from '../plan/findings.ts';
import type { Generation } from '../plan/generation.ts';
import { nextGeneration } from '../plan/generation.ts';
import { lintChange } from '../plan/lint-change.ts';
import { lintPlan } from '../plan/lint-plan.ts';
import { makePlan } from '../plan/make-plan.ts';
import type { CellName, DnsName } from '../plan/names.ts';
import type { TreeLabel } from '../plan/owned-names.ts';
import type { Plan } from '../plan/plan.ts';
import { planDigest } from '../plan/plan.ts';
import type { PlanDifference } from '../plan/plan-difference.ts';
import { planDifference } from '../plan/plan-difference.ts';
import type { PlanSummary } from '../plan/plan-summary.ts';
import { laneOf, summaryOf } from '../plan/plan-summary.ts';
import type { CellKnowledge } from './cell-knowledge.ts';
import { isUnretired } from './cell-knowledge.ts';

/** A plan that was made, appended or not. */
export interface ProposedPlan {
  readonly plan: Plan;
  readonly digest: string;
  readonly lane: PlanLane;
  readonly disposition: 'approved' | 'held';
  readonly findings: readonly Finding[];
  readonly summary: PlanSummary;
  /** Trees that it makes, by endpoint in relative form. */
  readonly newTrees: Readonly<Record<string, TreeLabel>>;
}

/** What the endpoints shall answer, and what else they are judged by. */
export interface Intention {
  readonly endpoints: readonly DesiredEndpoint[];
  /** Names that other cells of the same ledger declare. */
  readonly claimed: ReadonlyMap<DnsName, CellName>;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Findings about endpoints that would take the goal's place, and how these differ from it. */
export interface Judgement {
  readonly generation: Generation;
  readonly findings: readonly Finding[];
  readonly difference: PlanDifference;
}

/** Judges endpoints under the next generation, as every plan is judged. Pure. */
export function judge(
  { head: { state }, fleet, scope, desired }: CellKnowledge,
  { endpoints, claimed, now }: Intention,
): Judgement {
  const generation = nextGeneration(state.highest);
  const difference = planDifference(desired.base, endpoints);
  const newTrees = new Set([...difference.added, ...difference.changed]);
  const zone = state.facts ?? undefined;
  const findings = [
    ...lintPlan({ scope, fleet, generation, endpoints, newTrees, zone, claimed }),
    ...lintChange({ desired, endpoints, difference, removals: state.removals, now }),
  ];
  return { generation, findings, difference };
}

/** The origins of plans made from what the endpoints shall answer; a rescue's is made from what stands in the zone. */
export type Proposer = Extract<PlanOrigin, 'planner' | 'operator' | 'rollback'>;

export interface ProposalRequest extends Intention {
  readonly origin: Proposer;
  /** Plans besides the goal whose trees may serve again, if the janitor has not retired them. */
  readonly others?: readonly Plan[];
}

/** A plan that may be appended, or, when a finding is fatal, none. */
export type Proposal =
  | { readonly type: 'proposed'; readonly proposed: ProposedPlan }
  | { readonly type: 'fatal'; readonly fatal: Finding; readonly findings: readonly Finding[] };

/**
 * The plan that gives the endpoints these answers, with every finding about it. Its generation, parent and tree names
 * are computed and never taken from the request, so that no plan can alter a tree that stands. Pure.
 *
 * A person's plan is urgent. A plan with a held finding waits for approval, except a rollback: the person's order is
 * its approval, and its findings become notes.
 */
export function propose(known: CellKnowledge, request: ProposalRequest): Proposal {
  const { scope, desired, head } = known;
  const { endpoints, origin, others = [] } = request;
  const { generation, difference, ...judged } = judge(known, request);
  const isPersons = origin !== 'planner';
  // // That a source is blind to the targets says nothing about a plan that a person wrote.
  const findings = isPersons
    ? judged.findings.filter(({ code }) => code !== 'observer-blind')
    : judged.findings;
  const fatal = fatalAmong(findings);
  // // Among them is a name too long for a tree, of which no plan can be made.
  if (fatal !== undefined) return { type: 'fatal', fatal, findings };
  const { plan, newTrees } = makePlan({
    scope,
    generation,
    endpoints,
    base: desired.base,
    others,
    isUnretired: (endpoint, label) => isUnretired(head.state, endpoint, label),
  });
  const isOrdered = origin === 'rollback';
  const proposed: ProposedPlan = {
    plan,
    digest: planDigest(plan),
    lane: isPersons ? 'urgent' : laneOf(desired, difference),
    disposition: severest(findings) === 'held' && !isOrdered ? 'held' : 'approved',
    findings: isOrdered ? findings.map((finding) => ({ ...finding, severity: 'note' })) : findings,
    summary: summaryOf(plan, difference),
    newTrees,
  };
  return { type: 'proposed', proposed };
}

/** The first finding that forbids a plan; undefined when there is none. */
export function fatalAmong(findings: readonly Finding[]): Finding | undefined {
  return findings.find(({ severity }) => severity === 'fatal');
}

/**
 * The command by which a plan enters the log. A person's plan pauses the planner in the same event; otherwise the
 * planner's next run would undo what the person has just asked for.
 */
export function commandToAppend(proposed: ProposedPlan, origin: PlanOrigin): CommandNamed<'AppendPlan'> {
  const { plan, digest, lane, disposition, findings, summary, newTrees } = proposed;
  const { generation, parent } = plan;
  return {
    type: 'AppendPlan',
    generation,
    parent,
    digest,
    origin,
    lane,
    disposition,
    pausesPlanner: origin !== 'planner',
    findings,
    summary,
    newTrees,
  };
}
