import { describe, expect, it } from 'vitest';
import type { Writer } from '../../lib/cell/fenced-write.ts';
import { exportPlan } from '../../lib/operator/export-plan.ts';
import { rescueToRollback } from '../../lib/operator/rescue-to-rollback.ts';
import { dnsName } from '../../lib/plan/names.ts';
import { planDigest, shortDigest } from '../../lib/plan/plan.ts';
import type { RecordSet } from '../../lib/plan/records.ts';
import { create, remove } from '../../lib/plan/records.ts';
import type { Clock } from '../../lib/runtime/clock.ts';
import type { SimulatedWorld } from '../../lib/simulator/engine/simulated-world.ts';
import { ZoneUnavailable } from '../../lib/zone/zone.ts';
import { finish } from '../support/drive.ts';
import { waitOf } from '../support/fence-wait.ts';
import { newPlan, runUntil } from '../support/scenario.ts';
import { smallFleet } from '../support/small-fleet.ts';
import { answers, beginRescue, convergedWorld, enactNow, fenceOf, rescue, roots } from './operator-world.ts';

const CELL = smallFleet().cell;
const API = dnsName('api.example.test');
const WEB = dnsName('web.example.test');
const BEFORE = ['192.0.2.1', '192.0.2.102'];
const AFTER = ['192.0.2.102', '192.0.2.2'];

const goingBack = (writer: Writer, clock: Clock) =>
  rescueToRollback(writer, clock, { wait: waitOf({ clock }) });

/** A second plan is live, which changed api alone. */
async function secondPlanLive(): Promise<SimulatedWorld> {
  const world = await convergedWorld();
  await newPlan(world, 2);
  await enactNow(world, 'enactor');
  expect(answers(world, API)).toEqual(AFTER);
  return world;
}

/** A second plan is live, which changed both endpoints. */
async function bothChanged(): Promise<SimulatedWorld> {
  const world = await convergedWorld();
  const { targets, ...fleet } = smallFleet(2);
  await world.declare({
    ...fleet,
    targets: targets.map((each) => ({ ...each, capacity: each.id === 'web-1' ? 50 : 100 })),
  });
  await world.plan();
  await enactNow(world, 'enactor');
  return world;
}

/** Whether a root points at this name. */
function answeredBy(world: SimulatedWorld, name: string): boolean {
  return world.records().some((record) => !record.name.includes('._pawl.') && record.alias?.name === name);
}

describe('rescueToRollback', () => {
  it('leaves an endpoint whose rollback root a hand has pointed at a tree of another one', async () => {
    const world = await secondPlanLive();
    const rollback = (endpoint: string): RecordSet | undefined =>
      world.records().find(({ name }) => name === `rollback.${endpoint}.${CELL}._pawl.example.test`);
    const [own, other] = [rollback('web'), rollback('api')];
    if (own === undefined || other === undefined) throw new Error('no rollback root stands');
    world.tamper([remove(own), create({ ...own, alias: other.alias })]);
    const before = answers(world, WEB);
    const outcome = await rescue(world, 'ana', goingBack);
    expect(outcome).toMatchObject({
      type: 'done',
      stayed: [{ name: WEB, reason: 'its rollback root points at a tree of another endpoint' }],
    });
    expect(answers(world, WEB)).toEqual(before);
  });

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

  it('changes nothing when it is asked for twice', async () => {
    const world = await secondPlanLive();
    const first = await rescue(world, 'ana', goingBack);
    const records = world.records();
    const second = await rescue(world, 'bo', goingBack);
    if (first.type !== 'done' || second.type !== 'done') throw new Error('nothing was rolled back');
    expect(second).toEqual({ ...first, moved: [], stayed: [] });
    expect(world.records()).toEqual(records);
  });

  it('goes on to where it was bound when the first one stopped after its freeze', async () => {
    const world = await secondPlanLive();
    await beginRescue(world, 'ana', goingBack);
    await runUntil(world, 'ana', 'zone.change', /^flip/);
    expect(await rescue(world, 'bo', goingBack)).toMatchObject({ type: 'done', moved: [API] });
    expect(answers(world, API)).toEqual(BEFORE);
  });

  it('stays where it is when the first one landed, its answer was lost, and nothing could be read any more', async () => {
    const world = await secondPlanLive();
    const outcome = rescue(world, 'ana', (writer, clock) => {
      let flipped = false;
      const zone: Writer['zone'] = {
        ...writer.zone,
        listRecords: (...request) =>
          flipped ? Promise.reject(new ZoneUnavailable('expired')) : writer.zone.listRecords(...request),
        change: async (batch) => {
          const answer = await writer.zone.change(batch);
          flipped = batch.kind === 'flip';
          return flipped ? { type: 'unknown', reason: 'an answer was lost' } : answer;
        },
      };
      return rescueToRollback({ ...writer, zone }, clock, { wait: waitOf({ clock }) });
    });
    await expect(outcome).rejects.toThrow(ZoneUnavailable);
    expect(answers(world, API)).toEqual(BEFORE);
    expect(await rescue(world, 'bo', goingBack)).toMatchObject({ type: 'done', moved: [] });
    expect(answers(world, API)).toEqual(BEFORE);
  });

  it('goes on when the roots of one endpoint had moved and those of another had not', async () => {
    const world = await bothChanged();
    await rescue(world, 'ana', goingBack);
    const roots = () =>
      world.records().filter(({ name }) => name === WEB || name.startsWith('rollback.web.'));
    const there = roots();
    const [root, rollback] = [WEB, `rollback.web.${CELL}._pawl.example.test`].map((name) =>
      there.filter((record) => record.name === name),
    );
    // The batch that held web alone had not been sent: its root and its rollback root are the other way round.
    const swapped = (from: readonly RecordSet[] = [], to: readonly RecordSet[] = []) =>
      from.flatMap((record) => {
        const other = to.find(({ type }) => type === record.type);
        return other?.alias === undefined ? [] : [{ ...record, alias: other.alias }];
      });
    world.tamper([
      ...there.map(remove),
      ...[...swapped(root, rollback), ...swapped(rollback, root)].map(create),
    ]);
    expect(await rescue(world, 'bo', goingBack)).toMatchObject({ type: 'done', moved: [WEB] });
    expect(roots()).toEqual(there);
  });

  it('refuses to guess when the zone is neither where the fence says nor on its way there', async () => {
    const world = await secondPlanLive();
    await rescue(world, 'ana', goingBack);
    world.tamper(
      world
        .records()
        .filter(({ name, setIdentifier }) => setIdentifier !== undefined && answeredBy(world, name))
        .slice(0, 1)
        .map(remove),
    );
    const records = world.records();
    const outcome = await rescue(world, 'bo', goingBack);
    expect(outcome).toEqual({ type: 'refused', reason: expect.stringContaining('A rescue has frozen cell') });
    expect(world.records()).toEqual(records);
  });

  it('moves the roots back from the plan that a person names, once', async () => {
    const world = await secondPlanLive();
    const first = await rescue(world, 'ana', goingBack);
    if (first.type !== 'done') throw new Error('nothing was rolled back');
    const from = shortDigest(planDigest(first.plan));
    const forward = (writer: Writer, clock: Clock) =>
      rescueToRollback(writer, clock, { from, wait: waitOf({ clock }) });
    expect(await rescue(world, 'bo', forward)).toMatchObject({ type: 'done', moved: [API] });
    expect(answers(world, API)).toEqual(AFTER);
    expect(await rescue(world, 'cy', forward)).toMatchObject({ type: 'done', moved: [] });
    expect(await rescue(world, 'di', goingBack)).toMatchObject({ type: 'done', moved: [] });
    expect(answers(world, API)).toEqual(AFTER);
  });

  it.each([
    ['0123456789ab', 'are not at plan 0123456789ab'],
    ['yesterday', 'is not a digest'],
  ])('refuses to leave %s', async (from, says) => {
    const world = await secondPlanLive();
    const records = world.records();
    expect(
      await rescue(world, 'ana', (writer, clock) =>
        rescueToRollback(writer, clock, { from, wait: waitOf({ clock }) }),
      ),
    ).toEqual({
      type: 'refused',
      reason: expect.stringContaining(says),
    });
    expect(world.records()).toEqual(records);
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
