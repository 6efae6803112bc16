import { planOf } from '../../lib/cell/cell-bodies.ts';
import { creationParts, packTrees, replacement } from '../../lib/cell/packing.ts';
import type { FleetEndpoint, FleetTarget } from '../../lib/plan/fleet-model.ts';
import { DEFAULT_POLICY } from '../../lib/plan/fleet-model.ts';
import { cellName, dnsName } from '../../lib/plan/names.ts';
import type { CellScope } from '../../lib/plan/owned-names.ts';
import type { Plan } from '../../lib/plan/plan.ts';
import { rollbackRecord, rootRecords, rootTypes } from '../../lib/plan/plan.ts';
import { nodeRecords, treeRecords } from '../../lib/plan/tree-nodes.ts';
import { planning } from './planning.ts';
import type { SmallFleet } from './small-fleet.ts';

// The cell of docs/scale.md: 5 endpoints of 20 targets in three availability zones. 10,000 of them have a million targets.

const ENDPOINTS_A_CELL = 5;
const TARGETS_AN_ENDPOINT = 20;
export const TARGETS_A_CELL = ENDPOINTS_A_CELL * TARGETS_AN_ENDPOINT;
const ZONES = 3;
const FAILED_AZ = 'az1';
/** The fence's own two changes in every batch. */
const FENCE_CHANGES = 2;

/** What one failed availability zone asks of one cell. */
export interface CellWork {
  /** Changes of record sets in each batch of trees, the fence's two included. */
  readonly stages: readonly number[];
  /** Changes of record sets in the flip, the fence's two included. */
  readonly flip: number;
  /** Record sets in the cell's zone once it is over and before anything is retired, NS and SOA included. */
  readonly records: number;
  /** Endpoints whose answers change. */
  readonly endpoints: number;
  /** Octets of the newest event's state, which a head read brings. */
  readonly stateBytes: number;
}

function scaleFleet(): SmallFleet {
  const zone = dnsName('cell-1.example.test');
  const targets: FleetTarget[] = [];
  const endpoints: FleetEndpoint[] = [];
  for (let endpoint = 0; endpoint < ENDPOINTS_A_CELL; endpoint += 1) {
    const members = Array.from({ length: TARGETS_AN_ENDPOINT }, (_, target): FleetTarget => {
      const az = `az${(target % ZONES) + 1}`;
      const ipv4 = [`10.0.${endpoint}.${target}`];
      return { id: `t-${endpoint}-${target}`, az, capacity: 100, health: 'healthy', ipv4, ipv6: [] };
    });
    targets.push(...members);
    endpoints.push({
      name: dnsName(`e${endpoint}.cell-1.example.test`),
      ...{ kind: 'addresses', ttl: 60, floor: 1, families: ['A'] },
      targets: members.map(({ id }) => id),
    });
  }
  return { cell: cellName('cell-1'), zone, policy: DEFAULT_POLICY, targets, endpoints };
}

/**
 * Plans the cell with the production planner, lets a zone fail, plans again, and packs what its enactor sends.
 *
 * @throws Error when the planner does not take the zone out of every endpoint.
 */
export async function failedZoneWork(): Promise<CellWork> {
  const given = await planning(scaleFleet());
  const { cell, zone, zoneId, targets } = given.fleet;
  const scope: CellScope = { cell, zone, zoneId };
  await given.plan();
  const before = await goalOf(given);
  given.time.advanceTo(given.time.now() + 3_600_000);
  const isUp = ({ az }: FleetTarget) => az !== FAILED_AZ;
  const observations = targets.map((target) => [
    target.id,
    { health: isUp(target) ? ('healthy' as const) : ('unhealthy' as const), capacity: target.capacity },
  ]);
  given.see({ type: 'observed', observations: Object.fromEntries(observations) });
  const outcome = await given.plan();
  if (outcome.type !== 'appended') throw new Error(`The failed zone was not planned: ${outcome.type}.`);
  const after = await goalOf(given);
  const changed = after.endpoints.filter(({ tree }) => !before.endpoints.some((old) => old.tree === tree));
  const trees = changed.map((endpoint) => creationParts(endpoint.tree, nodeRecords(endpoint, scope)));
  const stages = packTrees(trees).map(
    (parts) => FENCE_CHANGES + parts.reduce((sum, { changes }) => sum + changes.length, 0),
  );
  const flips = changed.flatMap((endpoint) => {
    const old = before.endpoints.find(({ name }) => name === endpoint.name);
    if (old === undefined) return [];
    const roots = { deletes: rootRecords(old, scope), creates: rootRecords(endpoint, scope) };
    const rollbacks = rootTypes(endpoint).map((type) => rollbackRecord(endpoint.name, type, old.tree, scope));
    return [
      ...replacement('roots', roots).changes,
      ...replacement('rollbacks', { deletes: rollbacks, creates: rollbacks }).changes,
    ];
  });
  const sets = [before, after].flatMap(({ endpoints }) =>
    endpoints.flatMap((each) => treeRecords(each, scope)),
  );
  const roots = after.endpoints.length * 2;
  const apexAndFence = 3;
  return {
    stages,
    flip: FENCE_CHANGES + flips.length,
    records:
      new Set(sets.map(({ name, setIdentifier }) => `${name} ${setIdentifier}`)).size + roots + apexAndFence,
    endpoints: changed.length,
    stateBytes: JSON.stringify(given.ledger.peek(cell).state).length,
  };
}

async function goalOf({ ledger, fleet: { cell } }: Awaited<ReturnType<typeof planning>>): Promise<Plan> {
  const plan = await planOf(ledger, cell, ledger.peek(cell).state.goal);
  if (plan === undefined) throw new Error('The cell has no goal.');
  return plan;
}
