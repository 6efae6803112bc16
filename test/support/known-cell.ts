import type { CellKnowledge } from '../../lib/cell/cell-knowledge.ts';
import type { ProposedPlan } from '../../lib/cell/proposal.ts';
import { commandToAppend } from '../../lib/cell/proposal.ts';
import { eventOf } from '../../lib/ledger/decider/commands.ts';
import type { KeptEndpoint } from '../../lib/ledger/decider/events.ts';
import { evolve } from '../../lib/ledger/decider/evolve.ts';
import type { CellState, EndpointState, PlanRef, RefusedEndpoint } from '../../lib/ledger/decider/state.ts';
import { initialState } from '../../lib/ledger/decider/state.ts';
import type { DesiredInput } from '../../lib/plan/desired.ts';
import type { CellFleet } from '../../lib/plan/fleet-model.ts';
import { generation, seq } from '../../lib/plan/generation.ts';
import type { DnsName } from '../../lib/plan/names.ts';
import { endpointLabels, treeLabelOf } from '../../lib/plan/owned-names.ts';
import type { Plan } from '../../lib/plan/plan.ts';
import { NEWEST_LEDGER_FORMAT } from '../../lib/plan/stored-format.ts';
import { SCOPE } from '../plan/arbitrary-names.ts';
import { desiredOf, planOf } from '../plan/given-fleet.ts';
import { LEDGER } from './ledger-events.ts';

export const NOW = 1_790_000_000_000;
const GOAL = 7;

export interface GivenCell
  extends Partial<Pick<DesiredInput, 'observations' | 'drained' | 'evacuated' | 'evacuatedBranches'>> {
  /** The fleet that the applied goal was planned by; absent: there is no goal. */
  readonly before?: CellFleet;
  /** The declared fleet; `before` unless given. */
  readonly fleet?: CellFleet;
  readonly state?: Partial<CellState>;
}

/** A cell of the newest format whose goal, generation 7, was applied an hour ago. */
export function knownCell({ before, fleet = before, state = {}, ...more }: GivenCell): CellKnowledge {
  if (fleet === undefined) throw new Error('a cell has a fleet');
  const base = before === undefined ? undefined : planOf(desiredOf(before), GOAL);
  const { drained = [], evacuated = [], evacuatedBranches = [] } = more;
  const known: CellState = {
    ...initialState(SCOPE.cell, LEDGER),
    format: NEWEST_LEDGER_FORMAT,
    fleet: { digest: digestOf(fleet, before), ...SCOPE, policy: fleet.policy, at: NOW },
    drained,
    evacuated,
    evacuatedBranches,
    ...(base === undefined ? {} : applied(base)),
    ...state,
  };
  return {
    head: { cell: SCOPE.cell, number: 20, hash: '0'.repeat(64), state: known },
    fleet,
    scope: SCOPE,
    desired: desiredOf(fleet, { ...more, base }),
    applied: base,
    sheds: 0,
    earlier: base,
    wishes: new Map(),
    accepted: new Map([...(before === undefined ? [] : [['before', before] as const]), ['declared', fleet]]),
  };
}

function digestOf(fleet: CellFleet, before: CellFleet | undefined): string {
  return fleet === before ? 'before' : 'declared';
}

function applied(base: Plan): Partial<CellState> {
  const at = NOW - 3_600_000;
  const ref: PlanRef = {
    generation: generation(GOAL),
    digest: 'goal',
    origin: 'planner',
    lane: 'routine',
    disposition: 'approved',
    at,
    findings: 0,
    removedPermille: 0,
    fleet: 'before',
  };
  return {
    goal: ref,
    newest: ref,
    highest: GOAL,
    applied: { generation: ref.generation, digest: ref.digest, seq: seq(9), at, by: 'enactor' },
    endpoints: treesOf(base),
  };
}

function treesOf(plan: Plan): Readonly<Record<string, EndpointState>> {
  return Object.fromEntries(
    plan.endpoints.map(({ name, tree }) => [
      endpointLabels(name, SCOPE),
      { trees: [treeLabelOf(tree, SCOPE) ?? ''] },
    ]),
  );
}

/** The cell after the planner has appended this plan, with nothing else changed. */
export function afterPlan(known: CellKnowledge, proposed: ProposedPlan, at = NOW): CellKnowledge {
  const event = eventOf(commandToAppend(proposed, 'planner'));
  const state = evolve(known.head.state, event, { at, by: 'planner' });
  return {
    ...known,
    head: { ...known.head, number: known.head.number + 1, state },
    desired: { ...known.desired, base: proposed.plan },
  };
}

/** The cell after the planner has recorded what is kept back, where no plan followed. */
export function afterKeepingBack(
  known: CellKnowledge,
  endpoints: readonly KeptEndpoint[],
  at = NOW,
): CellKnowledge {
  const state = evolve(known.head.state, { type: 'EndpointsKeptBack', endpoints }, { at, by: 'planner' });
  return { ...known, head: { ...known.head, number: known.head.number + 1, state } };
}

/** An endpoint whose records of the goal were refused just now. */
export function refusal(name: DnsName, more: Partial<RefusedEndpoint> = {}): RefusedEndpoint {
  return {
    name,
    step: 'stage',
    generation: generation(GOAL),
    reason: 'It is protected.',
    since: NOW,
    at: NOW,
    attempts: 1,
    fleet: 'before',
    asked: false,
    trying: null,
    ...more,
  };
}
