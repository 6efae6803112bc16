import { planOf } from '../../lib/cell/cell-bodies.ts';
import type { CellPolicy, FleetRoute, Observations } from '../../lib/plan/fleet-model.ts';
import { dnsName } from '../../lib/plan/names.ts';
import { failover, latency, to } from '../plan/given-routes.ts';
import type { Planning } from './planning.ts';
import { planning } from './planning.ts';
import { smallFleet, target } from './small-fleet.ts';

const API = dnsName('api.example.test');
const IDS = ['t0', 't1', 't2', 't3', 't4'];

/** A planner alone in a cell whose only endpoint has this route, and whose first plan is its goal. */
interface Routed extends Planning {
  /** Takes these branches out, and plans. */
  evacuate(...branches: readonly string[]): Promise<void>;
  /** The planner sees that these serve no more, and plans. */
  lose(...ids: readonly string[]): Promise<void>;
  /** Where each target answers by the goal: `t0 eu-west-1`. */
  places(): Promise<string>;
}

async function routed(route: FleetRoute, policy: Partial<CellPolicy> = {}): Promise<Routed> {
  const fleet = smallFleet(1, policy);
  const [endpoint] = fleet.endpoints;
  if (endpoint === undefined) throw new Error('the fleet has no endpoint');
  const targets = IDS.map((id, index) => target(id, index + 1));
  const played = await planning({ ...fleet, targets, endpoints: [{ ...endpoint, targets: IDS, route }] });
  await played.plan();
  const { cell } = fleet;
  return {
    ...played,
    evacuate: async (...branches) => {
      for (const branch of branches)
        await played.append({ type: 'BranchEvacuated', branch, reason: 'a storm' });
      await played.plan();
    },
    lose: async (...ids) => {
      const observations: Observations = Object.fromEntries(
        IDS.map((id) => [id, { health: ids.includes(id) ? 'unhealthy' : 'healthy', capacity: 100 }]),
      );
      played.see({ type: 'observed', observations });
      await played.plan();
    },
    places: async () => {
      const plan = await planOf(played.ledger, cell, played.ledger.peek(cell).state.goal);
      const leaves = plan?.endpoints.find(({ name }) => name === API)?.leaves ?? [];
      return leaves.map(({ target: id, node = '' }) => `${id} ${node}`).join(', ');
    },
  };
}

async function demand(cell: Routed, places: string, what: string): Promise<void> {
  const found = await cell.places();
  if (found !== places) throw new Error(`${what}: ${found}, and not ${places}`);
}

const REGIONS = latency({ 'eu-west-1': to('t0', 't1'), 'us-east-1': to('t2', 't3', 't4') });
const AMERICA = 't2 us-east-1, t3 us-east-1, t4 us-east-1';
const BOTH = `t0 eu-west-1, t1 eu-west-1, ${AMERICA}`;
const SPARES = latency({
  'eu-west-1': failover(to('t0'), to('t1')),
  'us-east-1': failover(to('t2', 't3', 't4'), to('t1')),
});
const FLOORED: FleetRoute = { type: 'targets', targets: ['t0', 't1'], answer: 'weighted', floor: 1 };

/**
 * What must hold of an evacuated branch, from the event to the plan. A seeded bug must break the check that is named for
 * it (test/mutants/branch-mutants.test.ts).
 */
export const BRANCH_CHECKS = {
  'an evacuated branch stays out until it is restored': async () => {
    const cell = await routed(REGIONS);
    await demand(cell, BOTH, 'the route is not planned');
    await cell.evacuate('eu-west-1');
    await demand(cell, AMERICA, 'the branch has not left');
    await cell.lose('t4');
    await demand(cell, 't2 us-east-1, t3 us-east-1', 'the branch is back by the plan after');
    await cell.lose();
    await cell.append({ type: 'BranchRestored', branch: 'eu-west-1' });
    await cell.plan();
    await demand(cell, BOTH, 'the branch is restored and has not come back');
  },
  'an id means every branch that has it, and a path one': async () => {
    const byId = await routed(SPARES);
    await byId.evacuate('secondary');
    const primaries =
      't0 primary.eu-west-1, t2 primary.us-east-1, t3 primary.us-east-1, t4 primary.us-east-1';
    await demand(byId, primaries, 'a branch of that id has not left');
    const byPath = await routed(SPARES);
    await byPath.evacuate('secondary.us-east-1');
    await demand(byPath, `${primaries}, t1 secondary.eu-west-1`, 'another branch than that one left');
  },
  'a target goes on answering in its other branches': async () => {
    const cell = await routed(latency({ 'eu-west-1': to('t0', 't1'), 'us-east-1': to('t1', 't2') }));
    await cell.evacuate('eu-west-1');
    await demand(cell, 't1 us-east-1, t2 us-east-1', 'a target left a branch that stays');
  },
  'the guards judge what a branch takes': async () => {
    const cell = await routed(REGIONS, { capacityRemovedPercent: 30 });
    await cell.evacuate('eu-west-1');
    await demand(cell, BOTH, 'two of five targets went, and policy lets three in ten go');
    const floored = await routed(latency({ 'eu-west-1': FLOORED, 'us-east-1': to('t2', 't3', 't4') }));
    await floored.evacuate('eu-west-1');
    await demand(floored, BOTH, 'a branch with a floor went without a person');
  },
  'a branch that cannot leave keeps no failed target': async () => {
    const cell = await routed(REGIONS, { capacityRemovedPercent: 30 });
    await cell.evacuate('eu-west-1');
    await cell.lose('t4');
    await demand(cell, BOTH.replace(', t4 us-east-1', ''), 'the failed target stays, or more than it went');
  },
  'one branch leaves where another cannot': async () => {
    const cell = await routed(REGIONS);
    await cell.evacuate('eu-west-1', 'us-east-1');
    await demand(cell, AMERICA, 'not the first of two branches left alone');
    await cell.append({ type: 'TargetDrained', target: 't2', reason: 'a disk' });
    await cell.plan();
    await demand(cell, 't3 us-east-1, t4 us-east-1', 'a branch that had left is back, or a target stays');
  },
  'an evacuation is urgent': async () => {
    const cell = await routed(
      latency({ 'eu-west-1': to('t0'), 'us-east-1': to('t0', 't1', 't2', 't3', 't4') }),
    );
    await cell.evacuate('eu-west-1');
    const { goal } = cell.ledger.peek(cell.fleet.cell).state;
    if (goal?.lane !== 'urgent') throw new Error(`the plan is ${goal?.lane}`);
  },
  'what a person takes out is no loss by observation': async () => {
    const cell = await routed(REGIONS, { blindPercent: 40 });
    await cell.append({ type: 'BranchEvacuated', branch: 'eu-west-1', reason: 'a storm' });
    await cell.lose('t0', 't1', 't4');
    await demand(cell, 't2 us-east-1, t3 us-east-1', 'the observer is doubted for what was ordered');
  },
} as const satisfies Readonly<Record<string, () => Promise<void>>>;
