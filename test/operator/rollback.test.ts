import { describe, expect, it } from 'vitest';
import { approveKeptBack, lookAtKeptBack } from '../../lib/operator/kept-back.ts';
import type { OperatorDeps } from '../../lib/operator/operator.ts';
import { resumePlanner } from '../../lib/operator/pause.ts';
import type { RollbackRequest } from '../../lib/operator/rollback.ts';
import { rollback } from '../../lib/operator/rollback.ts';
import type { FleetEndpoint } from '../../lib/plan/fleet-model.ts';
import { generation } from '../../lib/plan/generation.ts';
import { cellName, dnsName } from '../../lib/plan/names.ts';
import { declareFleet } from '../../lib/simulator/engine/actor-roles.ts';
import type { SimulatedWorld } from '../../lib/simulator/engine/simulated-world.ts';
import { finish } from '../support/drive.ts';
import { applyNewest, newPlan, retireOld, runUntil } from '../support/scenario.ts';
import { smallFleet } from '../support/small-fleet.ts';
import {
  answers,
  begin,
  convergedWorld,
  enactNow,
  eventsSince,
  order,
  planRoutinely,
  roots,
} from './operator-world.ts';

const CELL = smallFleet().cell;
const API = dnsName('api.example.test');
const WEB = dnsName('web.example.test');
const address = (last: number) => [`192.0.2.${last}`, '192.0.2.102'].sort();

const goingBack =
  (more: Partial<RollbackRequest> = {}) =>
  (deps: OperatorDeps) =>
    rollback(deps, { cell: CELL, apply: true, ...more });

/** Plans 1, 2 and 3 were live, one after the other, each with another address. */
async function thirdPlanLive(): Promise<SimulatedWorld> {
  const world = await convergedWorld();
  for (const generation of [2, 3]) {
    await newPlan(world, generation);
    await applyNewest(world, `enactor-${generation}`);
  }
  return world;
}

/** Another cell of the zone declares these. */
async function declareElsewhere(world: SimulatedWorld, endpoints: readonly FleetEndpoint[]): Promise<void> {
  const { ledger, time, scope } = world;
  const fleet = { ...smallFleet(), cell: cellName('use1-b'), zoneId: scope.zoneId, endpoints };
  await declareFleet(ledger, fleet, time, 'operator');
}

describe('rollback', () => {
  it('appends a newer generation with the content of before, which pauses the planner', async () => {
    const world = await thirdPlanLive();
    const { number } = world.ledger.peek(CELL);
    expect(await order(world, 'ana', goingBack())).toMatchObject({
      type: 'done',
      appended: true,
      to: generation(2),
      plan: { generation: generation(4), parent: 3 },
      base: { generation: generation(3) },
      newTrees: {},
      summary: { changed: [API] },
    });
    expect(await eventsSince(world, number)).toMatchObject([
      {
        type: 'PlanAppended',
        generation: generation(4),
        origin: 'rollback',
        lane: 'urgent',
        pausesPlanner: true,
      },
    ]);
    expect(await planRoutinely(world)).toMatchObject({ type: 'paused' });
    expect(world.ledger.peek(CELL).state.paused).toMatchObject({ by: 'ana' });
    expect(await enactNow(world, 'enactor')).toMatchObject({ type: 'applied', generation: generation(4) });
    expect(answers(world, API)).toEqual(address(2));
    expect(roots(world)[`${API} A`]).toMatch(/^g000002[.]/);
  });

  it('goes to the generation it is told', async () => {
    const world = await thirdPlanLive();
    expect(await order(world, 'ana', goingBack({ to: generation(1) }))).toMatchObject({
      type: 'done',
      to: generation(1),
    });
    await enactNow(world, 'enactor');
    expect(answers(world, API)).toEqual(address(1));
  });

  it('makes new trees of those that were retired, and never uses their names again', async () => {
    const world = await thirdPlanLive();
    const retired = await retireOld(world, 'janitor');
    expect(retired).toMatchObject({ type: 'retired', names: ['g000001.api.use1-a._pawl.example.test'] });
    expect(await order(world, 'ana', goingBack({ to: generation(1) }))).toMatchObject({
      newTrees: { api: 'g000004' },
    });
    expect(await enactNow(world, 'enactor')).toMatchObject({ type: 'applied', generation: generation(4) });
    expect(roots(world)[`${API} A`]).toMatch(/^g000004[.]/);
    expect(answers(world, API)).toEqual(address(1));
  });

  it('takes the place of a plan that is approved and not yet applied', async () => {
    const world = await thirdPlanLive();
    await newPlan(world, 4);
    expect(await order(world, 'ana', goingBack())).toMatchObject({
      to: generation(3),
      plan: { generation: generation(5) },
    });
    expect(await enactNow(world, 'enactor')).toMatchObject({ type: 'applied', generation: generation(5) });
    expect(answers(world, API)).toEqual(address(3));
  });

  it('notes what would be held: a person asked', async () => {
    const world = await convergedWorld(smallFleet(1, { capacityRemovedPercent: 1 }));
    const fleet = smallFleet(1, { capacityRemovedPercent: 1 });
    const targets = fleet.targets.map((each) => (each.id === 'api-1' ? { ...each, capacity: 300 } : each));
    await world.declare({ ...fleet, targets });
    await world.plan();
    await applyNewest(world, 'enactor-2');
    expect(await order(world, 'ana', goingBack())).toMatchObject({
      disposition: 'approved',
      findings: [{ code: 'capacity-removed', severity: 'note' }],
      keptBack: [],
    });
  });

  it('goes back where it can, and names the endpoint that another cell has declared since', async () => {
    const world = await convergedWorld();
    const moved = smallFleet(2);
    const [api, web] = moved.endpoints;
    if (api === undefined || web === undefined) throw new Error('the small fleet has two endpoints');
    await world.declare({ ...moved, endpoints: [api] });
    await world.plan();
    const approving = { cell: CELL, endpoints: [WEB] };
    const look = await order(world, 'cy', (deps) =>
      lookAtKeptBack(deps, { ...approving, decision: 'approve' }),
    );
    if (look.type !== 'done') throw new Error(look.reason);
    await order(world, 'di', (deps) => approveKeptBack(deps, { ...approving, digest: look.digest }));
    await applyNewest(world, 'enactor-2');
    expect(Object.keys(roots(world))).toEqual([`${API} A`]);
    await declareElsewhere(world, [web]);
    const outcome = await order(world, 'ana', goingBack({ to: generation(1) }));
    expect(outcome).toMatchObject({
      type: 'done',
      appended: true,
      summary: { changed: [API], added: [] },
      keptBack: [{ name: WEB, findings: [{ code: 'name-claimed-twice', severity: 'fatal' }] }],
    });
    await enactNow(world, 'enactor-3');
    expect(answers(world, API)).toEqual(address(1));
  });

  it('goes back with an endpoint of its own that another cell declares too', async () => {
    const world = await thirdPlanLive();
    await declareElsewhere(world, smallFleet().endpoints);
    const outcome = await order(world, 'ana', goingBack({ to: generation(1) }));
    expect(outcome).toMatchObject({ appended: true, summary: { changed: [API] }, keptBack: [] });
  });

  it('shows the change without apply, and appends only what was shown', async () => {
    const world = await thirdPlanLive();
    const { number } = world.ledger.peek(CELL);
    const shown = await order(world, 'ana', goingBack({ apply: false }));
    if (shown.type !== 'done') throw new Error(shown.reason);
    expect(shown.appended).toBe(false);
    expect(world.ledger.peek(CELL).number).toBe(number);
    await newPlan(world, 4);
    expect(await order(world, 'bo', goingBack({ expected: shown.digest }))).toEqual({
      type: 'refused',
      reason: expect.stringContaining('has moved on since this change was shown'),
    });
    const again = await order(world, 'cy', goingBack({ apply: false }));
    if (again.type !== 'done') throw new Error(again.reason);
    expect(await order(world, 'di', goingBack({ expected: again.digest }))).toMatchObject({ appended: true });
  });

  it('decides anew on the head it loses', async () => {
    const world = await thirdPlanLive();
    await begin(world, 'ana', goingBack());
    await runUntil(world, 'ana', 'ledger.append', /PlanAppended/);
    await newPlan(world, 4);
    expect(await finish(world, 'ana')).toMatchObject({
      type: 'done',
      to: generation(3),
      plan: { generation: generation(5) },
    });
  });

  it('says that it does not know when the answer to its append was lost', async () => {
    const world = await thirdPlanLive();
    await begin(world, 'ana', goingBack());
    await runUntil(world, 'ana', 'ledger.append', /PlanAppended/);
    await world.scheduler.loseAnswer('ana');
    expect(await finish(world, 'ana')).toMatchObject({ type: 'unknown' });
  });

  it('refuses a generation that was never applied, and one that is live', async () => {
    const world = await thirdPlanLive();
    expect(await order(world, 'ana', goingBack({ to: generation(9) }))).toEqual({
      type: 'refused',
      reason: expect.stringContaining('use1-a@9 was never applied'),
    });
    expect(await order(world, 'bo', goingBack({ to: generation(3) }))).toEqual({
      type: 'refused',
      reason: expect.stringContaining('there is nothing to roll back'),
    });
  });

  it('refuses where nothing else was ever applied', async () => {
    const world = await convergedWorld();
    expect(await order(world, 'ana', goingBack())).toMatchObject({ type: 'refused' });
  });

  it('lets the planner go on after resume', async () => {
    const world = await thirdPlanLive();
    await order(world, 'ana', goingBack());
    await enactNow(world, 'enactor');
    const resuming = (deps: OperatorDeps) => resumePlanner(deps, { cell: CELL });
    expect(await order(world, 'bo', resuming)).toEqual({ type: 'done', changed: true });
    expect(await order(world, 'cy', resuming)).toEqual({ type: 'done', changed: false });
    expect(await planRoutinely(world)).toMatchObject({ type: 'appended' });
    await enactNow(world, 'enactor-5');
    expect(answers(world, API)).toEqual(address(3));
  });
});
