import type { CellState } from '../../ledger/decider/state.ts';
import { canonicalJson } from '../../plan/canonical.ts';
import type { CellFleet, FleetEndpoint } from '../../plan/fleet-model.ts';
import { invariant } from '../../plan/invariant.ts';
import type { DnsName } from '../../plan/names.ts';
import type { PlannedEndpoint } from '../../plan/plan.ts';
import type { RestingCell } from './goal-reached.ts';
import { assertAtGoal, differenceAt, fenceIn } from './goal-reached.ts';
import { obstaclesAt } from './zone-obstacles.ts';

/** What is asked of a cell at rest. */
export interface AskedOfCell {
  /** Absent before a fleet was declared. */
  readonly fleet: CellFleet | undefined;
  /** The targets that do not serve, by id. */
  readonly failed: ReadonlySet<string>;
}

/** The formats from this one on hold what is refused and kept back. */
const RECORDS_REFUSALS = 3;

/**
 * Liveness an endpoint, beside I4 of the cell. After an undisturbed round every endpoint that nothing stands in the way
 * of answers what fleet, observations and orders ask. Of any other the log says so, and what Route 53 refuses stays as it
 * was before the round.
 *
 * @param before the cell before the round.
 * @returns the endpoints that do not answer what is asked, each with the reason.
 * @throws InvariantViolated.
 */
export function assertServed(
  before: RestingCell,
  after: RestingCell,
  asked: AskedOfCell,
): ReadonlyMap<DnsName, string> {
  const { goal, state } = after;
  invariant(goal !== undefined && state.goal !== null, 'liveness: there is no goal');
  const unserved = new Map<DnsName, string>();
  for (const endpoint of goal.endpoints) {
    const difference = differenceAt(endpoint, after);
    if (difference !== undefined) unserved.set(endpoint.name, difference);
  }
  for (const name of unserved.keys()) assertUntouched(name, before, after);
  if (unserved.size === 0) assertAtGoal(after);
  else {
    // Where nothing is left to write but what is refused, the fence stays at the generation of the last write. Where the
    // zone is full there may be none.
    const reading = fenceIn(after);
    const generation = reading.type === 'fence' ? reading.fence.generation : 0;
    invariant(
      generation <= state.goal.generation,
      `liveness: the fence is at ${generation}, above the goal ${state.goal.generation}`,
    );
  }
  for (const [name, difference] of otherThanAsked(goal.endpoints, state, asked)) {
    if (!unserved.has(name)) unserved.set(name, difference);
  }
  const planned = new Map(goal.endpoints.map((endpoint) => [endpoint.name, endpoint]));
  for (const [name, difference] of unserved) {
    const wanted = wantedHealthChecks(name, asked.fleet);
    assertExcused(name, difference, before, after, { planned: planned.get(name), wanted });
  }
  return unserved;
}

/** Endpoints of which the goal holds something else than is asked. While the planner is paused a person's plan counts. */
function otherThanAsked(
  planned: readonly PlannedEndpoint[],
  state: CellState,
  { fleet, failed }: AskedOfCell,
): ReadonlyMap<DnsName, string> {
  const differing = new Map<DnsName, string>();
  if (fleet === undefined || state.paused !== null) return differing;
  const isServing = (id: string): boolean => {
    const target = fleet.targets.find((candidate) => candidate.id === id);
    if (target === undefined || target.health === 'unhealthy' || failed.has(id)) return false;
    return !state.drained.includes(id) && !state.evacuated.includes(target.az);
  };
  for (const endpoint of fleet.endpoints) {
    const asked = endpoint.targets.filter(isServing).flatMap((id) => answerOf(id, endpoint, fleet));
    const there = planned.find(({ name }) => name === endpoint.name)?.leaves ?? [];
    const answers = there.map(({ target, values }) => `${target} ${values?.join() ?? ''}`);
    if (canonicalJson([...asked].sort()) !== canonicalJson([...answers].sort()))
      differing.set(
        endpoint.name,
        `${endpoint.name} answers ${answers.join(' and ')}, not ${asked.join(' and ')}`,
      );
  }
  return differing;
}

function answerOf(id: string, { kind }: FleetEndpoint, { targets }: CellFleet): readonly string[] {
  const target = targets.find((candidate) => candidate.id === id);
  if (target === undefined) return [];
  return [`${id} ${kind === 'hostname' ? (target.hostname ?? '') : target.ipv4.join()}`];
}

/** The health checks that the endpoint's targets name in the fleet. */
function wantedHealthChecks(name: DnsName, fleet: CellFleet | undefined): PlannedEndpoint['leaves'] {
  const ids = fleet?.endpoints.find((endpoint) => endpoint.name === name)?.targets ?? [];
  const targets = fleet?.targets.filter(({ id }) => ids.includes(id)) ?? [];
  return targets.map(({ id, capacity, healthCheckId }) => ({
    ...{ target: id, type: 'A', weight: 1, capacity },
    healthCheckId,
  }));
}

/**
 * Something stands in the way of the endpoint, or Route 53 refused it earlier and it waits for its next try, or none of
 * its targets serves. The log says so where its format can.
 */
function assertExcused(
  name: DnsName,
  difference: string,
  before: RestingCell,
  after: RestingCell,
  {
    planned,
    wanted,
  }: { readonly planned: PlannedEndpoint | undefined; readonly wanted: PlannedEndpoint['leaves'] },
): void {
  const { state } = after;
  // Where Route 53 refuses the fence itself, nobody can find out which endpoint it refuses.
  const isFenced = fenceIn(after).type === 'fence';
  const leaves = [...(planned?.leaves ?? []), ...wanted];
  const isWaiting = before.state.refused.some((entry) => entry.name === name);
  const kept = state.keptBack.find((entry) => entry.name === name);
  const hasNoTarget = kept?.findings.some(({ code }) => code === 'no-answer') === true;
  invariant(
    isWaiting || hasNoTarget || obstaclesAt(after, name, { leaves }).length > 0,
    `liveness: nothing stands in the way of ${name}, and ${difference}`,
  );
  if (state.format < RECORDS_REFUSALS || !isFenced) return;
  invariant(
    kept !== undefined || state.refused.some((entry) => entry.name === name),
    `liveness: ${difference}, and the log does not say that ${name} is refused or kept back`,
  );
}

function assertUntouched(name: DnsName, before: RestingCell, after: RestingCell): void {
  const standing = ({ records }: RestingCell): string =>
    canonicalJson(records.filter((record) => record.name === name));
  invariant(
    standing(before) === standing(after),
    `liveness: ${name} cannot be served, and somebody changed what stands there`,
  );
}
