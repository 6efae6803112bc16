import type { CellState } from '../../ledger/decider/state.ts';
import { canonicalJson } from '../../plan/canonical.ts';
import type { CellFleet } from '../../plan/fleet-model.ts';
import { invariant } from '../../plan/invariant.ts';
import type { DnsName } from '../../plan/names.ts';
import { labelGeneration, treeLabelOf } from '../../plan/owned-names.ts';
import type { PlannedEndpoint } from '../../plan/plan.ts';
import type { AskedOfCell } from './asked-at-rest.ts';
import { askedOf, isBounded, isDamped, isGuarded, isWithoutTarget } from './asked-at-rest.ts';
import type { RestingCell } from './goal-reached.ts';
import { assertAtGoal, differenceAt, fenceIn } from './goal-reached.ts';
import { obstaclesAt } from './zone-obstacles.ts';

/** The formats from this one on hold what is refused and kept back. */
const RECORDS_REFUSALS = 3;

/**
 * Liveness an endpoint, beside I4 of the cell. After an undisturbed round every endpoint that nothing stands in the way
 * of answers what fleet, observations and orders ask. Of any other the log says so, and what Route 53 refuses stays as it
 * was before the round.
 *
 * An endpoint that Route 53 refused earlier may wait for its next try, and one without a serving target keeps its answer.
 *
 * @param before the cell before the last plan was tried.
 * @param earlier the endpoints that could not be served earlier in the round: what stood in the way may be gone since,
 * as a full zone is not full after the janitor.
 * @returns the endpoints that do not answer what is asked, each with the reason.
 * @throws InvariantViolated.
 */
export function assertServed(
  before: RestingCell,
  after: RestingCell,
  asked: AskedOfCell,
  earlier: ReadonlyMap<DnsName, string> = new Map(),
): ReadonlyMap<DnsName, string> {
  const { goal, state } = after;
  invariant(goal !== undefined && state.goal !== null, 'liveness: there is no goal');
  const unserved = new Map<DnsName, string>();
  for (const endpoint of goal.endpoints) {
    const difference = differenceAt(endpoint, after) ?? refusedAt(endpoint, after);
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
    if (isDamped(name, planned.get(name), state, asked)) continue;
    const leaves = [...(planned.get(name)?.leaves ?? []), ...wantedLeaves(name, asked.fleet)];
    const isWaiting = earlier.has(name) || before.state.refused.some((entry) => entry.name === name);
    invariant(
      isWaiting ||
        isWithoutTarget(name, state, asked) ||
        isGuarded(planned.get(name), state, asked) ||
        isBounded(name, asked) ||
        obstaclesAt(after, name, { leaves }).length > 0,
      `liveness: nothing stands in the way of ${name}, and ${difference}`,
    );
    assertRecorded(name, difference, after);
  }
  return unserved;
}

/** Endpoints of which the goal holds something else than is asked. While the planner is paused a person's plan counts. */
function otherThanAsked(
  planned: readonly PlannedEndpoint[],
  state: CellState,
  asked: AskedOfCell,
): ReadonlyMap<DnsName, string> {
  const differing = new Map<DnsName, string>();
  if (state.paused !== null) return differing;
  for (const endpoint of asked.fleet?.endpoints ?? []) {
    const wanted = askedOf(endpoint, state, asked);
    const there = planned.find(({ name }) => name === endpoint.name)?.leaves ?? [];
    const answers = there.map(({ target, values }) => `${target} ${values?.join() ?? ''}`);
    if (canonicalJson([...wanted].sort()) !== canonicalJson([...answers].sort()))
      differing.set(
        endpoint.name,
        `${endpoint.name} answers ${answers.join(' and ')}, not ${wanted.join(' and ')}`,
      );
  }
  return differing;
}

/** The leaves that the fleet asks for, as far as something can stand in their way: their types and health checks. */
function wantedLeaves(name: DnsName, fleet: CellFleet | undefined): PlannedEndpoint['leaves'] {
  const endpoint = fleet?.endpoints.find((candidate) => candidate.name === name);
  const targets = fleet?.targets.filter(({ id }) => endpoint?.targets.includes(id) === true) ?? [];
  const type = endpoint?.kind === 'hostname' ? 'CNAME' : 'A';
  return targets.map(({ id, capacity, healthCheckId }) => ({
    ...{ target: id, type, weight: 1, capacity },
    healthCheckId,
  }));
}

/**
 * What of an endpoint answers, and yet is not as its plan says: a rollback root that a hand altered, and that Route 53
 * refuses to change; or a fence that a hand took away from a zone that is full.
 */
function refusedAt({ name, leaves }: PlannedEndpoint, after: RestingCell): string | undefined {
  const { refused, goal } = after.state;
  const isHindered = obstaclesAt(after, name, { leaves }).length > 0;
  if (isHindered && fenceIn(after).type !== 'fence') return 'there is no fence';
  const isRefused = refused.some(
    (entry) => entry.name === name && entry.generation === goal?.generation && entry.trying === null,
  );
  return isRefused && isHindered ? `Route 53 refuses what ${name} lacks` : undefined;
}

/** The log says what is refused or kept back, where its format can. */
function assertRecorded(name: DnsName, difference: string, after: RestingCell): void {
  const { format, keptBack, refused } = after.state;
  // Where Route 53 refuses the fence itself, nobody can find out which endpoint it refuses.
  if (format < RECORDS_REFUSALS || fenceIn(after).type !== 'fence') return;
  invariant(
    [...keptBack, ...refused].some((entry) => entry.name === name),
    `liveness: ${difference}, and the log does not say that ${name} is refused or kept back`,
  );
}

/**
 * What an enactor's run recorded as refused stands as it did before the run.
 *
 * @throws InvariantViolated.
 */
export function assertRefusedUntouched(before: RestingCell, after: RestingCell): void {
  const { refused, goal } = after.state;
  for (const { name, generation } of refused) {
    if (generation === goal?.generation) assertUntouched(name, before, after);
  }
}

function assertUntouched(name: DnsName, before: RestingCell, after: RestingCell): void {
  const standing = ({ records }: RestingCell): string =>
    canonicalJson(records.filter((record) => record.name === name));
  invariant(
    standing(before) === standing(after) || isAtPlanBetween(name, before, after),
    `liveness: ${name} cannot be served, and somebody changed what stands there`,
  );
}

/**
 * Whether a root was flipped to a plan between what it answered and the goal: one that was staged before the round is
 * flipped in part where something of it is refused.
 */
function isAtPlanBetween(name: DnsName, before: RestingCell, after: RestingCell): boolean {
  const generationAt = ({ records, scope }: RestingCell): number => {
    const roots = records.filter((record) => record.name === name);
    const tree = roots.length === 1 ? roots[0]?.alias?.name : undefined;
    const answers = tree !== undefined && records.some((record) => record.name === tree);
    return answers ? (labelGeneration(treeLabelOf(tree, scope) ?? '') ?? 0) : 0;
  };
  const now = generationAt(after);
  const { approved, goal } = after.state;
  const isApproved = approved.some(({ generation }) => generation === now);
  return isApproved && now > generationAt(before) && now < (goal?.generation ?? 0);
}
