import assert from 'node:assert/strict';
import { pausePlanner } from '../../lib/operator/pause.ts';
import { pushFleet } from '../../lib/operator/push-fleet.ts';
import type { CellFleet } from '../../lib/plan/fleet-model.ts';
import { cellName } from '../../lib/plan/names.ts';
import type { AwaitedCell, AwaitedPush } from '../../lib/rollout/await-push.ts';
import { awaitPush } from '../../lib/rollout/await-push.ts';
import type { RolloutWorld } from './rollout-world.ts';
import { answering, fleetsOf, GOOD, rolloutWorld } from './rollout-world.ts';

const CELL = cellName('use1-a');
const OTHER = cellName('euw1-a');

/** Pushes fleets to two cells and waits, with everything that was told. */
async function waited(
  world: RolloutWorld,
  cells: readonly CellFleet[],
): Promise<AwaitedPush & { readonly told: readonly (readonly AwaitedCell[])[] }> {
  assert.equal((await pushFleet(world.deps, { cells, apply: true })).type, 'done');
  const told: (readonly AwaitedCell[])[] = [];
  const end = await awaitPush(world.deps, { cells, tell: (seen) => told.push(seen) });
  return { ...end, told };
}

/** Every endpoint with a TTL that a person has to approve. */
function held(cells: readonly CellFleet[]): readonly CellFleet[] {
  return cells.map((fleet) => ({
    ...fleet,
    endpoints: fleet.endpoints.map((endpoint) => ({ ...endpoint, ttl: 7_200 })),
  }));
}

/** Rules of a wait for a push; the seeded bugs of test/mutants/rollout-mutants.test.ts break them. */
export const WAIT_CHECKS: Readonly<Record<string, () => Promise<void>>> = {
  'a wait ends once the zone answers with what was pushed': async () => {
    const world = await rolloutWorld(2);
    const end = await waited(world, fleetsOf(world.zoneId, GOOD, 2));
    assert.equal(end.type, 'applied');
    assert.deepEqual([answering(world)[CELL], answering(world)[OTHER]], [GOOD, GOOD]);
    assert.deepEqual(
      end.told.at(0)?.map(({ type }) => type),
      ['waits', 'waits'],
    );
  },

  'a wait is as long as the slowest cell': async () => {
    const world = await rolloutWorld(2);
    world.stopped = { enactors: [OTHER] };
    const end = await waited(world, fleetsOf(world.zoneId, GOOD, 2));
    assert.equal(end.type, 'timed-out');
    assert.deepEqual(
      end.cells.map(({ type }) => type),
      ['applied', 'waits'],
    );
  },

  'a plan that nobody has made yet is waited for': async () => {
    const world = await rolloutWorld(1);
    world.stopped = { planners: [CELL] };
    const begun = world.now();
    const end = await waited(world, fleetsOf(world.zoneId, GOOD, 1));
    assert.equal(end.type, 'timed-out');
    assert.ok(world.now() - begun >= end.withinMs);
  },

  'what waits for a person is no push that is applied': async () => {
    const world = await rolloutWorld(1);
    const end = await waited(world, held(fleetsOf(world.zoneId, GOOD, 1)));
    assert.equal(end.type, 'held');
    assert.match(JSON.stringify(end.cells), /pawl plan approve use1-a/);
  },

  'a paused planner ends a wait': async () => {
    const world = await rolloutWorld(2);
    world.meanwhile = async () => {
      await pausePlanner(world.deps, { cell: CELL, reason: 'a release' });
    };
    world.stopped = { enactors: [CELL] };
    const end = await waited(world, fleetsOf(world.zoneId, GOOD, 2));
    assert.equal(end.type, 'stopped');
    assert.equal(end.cells[0]?.type, 'stopped');
  },

  'records that Route 53 refuses end a wait': async () => {
    const world = await rolloutWorld(1);
    world.stopped = { enactors: [CELL] };
    const cells = fleetsOf(world.zoneId, GOOD, 1);
    const [name] = cells.flatMap(({ endpoints }) => endpoints.map((endpoint) => endpoint.name));
    assert.ok(name !== undefined);
    world.meanwhile = async () => {
      const head = await world.ledger.head(CELL);
      const { generation } = head.state.goal ?? { generation: undefined };
      assert.ok(generation !== undefined);
      const refused = { step: 'stage', generation, records: [], reason: 'No.', batches: 1 } as const;
      const event = { type: 'EndpointRefused', name, ...refused, attempt: 1 } as const;
      await world.ledger.append(head, { event, at: world.now(), by: 'enactor-a' });
    };
    const end = await waited(world, cells);
    assert.deepEqual([end.type, end.cells[0]?.type], ['stopped', 'refused']);
  },

  'another fleet ends a wait': async () => {
    const world = await rolloutWorld(1);
    const theirs = fleetsOf(world.zoneId, '198.51.101', 1);
    world.meanwhile = async () => {
      await pushFleet(world.deps, { cells: theirs, apply: true });
    };
    const end = await waited(world, fleetsOf(world.zoneId, GOOD, 1));
    assert.deepEqual([end.type, end.cells[0]?.type], ['stopped', 'replaced']);
  },
};
