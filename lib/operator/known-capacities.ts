import { declaredFleet, recordedObservations } from '../cell/cell-bodies.ts';
import type { CellKnowledge } from '../cell/cell-knowledge.ts';
import type { BodyDigest } from '../ledger/decider/events.ts';
import type { Head, Ledger } from '../ledger/ledger.ts';
import { BodyDamaged } from '../ledger/ledger.ts';
import { getPlan } from '../ledger/plan-bodies.ts';
import type { CellFleet, Observations } from '../plan/fleet-model.ts';
import { ownValue } from '../plan/own-value.ts';
import type { Leaf, Plan, PlannedEndpoint } from '../plan/plan.ts';
import { plannedEndpoint } from '../plan/plan.ts';
import type { DesiredEndpoint } from '../plan/tree-nodes.ts';
import { endpointContent } from '../plan/tree-nodes.ts';

/**
 * A plan's endpoints with the capacities that the log knows. A plan that was rebuilt from a zone has weights in their
 * place, which have another unit than the fleet's: a guard would take the way back to the fleet for a loss.
 *
 * An endpoint that an earlier plan had with the same records has that plan's capacities. Of any other, a target has what
 * was observed of it last, or what is declared. Of a target that the log does not know, the capacity is as much for its
 * weight as another target of the endpoint has. Weights are records and stay as they are.
 *
 * @throws LedgerUnavailable when the ledger cannot be reached.
 */
export async function withKnownCapacities(ledger: Ledger, head: Head, plan: Plan): Promise<Plan> {
  const { cell, state } = head;
  const fleet =
    state.fleet === null ? undefined : await unlessDamaged(declaredFleet(ledger, cell, state.fleet.digest));
  const observations = await unlessDamaged(recordedObservations(ledger, head));
  const capacityOf = targetCapacities(fleet, observations ?? {});
  const earlier = await earlierEndpoints(ledger, head, plan.endpoints);
  const endpoints = plan.endpoints.map((endpoint): PlannedEndpoint => {
    const same = earlier.get(endpointContent(endpoint));
    return { ...endpoint, leaves: same?.leaves ?? scaled(endpoint.leaves, capacityOf) };
  });
  return { ...plan, endpoints };
}

/**
 * The same for endpoints that a person proposes over the goal: its targets keep their capacities, whatever the file says
 * of them, and no older plan is read. Pure.
 */
export function withCapacitiesOf(
  { desired: { base, fleet, observations } }: Pick<CellKnowledge, 'desired'>,
  endpoints: readonly DesiredEndpoint[],
): readonly DesiredEndpoint[] {
  const capacityOf = targetCapacities(fleet, observations);
  return endpoints.map((endpoint) => {
    const standing = base === undefined ? undefined : plannedEndpoint(base, endpoint.name);
    const planned = new Map(standing?.leaves.map(({ target, capacity }) => [target, capacity]));
    const leaves = scaled(endpoint.leaves, (id) => planned.get(id) ?? capacityOf(id));
    return { ...endpoint, leaves };
  });
}

/** By their content. The goal and what was applied last come first; older plans are read only as far as it takes. */
async function earlierEndpoints(
  ledger: Ledger,
  { cell, state: { goal, applied, history } }: Head,
  endpoints: readonly PlannedEndpoint[],
): Promise<ReadonlyMap<string, PlannedEndpoint>> {
  const found = new Map<string, PlannedEndpoint>();
  const wanted = new Map(endpoints.map((endpoint) => [endpointContent(endpoint), endpoint.name]));
  const refs = [goal, applied, ...history].flatMap((ref) => (ref === null ? [] : [ref.digest]));
  for (const digest of new Set<BodyDigest>(refs)) {
    if (wanted.size === 0) break;
    const plan = await unlessDamaged(getPlan(ledger, cell, digest));
    for (const [content, name] of wanted) {
      const endpoint = plan === undefined ? undefined : plannedEndpoint(plan, name);
      if (endpoint === undefined || endpointContent(endpoint) !== content) continue;
      found.set(content, endpoint);
      wanted.delete(content);
    }
  }
  return found;
}

/** What is known of each target: what was observed last, else what the fleet declares. */
function targetCapacities(
  fleet: Pick<CellFleet, 'targets'> | undefined,
  observations: Observations,
): (id: string) => number | undefined {
  const declared = new Map(fleet?.targets.map(({ id, capacity }) => [id, capacity]));
  return (id) => {
    // Who has no capacity serves with none: it says nothing of a target that a person lets serve.
    const observed = ownValue(observations, id)?.capacity;
    return observed === undefined || observed === 0 ? declared.get(id) : observed;
  };
}

function scaled(leaves: readonly Leaf[], capacityOf: (id: string) => number | undefined): readonly Leaf[] {
  const known = leaves.flatMap(({ target, weight }) => {
    const capacity = capacityOf(target);
    return capacity === undefined ? [] : [capacity / weight];
  });
  if (known.length === 0) return leaves;
  const aWeight = Math.max(...known);
  return leaves.map((leaf) => {
    const capacity = capacityOf(leaf.target) ?? Math.max(1, Math.round(leaf.weight * aWeight));
    return { ...leaf, capacity };
  });
}

/** A body that is damaged does not keep a rescue from being adopted: it counts as one that nobody knows. */
async function unlessDamaged<Body>(read: Promise<Body>): Promise<Body | undefined> {
  try {
    return await read;
  } catch (error) {
    if (error instanceof BodyDamaged) return undefined;
    throw error;
  }
}
