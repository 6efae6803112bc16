import type { Head } from '../ledger/ledger.ts';
import type { DesiredEndpoint, DesiredInput } from '../plan/desired.ts';
import type { Finding } from '../plan/findings.ts';
import type { CellFleet, Observations } from '../plan/fleet-model.ts';
import type { Generation } from '../plan/generation.ts';
import { lintChange } from '../plan/lint-change.ts';
import { lintPlan } from '../plan/lint-plan.ts';
import type { CellName, DnsName } from '../plan/names.ts';
import type { CellScope } from '../plan/owned-names.ts';
import type { PlanDifference } from '../plan/plan-difference.ts';
import { planDifference } from '../plan/plan-difference.ts';
import { goalPlan } from './append-plan.ts';
import { declaredFleet } from './cell-names.ts';
import type { NotDone, OperatorDeps } from './operator.ts';
import { refused } from './operator.ts';

/** What the log says of a cell at one head: all that a plan is judged by. */
export interface CellKnowledge {
  readonly head: Head;
  readonly fleet: CellFleet;
  readonly scope: CellScope;
  readonly desired: DesiredInput;
}

/**
 * Reads the fleet, the observations and the goal that a head names; refused when no fleet has been pushed.
 *
 * @throws LedgerUnavailable, BodyDamaged when one of them cannot be read.
 */
export async function knowCell(
  deps: Pick<OperatorDeps, 'ledger'>,
  head: Head,
): Promise<CellKnowledge | NotDone> {
  const { cell, state } = head;
  if (state.fleet === null) return refused(`No fleet has been pushed for cell ${cell}: push one first.`);
  const fleet = await declaredFleet(deps.ledger, cell, state.fleet.digest);
  const observations = await recordedObservations(deps, head);
  const { drained, evacuated } = state;
  const desired = { fleet, observations, drained, evacuated, base: await goalPlan(deps, head) };
  return { head, fleet, scope: { cell, zone: fleet.zone, zoneId: fleet.zoneId }, desired };
}

/** What the sources last said of every target; nothing before they said anything. */
export async function recordedObservations(
  { ledger }: Pick<OperatorDeps, 'ledger'>,
  { cell, state }: Head,
): Promise<Observations> {
  if (state.observations === null) return {};
  return JSON.parse(await ledger.getBody(cell, state.observations.digest)) as Observations;
}

export interface Judgement {
  readonly findings: readonly Finding[];
  readonly difference: PlanDifference;
}

/** Findings about endpoints that would take the goal's place, as a planner would find them. Pure. */
export function judge(
  { head: { state }, fleet, scope, desired }: CellKnowledge,
  proposal: {
    readonly endpoints: readonly DesiredEndpoint[];
    readonly generation: Generation;
    readonly claimed: ReadonlyMap<DnsName, CellName>;
    /** Milliseconds since 1970. */
    readonly now: number;
  },
): Judgement {
  const { endpoints, generation, claimed, now } = proposal;
  const difference = planDifference(desired.base, endpoints);
  const newTrees = new Set([...difference.added, ...difference.changed]);
  const zone = state.facts ?? undefined;
  const plan = lintPlan({ scope, fleet, generation, endpoints, newTrees, zone, claimed });
  const change = lintChange({ desired, endpoints, difference, removals: state.removals, now });
  return { findings: [...plan, ...change], difference };
}
