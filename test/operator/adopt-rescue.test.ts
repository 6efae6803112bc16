import { describe, expect, it } from 'vitest';
import { adoptRescue } from '../../lib/operator/adopt-rescue.ts';
import { exportPlan } from '../../lib/operator/export-plan.ts';
import type { OperatorZoneDeps } from '../../lib/operator/operator.ts';
import { resumePlanner } from '../../lib/operator/pause.ts';
import { rescuePlan } from '../../lib/operator/rescue-plan.ts';
import { rescueToRollback } from '../../lib/operator/rescue-to-rollback.ts';
import { thaw } from '../../lib/operator/thaw.ts';
import { dnsName } from '../../lib/plan/names.ts';
import type { Plan, PlannedEndpoint } from '../../lib/plan/plan.ts';
import { remove } from '../../lib/plan/records.ts';
import { instant } from '../../lib/runtime/clock.ts';
import type { SimulatedWorld } from '../../lib/simulator/engine/simulated-world.ts';
import { waitOf } from '../support/fence-wait.ts';
import { letTimePass, newPlan, retireOld } from '../support/scenario.ts';
import type { SmallFleet } from '../support/small-fleet.ts';
import { smallFleet } from '../support/small-fleet.ts';
import {
  answers,
  convergedWorld,
  enactNow,
  eventsSince,
  fenceOf,
  livePlan,
  order,
  planRoutinely,
  rescue,
  roots,
  tamperFence,
} from './operator-world.ts';

const CELL = smallFleet().cell;
const API = dnsName('api.example.test');
const WEB = dnsName('web.example.test');

function rescued(world: SimulatedWorld, name: string, plan: Plan) {
  return rescue(world, name, (writer, clock) =>
    rescuePlan(writer, clock, {
      plan,
      settings: { insyncPollMs: 2_000, unknownChangeMs: 300_000 },
      deadline: instant(world.time.now() + 600_000),
    }),
  );
}

const adopting =
  (plan: Plan, apply = true) =>
  (deps: OperatorZoneDeps) =>
    adoptRescue(deps, { cell: CELL, plan, apply });
const thawing = (deps: OperatorZoneDeps) => thaw(deps, { cell: CELL });

/** Adopts, thaws and enacts; what roots point at must not change at any of it. */
async function takeIn(world: SimulatedWorld, plan: Plan): Promise<void> {
  const before = roots(world);
  expect(await order(world, 'adopter', adopting(plan))).toMatchObject({ type: 'done', appended: true });
  expect(await enactNow(world, 'enactor-frozen')).toMatchObject({ type: 'frozen' });
  expect(await order(world, 'thawer', thawing)).toMatchObject({ type: 'done', wasFrozen: true });
  const { goal } = world.ledger.peek(CELL).state;
  expect(await enactNow(world, 'enactor-thawed')).toMatchObject({
    type: 'applied',
    generation: goal?.generation,
  });
  letTimePass(world);
  expect(await enactNow(world, 'enactor-again')).toMatchObject({ type: 'converged' });
  expect(roots(world)).toEqual(before);
  expect(fenceOf(world)).toMatchObject({ generation: goal?.generation, frozen: false, ledger: '5be1c07a' });
}

describe('adoptRescue', () => {
  it('then thaw, then enact: converges without changing what roots point at', async () => {
    const world = await convergedWorld();
    const plan = await livePlan(world);
    await rescued(world, 'ana', plan);
    const { number } = world.ledger.peek(CELL);
    await takeIn(world, plan);
    const events = await eventsSince(world, number);
    expect(events.slice(0, 2)).toMatchObject([
      { type: 'RescueFound', generation: 1 },
      {
        type: 'PlanAppended',
        generation: 2,
        parent: 1,
        origin: 'rescue',
        lane: 'urgent',
        disposition: 'approved',
        pausesPlanner: true,
        newTrees: { api: expect.stringMatching(/^r/), web: expect.stringMatching(/^r/) },
      },
    ]);
    expect(world.ledger.peek(CELL).state.paused).not.toBeNull();
  });

  it('lets the janitor take the trees of before, and those of the rescue later', async () => {
    const world = await convergedWorld();
    const plan = await livePlan(world);
    await rescued(world, 'ana', plan);
    await takeIn(world, plan);
    await newPlan(world, 2);
    await enactNow(world, 'enactor-2');
    await newPlan(world, 3);
    await enactNow(world, 'enactor-3');
    letTimePass(world);
    expect(await retireOld(world, 'janitor')).toMatchObject({
      type: 'retired',
      names: expect.arrayContaining([
        'g000001.api.use1-a._pawl.example.test',
        expect.stringMatching(/^r\d+[.]api[.]/),
      ]),
    });
  });

  it('takes in what a rescue did while the fence was missing', async () => {
    const world = await convergedWorld();
    const plan = await livePlan(world);
    tamperFence(world);
    await rescued(world, 'ana', plan);
    await takeIn(world, plan);
  });

  it('takes in what a rescue did above a forged generation', async () => {
    const world = await convergedWorld();
    const plan = await livePlan(world);
    tamperFence(world, `"v1 gen=400 seq=5 plan=${'a'.repeat(12)} frozen=0 ledger=5be1c07a by=x n=forged00"`);
    await rescued(world, 'ana', plan);
    await takeIn(world, plan);
    expect(world.ledger.peek(CELL).state.goal?.generation).toBe(401);
  });

  it('takes in a rescue to the rollback roots', async () => {
    const world = await convergedWorld();
    await newPlan(world, 2);
    await enactNow(world, 'enactor');
    const outcome = await rescue(world, 'ana', (writer, clock) =>
      rescueToRollback(writer, clock, { wait: waitOf({ clock }) }),
    );
    if (outcome.type !== 'done') throw new Error('nothing was rolled back');
    await takeIn(world, outcome.plan);
    expect(answers(world, API)).toEqual(['192.0.2.1', '192.0.2.102']);
  });

  it('keeps endpoints that the file does not name as the goal has them', async () => {
    const world = await convergedWorld();
    const whole = await livePlan(world);
    const plan = { ...whole, endpoints: whole.endpoints.filter(({ name }) => name === API) };
    await rescued(world, 'ana', plan);
    expect(await order(world, 'bo', adopting(plan, false))).toMatchObject({
      carried: [WEB],
      kept: [API],
      appended: false,
    });
    await takeIn(world, plan);
    expect(answers(world, WEB)).toEqual(['192.0.2.201', '192.0.2.202']);
  });

  it('never takes over a tree of the rescue\u2019s that was altered since', async () => {
    const world = await convergedWorld();
    const plan = await livePlan(world);
    await rescued(world, 'ana', plan);
    const [leaf] = world.records().filter(({ name }) => name === roots(world)[`${API} A`]);
    if (leaf === undefined) throw new Error('api has no tree');
    world.tamper([remove(leaf)]);
    const adopted = await order(world, 'bo', adopting(plan));
    if (adopted.type !== 'done') throw new Error(adopted.reason);
    expect(adopted.kept).toEqual([WEB]);
    expect(adopted.newTrees).toEqual({ web: expect.stringMatching(/^r/) });
    expect(adopted.plan.endpoints[0]?.tree).toMatch(/^g000001[.]api/);
    await order(world, 'cy', thawing);
    expect(await enactNow(world, 'enactor')).toMatchObject({ type: 'applied', generation: 2 });
    expect(answers(world, API)).toEqual(['192.0.2.1', '192.0.2.102']);
  });

  it('takes in capacities from the log and weights from the zone, so that nothing is lost on the way back', async () => {
    const careful = { capacityRemovedPercent: 10 };
    const small = (ttl: number): SmallFleet => {
      const fleet = smallFleet(1, careful);
      const targets = fleet.targets.map((each, index) => ({ ...each, capacity: 40 / (1 + (index % 2)) }));
      return { ...fleet, targets, endpoints: fleet.endpoints.map((each) => ({ ...each, ttl })) };
    };
    const leavesOf = ({ endpoints }: Plan) =>
      endpoints.flatMap(({ leaves }) => leaves.map(({ weight, capacity }) => [weight, capacity]));
    const world = await convergedWorld(small(60));
    const exported = await rescue(world, 'ana', (writer) => exportPlan(writer, {}));
    if (exported.type !== 'done') throw new Error(exported.reason);
    expect(leavesOf(exported.plan)).toContainEqual([255, 255]);
    await rescued(world, 'ana-again', exported.plan);
    await takeIn(world, exported.plan);
    expect(leavesOf(await livePlan(world))).toEqual([
      [255, 40],
      [128, 20],
      [255, 40],
      [128, 20],
    ]);
    await order(world, 'bo', (deps) => resumePlanner(deps, { cell: CELL }));
    expect(await planRoutinely(world)).toEqual({ type: 'unchanged', keptBack: [] });
    await world.declare(small(59));
    expect(await planRoutinely(world)).toMatchObject({
      type: 'appended',
      proposed: { summary: { changed: [API, WEB], removedPermille: 0 }, keptBack: [] },
    });
  });

  it('knows the capacities of a target that a rescue brought in, or took weight from', async () => {
    const world = await convergedWorld();
    const plan = await livePlan(world);
    const weights = (endpoint: PlannedEndpoint): PlannedEndpoint => {
      const leaves = endpoint.leaves.map((leaf, index) => {
        const weight = index === 0 ? 51 : 255;
        return { ...leaf, weight, capacity: weight };
      });
      const spare = {
        target: 'spare',
        type: 'A',
        weight: 102,
        capacity: 102,
        values: ['192.0.2.9'],
      } as const;
      return { ...endpoint, leaves: [...leaves, spare] };
    };
    const edited = { ...plan, endpoints: plan.endpoints.map(weights) };
    await rescued(world, 'ana', edited);
    await takeIn(world, edited);
    const { leaves = [] } = (await livePlan(world)).endpoints[0] ?? {};
    expect(leaves.map(({ target, weight, capacity }) => [target, weight, capacity])).toEqual([
      ['api-1', 51, 100],
      ['api-2', 255, 100],
      ['spare', 102, 200],
    ]);
  });

  it('writes nothing without apply', async () => {
    const world = await convergedWorld();
    const plan = await livePlan(world);
    await rescued(world, 'ana', plan);
    const { number } = world.ledger.peek(CELL);
    const shown = await order(world, 'bo', adopting(plan, false));
    expect(world.ledger.peek(CELL).number).toBe(number);
    expect(await order(world, 'cy', adopting(plan))).toMatchObject({
      digest: (shown as { digest?: string }).digest,
    });
  });

  it('refuses another file, another cell\u2019s file, and a cell that is not rescued', async () => {
    const world = await convergedWorld();
    const plan = await livePlan(world);
    const refusal = (reason: string) => ({ type: 'refused', reason: expect.stringContaining(reason) });
    expect(await order(world, 'ana', adopting(plan))).toEqual(refusal('is not frozen'));
    await rescued(world, 'bo', plan);
    const { number } = world.ledger.peek(CELL);
    const other: Plan = {
      ...plan,
      endpoints: plan.endpoints.map((endpoint) => ({ ...endpoint, ttl: endpoint.ttl + 1 })),
    };
    expect(await order(world, 'cy', adopting(other))).toEqual(refusal('was rescued with plan'));
    expect(await order(world, 'di', adopting({ ...plan, zoneId: 'Z0' }))).toEqual(refusal('a plan of cell'));
    expect(world.ledger.peek(CELL).number).toBe(number);
  });
});
