import type { Answers } from '../plan/choose-answers.ts';
import type { DesiredInput } from '../plan/desired.ts';
import { absence, desiredAnswer, desiredEndpoints } from '../plan/desired.ts';
import { isInBranches } from '../plan/evacuated-branches.ts';
import type { CellFleet, FleetTarget, Observations } from '../plan/fleet-model.ts';
import type { DnsName } from '../plan/names.ts';
import { ownValue } from '../plan/own-value.ts';
import { capacities } from '../plan/plan-difference.ts';
import type { DesiredEndpoint } from '../plan/tree-nodes.ts';
import { withLeaves } from '../plan/tree-nodes.ts';
import type { CellKnowledge } from './cell-knowledge.ts';

/** Endpoints by name. */
export function answersOf(endpoints: readonly DesiredEndpoint[]): Answers {
  return new Map(endpoints.map((endpoint) => [endpoint.name, endpoint]));
}

/** What is asked by the fleet that each endpoint was planned by last. */
export function acceptedAnswers(
  known: CellKnowledge,
  desired: DesiredInput,
  standing: Answers,
  membersOf: MembersOf,
): Answers {
  const byFleet = new Map<CellFleet, Answers>();
  const result = new Map<DnsName, DesiredEndpoint>();
  for (const [name, before] of standing) {
    const fleet = acceptedFleet(known, name);
    if (fleet !== undefined && !byFleet.has(fleet))
      byFleet.set(fleet, answersOf(desiredEndpoints(underFleet(desired, fleet, membersOf))));
    const answer = fleet === undefined ? undefined : byFleet.get(fleet)?.get(name);
    result.set(name, answer ?? withoutAbsent(before, desired));
  }
  return result;
}

/** The fleet that an endpoint was planned by last; undefined where nobody knows. */
export function acceptedFleet(
  { head: { state }, accepted }: CellKnowledge,
  name: DnsName,
): CellFleet | undefined {
  const entry = state.keptBack.find((each) => each.name === name);
  const digest = entry === undefined ? state.goal?.fleet : (entry.fleet ?? undefined);
  return digest === undefined ? undefined : accepted.get(digest);
}

/** The targets of a fleet by id. */
export type MembersOf = (fleet: CellFleet) => ReadonlyMap<string, FleetTarget>;

/** The targets of any fleet by id, each fleet's looked at once. */
export function membersByFleet(): MembersOf {
  const known = new Map<CellFleet, ReadonlyMap<string, FleetTarget>>();
  return (fleet) => {
    const members = known.get(fleet) ?? new Map(fleet.targets.map((target) => [target.id, target]));
    known.set(fleet, members);
    return members;
  };
}

/** What one endpoint is asked under one fleet, and what it would be asked under other observations or orders. */
export interface OwnAnswer {
  /** The input, its fleet reduced to the endpoint and its targets. */
  readonly own: DesiredInput;
  /** What the endpoint is asked, with these parts of the input instead. */
  readonly answerOf: (more: Partial<DesiredInput>) => DesiredEndpoint;
}

/**
 * What one endpoint is asked under a fleet.
 *
 * @param fleet undefined where nobody knows it: the answer is then what stands, without what is known to be absent.
 */
export function ownAnswer(
  before: DesiredEndpoint,
  desired: DesiredInput,
  fleet: CellFleet | undefined,
  membersOf: MembersOf,
): OwnAnswer {
  const { name } = before;
  const from = fleet ?? desired.fleet;
  const members = membersOf(from);
  const endpoint = from.endpoints.find((each) => each.name === name);
  const ids = new Set([...(endpoint?.targets ?? []), ...capacities(before).keys()]);
  const targets = [...ids].flatMap((id) => members.get(id) ?? []);
  const endpoints = endpoint === undefined ? [] : [endpoint];
  const own = underFleet(desired, { ...from, endpoints, targets }, membersOf);
  return {
    own,
    answerOf: (more) => {
      const input = { ...own, ...more };
      return (fleet === undefined ? undefined : desiredAnswer(name, input)) ?? withoutAbsent(before, input);
    },
  };
}

/**
 * The input under another fleet, with what is observed of its targets. Nobody observes a target that is declared no more:
 * it keeps the place that it has.
 */
function underFleet(desired: DesiredInput, fleet: CellFleet, membersOf: MembersOf): DesiredInput {
  if (fleet === desired.fleet) return desired;
  const declared = membersOf(desired.fleet);
  const observations = fleet.targets.flatMap(({ id, capacity }): [string, Observations[string]][] => {
    const observed = ownValue(desired.observations, id);
    if (observed !== undefined) return [[id, observed]];
    return declared.has(id) ? [] : [[id, { health: 'unknown', capacity }]];
  });
  return { ...desired, fleet, observations: Object.fromEntries(observations) };
}

/** An answer without the targets that were observed or ordered away: what is known without knowing its fleet. */
export function withoutAbsent(standing: DesiredEndpoint, desired: DesiredInput): DesiredEndpoint {
  const targets = new Map(desired.fleet.targets.map((target) => [target.id, target]));
  const { evacuatedBranches = [] } = desired;
  return withLeaves(standing, ({ target: id, node = '' }) => {
    if (isInBranches(node, evacuatedBranches)) return false;
    const target = targets.get(id);
    return target === undefined || absence(target, standing, desired) === undefined;
  });
}
