import type { PlanAppended } from '../ledger/decider/events.ts';
import type { Head } from '../ledger/ledger.ts';
import type { DesiredEndpoint, DesiredInput } from '../plan/desired.ts';
import type { Finding } from '../plan/findings.ts';
import { severest } from '../plan/findings.ts';
import type { CellFleet } from '../plan/fleet-model.ts';
import { nextGeneration } from '../plan/generation.ts';
import { lintChange } from '../plan/lint-change.ts';
import { lintPlan } from '../plan/lint-plan.ts';
import { makePlan } from '../plan/make-plan.ts';
import type { CellName, DnsName } from '../plan/names.ts';
import { ownValue } from '../plan/own-value.ts';
import type { CellScope } from '../plan/owned-names.ts';
import type { Plan } from '../plan/plan.ts';
import { planDigest } from '../plan/plan.ts';
import { planDifference } from '../plan/plan-difference.ts';
import { laneOf, summaryOf } from '../plan/plan-summary.ts';
import type { ProposedPlan } from './planner.ts';
import { lintRoom } from './room.ts';

/** What the planner knows of a cell when it decides. */
export interface Known {
  readonly head: Head;
  readonly fleet: CellFleet;
  readonly scope: CellScope;
  readonly desired: DesiredInput;
  readonly newest: Plan | undefined;
}

/** A plan that may be appended, or, when a finding is fatal, none. */
export interface Proposal {
  readonly proposed?: ProposedPlan;
  readonly findings: readonly Finding[];
}

/** The plan that follows from what is known, with every finding about it. Pure. */
export function propose(
  known: Known,
  endpoints: readonly DesiredEndpoint[],
  claimed: ReadonlyMap<DnsName, CellName> = new Map(),
  now: number,
): Proposal {
  const { scope, fleet, desired, head } = known;
  const { state } = head;
  const generation = nextGeneration(state.highest);
  const difference = planDifference(desired.base, endpoints);
  const newTrees = new Set([...difference.added, ...difference.changed]);
  const zone = state.facts ?? undefined;
  const findings = [
    ...lintPlan({ scope, fleet, generation, endpoints, newTrees, zone, claimed }),
    ...lintChange({ desired, endpoints, difference, removals: state.removals, now }),
  ];
  // A name that is too long has no tree: nothing can be made of it.
  if (severest(findings) === 'fatal') return { findings };
  const isUnretired = (endpoint: string, label: string) =>
    ownValue(state.endpoints, endpoint)?.trees.includes(label) === true;
  const made = makePlan({ scope, generation, endpoints, base: desired.base, isUnretired });
  const draft: ProposedPlan = {
    ...made,
    digest: planDigest(made.plan),
    lane: laneOf(desired, difference),
    disposition: severest(findings) === 'held' ? 'held' : 'approved',
    findings,
    summary: summaryOf(made.plan, difference),
  };
  const all = [...findings, ...lintRoom(state, planAppended(draft))];
  return severest(all) === 'fatal'
    ? { findings: all }
    : { proposed: { ...draft, findings: all }, findings: all };
}

/** The event by which a plan of the planner's enters the log. */
export function planAppended(proposed: ProposedPlan): PlanAppended {
  const { plan, digest, lane, disposition, findings, summary, newTrees } = proposed;
  const { generation, parent } = plan;
  return {
    type: 'PlanAppended',
    generation,
    parent,
    digest,
    origin: 'planner',
    lane,
    disposition,
    pausesPlanner: false,
    findings,
    summary,
    newTrees,
  };
}
