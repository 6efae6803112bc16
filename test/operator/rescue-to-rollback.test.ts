import { describe, expect, it } from 'vitest';
import type { Writer } from '../../lib/cell/fenced-write.ts';
import { exportPlan } from '../../lib/operator/export-plan.ts';
import { rescueToRollback } from '../../lib/operator/rescue-to-rollback.ts';
import { dnsName } from '../../lib/plan/names.ts';
import { planDigest, shortDigest } from '../../lib/plan/plan.ts';
import { remove } from '../../lib/plan/records.ts';
import type { SimulatedWorld } from '../../lib/simulator/engine/simulated-world.ts';
import { finish } from '../support/drive.ts';
import { newPlan, runUntil } from '../support/scenario.ts';
import { smallFleet } from '../support/small-fleet.ts';
import { answers, beginRescue, convergedWorld, enactNow, fenceOf, rescue, roots } from './operator-world.ts';

const CELL = smallFleet().cell;
const API = dnsName('api.example.test');
const WEB = dnsName('web.example.test');
const BEFORE = ['192.0.2.1', '192.0.2.102'];
const AFTER = ['192.0.2.102', '192.0.2.2'];

const goingBack = (writer: Writer) => rescueToRollback(writer);

/** A second plan is live, which changed api alone. */
async function secondPlanLive(): Promise<SimulatedWorld> {
  const world = await convergedWorld();
  await newPlan(world, 2);
  await enactNow(world, 'enactor');
  expect(answers(world, API)).toEqual(AFTER);
  return world;
}

describe('rescueToRollback', () => {
  it('points roots at what was live before, and leaves the fence frozen', async () => {
    const world = await secondPlanLive();
    const { seq, generation } = fenceOf(world);
    const outcome = await rescue(world, 'ana', goingBack);
    expect(outcome).toMatchObject({
      type: 'done',
      seq: seq + 2,
      moved: [API],
      stayed: [{ name: WEB, reason: expect.stringContaining('the tree that is live') }],
    });
    expect(answers(world, API)).toEqual(BEFORE);
    if (outcome.type !== 'done') throw new Error('nothing was rolled back');
    expect(fenceOf(world)).toMatchObject({
      frozen: true,
      generation,
      by: 'rescue-ana',
      plan: shortDigest(planDigest(outcome.plan)),
    });
    const records = world.records();
    expect(await enactNow(world, 'enactor-after')).toEqual({ type: 'frozen', by: 'rescue-ana' });
    expect(world.records()).toEqual(records);
    expect(world.ledger.peek(CELL).state.rescue).toMatchObject({ seq: seq + 2 });
  });

  it('gives the plan that an export of the zone gives afterwards', async () => {
    const world = await secondPlanLive();
    const outcome = await rescue(world, 'ana', goingBack);
    const exported = await rescue(world, 'bo', (writer) => exportPlan(writer, {}));
    if (outcome.type !== 'done' || exported.type !== 'done') throw new Error('nothing was exported');
    expect(exported.plan).toEqual(outcome.plan);
  });

  it('uses the rollback root of a root that was deleted', async () => {
    const world = await secondPlanLive();
    world.tamper(
      world
        .records()
        .filter(({ name }) => name === API || name === WEB)
        .map(remove),
    );
    expect(await rescue(world, 'ana', goingBack)).toMatchObject({ type: 'done', moved: [API, WEB] });
    expect(answers(world, API)).toEqual(BEFORE);
    expect(answers(world, WEB)).toEqual(['192.0.2.201', '192.0.2.202']);
  });

  it('never goes back and forth when the answer to its flip was lost', async () => {
    const world = await secondPlanLive();
    await beginRescue(world, 'ana', goingBack);
    await runUntil(world, 'ana', 'zone.change', /^flip/);
    await world.scheduler.loseAnswer('ana');
    expect(await finish(world, 'ana')).toMatchObject({ type: 'done', moved: [API] });
    expect(answers(world, API)).toEqual(BEFORE);
  });

  it('goes back once when its first flip lands after its second', async () => {
    const world = await secondPlanLive();
    await beginRescue(world, 'ana', goingBack);
    await runUntil(world, 'ana', 'zone.change', /^flip/);
    const late = await world.scheduler.timeout('ana');
    expect(await finish(world, 'ana')).toMatchObject({ type: 'done' });
    await world.scheduler.land(late);
    expect(answers(world, API)).toEqual(BEFORE);
  });

  it('refuses, and writes nothing, where there is nothing to go back to', async () => {
    const world = await convergedWorld();
    const before = world.records();
    expect(await rescue(world, 'ana', goingBack)).toEqual({
      type: 'refused',
      reason: expect.stringContaining('has anything to go back to'),
    });
    expect(world.records()).toEqual(before);
    expect(roots(world)).not.toEqual({});
  });
});
