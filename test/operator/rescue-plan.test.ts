import { describe, expect, it } from 'vitest';
import type { Writer } from '../../lib/cell/fenced-write.ts';
import { exportPlan } from '../../lib/operator/export-plan.ts';
import { rescuePlan } from '../../lib/operator/rescue-plan.ts';
import { NO_LEDGER } from '../../lib/plan/fence.ts';
import { dnsName } from '../../lib/plan/names.ts';
import type { Plan } from '../../lib/plan/plan.ts';
import { planDigest, shortDigest } from '../../lib/plan/plan.ts';
import { formatPlan, parseEditedPlan } from '../../lib/plan/plan-json.ts';
import type { RecordSet } from '../../lib/plan/records.ts';
import { create, remove } from '../../lib/plan/records.ts';
import type { Clock } from '../../lib/runtime/clock.ts';
import { instant } from '../../lib/runtime/clock.ts';
import type { SimulatedWorld } from '../../lib/simulator/engine/simulated-world.ts';
import { finish } from '../support/drive.ts';
import { newPlan, runUntil } from '../support/scenario.ts';
import { smallFleet } from '../support/small-fleet.ts';
import {
  answers,
  beginRescue,
  convergedWorld,
  enactNow,
  eventsSince,
  fenceOf,
  livePlan,
  rescue,
  roots,
  tamperFence,
} from './operator-world.ts';

const CELL = smallFleet().cell;
const API = dnsName('api.example.test');
const WEB = dnsName('web.example.test');
const FIRST_AID: RecordSet = { name: API, type: 'A', ttl: 60, values: ['198.51.100.9'] };

/** The goal's plan with another address for api's first target: what a person would write into the file. */
async function editedPlan(world: SimulatedWorld): Promise<Plan> {
  const plan = await livePlan(world);
  return {
    ...plan,
    endpoints: plan.endpoints.map((endpoint) => ({
      ...endpoint,
      leaves: endpoint.leaves.map((leaf) =>
        leaf.target === 'api-1' ? { ...leaf, values: ['192.0.2.77'] } : leaf,
      ),
    })),
  };
}

const rescuing =
  (world: SimulatedWorld, plan: Plan, more: { takeOver?: readonly (typeof API)[]; waitMs?: number } = {}) =>
  (writer: Writer, clock: Clock) =>
    rescuePlan(writer, clock, {
      plan,
      ...(more.takeOver === undefined ? {} : { takeOver: more.takeOver }),
      settings: { insyncPollMs: 2_000, unknownChangeMs: 300_000 },
      deadline: instant(world.time.now() + (more.waitMs ?? 600_000)),
    });

/** Everything that a finished rescue promises, and what automation makes of it. */
async function expectRescued(world: SimulatedWorld, plan: Plan): Promise<void> {
  expect(fenceOf(world)).toMatchObject({ frozen: true, plan: shortDigest(planDigest(plan)) });
  expect(fenceOf(world).by).toMatch(/^rescue/);
  expect(answers(world, API)).toEqual(['192.0.2.102', '192.0.2.77']);
  expect(answers(world, WEB)).toEqual(['192.0.2.201', '192.0.2.202']);
  expect(Object.values(roots(world)).every((tree) => /^r\d{6}\./.test(tree))).toBe(true);
  const records = world.records();
  expect(await enactNow(world, 'enactor-after')).toMatchObject({ type: 'frozen' });
  const events = await eventsSince(world, 0);
  expect(events.filter(({ type }) => type === 'RescueFound').at(-1)).toMatchObject({
    plan: shortDigest(planDigest(plan)),
    seq: fenceOf(world).seq,
  });
  expect(world.records()).toEqual(records);
}

describe('rescuePlan', () => {
  it('makes an intact cell answer as the file says, under a frozen fence of its own', async () => {
    const world = await convergedWorld();
    const plan = await editedPlan(world);
    const { seq } = fenceOf(world);
    const outcome = await rescue(world, 'ana', rescuing(world, plan));
    expect(outcome).toMatchObject({ type: 'done', seq: seq + 2, changed: true, digest: planDigest(plan) });
    expect(fenceOf(world)).toMatchObject({ generation: 1, ledger: '5be1c07a', by: 'rescue-ana' });
    await expectRescued(world, plan);
  });

  it('finds its own work done, and writes nothing but its fence the second time, to have a change to wait for', async () => {
    const world = await convergedWorld();
    const plan = await editedPlan(world);
    await rescue(world, 'ana', rescuing(world, plan));
    const withoutFence = () => world.records().filter(({ type }) => type !== 'TXT');
    const records = withoutFence();
    expect(await rescue(world, 'bo', rescuing(world, plan))).toMatchObject({ type: 'done', changed: false });
    expect(withoutFence()).toEqual(records);
  });

  it('brings back roots that were deleted', async () => {
    const world = await convergedWorld();
    const plan = await editedPlan(world);
    world.tamper(
      world
        .records()
        .filter(({ alias }) => alias !== undefined)
        .map(remove),
    );
    expect(answers(world, API)).toEqual([]);
    expect(await rescue(world, 'ana', rescuing(world, plan))).toMatchObject({ type: 'done' });
    await expectRescued(world, plan);
  });

  it('brings back a cell of which nothing is left', async () => {
    const world = await convergedWorld();
    const plan = await editedPlan(world);
    const made = world.records().filter(({ type }) => type !== 'NS' && type !== 'SOA');
    world.tamper(
      [
        ...made.filter(({ alias }) => alias !== undefined),
        ...made.filter(({ alias }) => alias === undefined),
      ].map(remove),
    );
    expect(await rescue(world, 'ana', rescuing(world, plan))).toMatchObject({ type: 'done', seq: 2 });
    expect(fenceOf(world)).toMatchObject({ ledger: NO_LEDGER, generation: 1 });
    await expectRescued(world, plan);
  });

  it.each([
    ['missing', [], { ledger: NO_LEDGER }],
    ['malformed', ['"v1 gen=x ledger=5be1c07a"'], { ledger: '5be1c07a' }],
    ['two values', ['"a"', '"b"'], { ledger: NO_LEDGER }],
    [
      'a silly generation',
      [`"v1 gen=9000000 seq=5 plan=${'a'.repeat(12)} frozen=0 ledger=5be1c07a by=x n=forged00"`],
      { ledger: '5be1c07a', generation: 1 },
    ],
    [
      'a forged generation that can be believed',
      [`"v1 gen=400 seq=5 plan=${'a'.repeat(12)} frozen=0 ledger=5be1c07a by=x n=forged00"`],
      { ledger: '5be1c07a', generation: 400, seq: 7 },
    ],
    [
      'frozen by an operator',
      [`"v1 gen=1 seq=5 plan=${'a'.repeat(12)} frozen=1 ledger=5be1c07a by=ana n=frozen00"`],
      { ledger: '5be1c07a', generation: 1, seq: 7 },
    ],
  ])('replaces a fence that is %s', async (_, values, expected) => {
    const world = await convergedWorld();
    const plan = await editedPlan(world);
    tamperFence(world, ...values);
    expect(await rescue(world, 'ana', rescuing(world, plan))).toMatchObject({ type: 'done' });
    expect(fenceOf(world)).toMatchObject(expected);
    await expectRescued(world, plan);
  });

  it('is never below a tree that the zone names', async () => {
    const world = await convergedWorld();
    await newPlan(world, 2);
    await enactNow(world, 'enactor');
    const plan = { ...(await editedPlan(world)), generation: 1 as Plan['generation'], parent: 0 };
    tamperFence(world);
    await rescue(world, 'ana', rescuing(world, plan));
    expect(fenceOf(world).generation).toBe(2);
  });

  it('replaces garbage at a root of an endpoint that left traces, without asking', async () => {
    const world = await convergedWorld();
    const plan = await editedPlan(world);
    const root = world.records().filter(({ name }) => name === API);
    world.tamper([...root.map(remove), create(FIRST_AID)]);
    expect(await rescue(world, 'ana', rescuing(world, plan))).toMatchObject({ type: 'done' });
    await expectRescued(world, plan);
  });

  it('replaces nothing that may be somebody else\u2019s unless it is named', async () => {
    const world = await convergedWorld();
    const plan = await editedPlan(world);
    const apis = world.records().filter(({ name }) => name === API || name.includes('.api.'));
    const aliases = apis.filter(({ alias }) => alias !== undefined);
    world.tamper([...aliases, ...apis.filter((record) => !aliases.includes(record))].map(remove));
    world.tamper([create(FIRST_AID)]);
    const before = world.records();
    expect(await rescue(world, 'ana', rescuing(world, plan))).toEqual({
      type: 'refused',
      reason: expect.stringContaining('nothing in the zone shows that they are Pawl'),
    });
    expect(world.records()).toEqual(before);
    const named = rescuing(world, plan, { takeOver: [API] });
    expect(await rescue(world, 'bo', named)).toMatchObject({ type: 'done' });
    await expectRescued(world, plan);
  });

  it('leaves endpoints alone that the file does not name', async () => {
    const world = await convergedWorld();
    const whole = await editedPlan(world);
    const plan = { ...whole, endpoints: whole.endpoints.filter(({ name }) => name === API) };
    const before = roots(world)[`${WEB} A`];
    expect(await rescue(world, 'ana', rescuing(world, plan))).toMatchObject({ type: 'done' });
    expect(roots(world)[`${WEB} A`]).toBe(before);
    expect(answers(world, API)).toEqual(['192.0.2.102', '192.0.2.77']);
  });

  it('makes an enactor in flight lose, whatever it was about to send', async () => {
    const world = await convergedWorld();
    const plan = await editedPlan(world);
    await newPlan(world, 2);
    await world.startEnactor('enactor', 'hint');
    await runUntil(world, 'enactor', 'zone.change', /flip/);
    expect(await rescue(world, 'ana', rescuing(world, plan))).toMatchObject({ type: 'done' });
    expect(await finish(world, 'enactor')).toMatchObject({ type: 'frozen' });
    await expectRescued(world, plan);
  });

  it('begins anew when an enactor moves the fence before it is frozen', async () => {
    const world = await convergedWorld();
    const plan = await editedPlan(world);
    await newPlan(world, 2);
    await world.startEnactor('enactor', 'hint');
    await runUntil(world, 'enactor', 'zone.change', /flip/);
    await beginRescue(world, 'ana', rescuing(world, plan));
    await runUntil(world, 'ana', 'zone.change', /freeze/);
    await world.scheduler.run('enactor');
    expect(await finish(world, 'ana')).toMatchObject({ type: 'done' });
    expect(fenceOf(world).generation).toBe(2);
    await finish(world, 'enactor');
    expect(answers(world, API)).toEqual(['192.0.2.102', '192.0.2.77']);
  });

  it.each(['freeze', 'stage', 'flip'])('survives a lost answer to its %s', async (kind) => {
    const world = await convergedWorld();
    const plan = await editedPlan(world);
    await beginRescue(world, 'ana', rescuing(world, plan));
    await runUntil(world, 'ana', 'zone.change', new RegExp(`^${kind}`));
    await world.scheduler.loseAnswer('ana');
    expect(await finish(world, 'ana')).toMatchObject({ type: 'done' });
    await expectRescued(world, plan);
  });

  it.each(['freeze', 'stage', 'flip'])('is not harmed by its own %s that lands late', async (kind) => {
    const world = await convergedWorld();
    const plan = await editedPlan(world);
    await beginRescue(world, 'ana', rescuing(world, plan));
    await runUntil(world, 'ana', 'zone.change', new RegExp(`^${kind}`));
    const late = await world.scheduler.timeout('ana');
    expect(await finish(world, 'ana')).toMatchObject({ type: 'done' });
    const records = world.records();
    await world.scheduler.land(late);
    expect(world.records()).toEqual(records);
    await expectRescued(world, plan);
  });

  it('moves no root before the staged trees are everywhere', async () => {
    const world = await convergedWorld();
    const plan = await editedPlan(world);
    const before = roots(world);
    expect(await rescue(world, 'ana', rescuing(world, plan, { waitMs: 10_000 }))).toEqual({
      type: 'refused',
      reason: expect.stringContaining('have not reached every name server'),
    });
    expect(roots(world)).toEqual(before);
    expect(fenceOf(world).frozen).toBe(true);
    expect(await rescue(world, 'bo', rescuing(world, plan))).toMatchObject({ type: 'done' });
  });

  it('gives up when it is overtaken again and again', async () => {
    const world = await convergedWorld();
    const plan = await editedPlan(world);
    let writes = 0;
    const outcome = await rescue(world, 'ana', (writer, clock) => {
      const zone: Writer['zone'] = {
        ...writer.zone,
        change: async (batch) => {
          const { generation, seq, plan: digest, ledger } = fenceOf(world);
          writes += 1;
          const nonce = `other${String(writes).padStart(3, '0')}`;
          tamperFence(
            world,
            `"v1 gen=${generation} seq=${seq + 1} plan=${digest} frozen=0 ledger=${ledger} by=x n=${nonce}"`,
          );
          return writer.zone.change(batch);
        },
      };
      return rescuing(world, plan)({ ...writer, zone }, clock);
    });
    expect(outcome).toEqual({ type: 'unknown', reason: expect.stringContaining('8 attempts') });
  });

  it('ends at the second refusal under a fence that nobody moved, with the words of Route 53', async () => {
    const world = await convergedWorld();
    const plan = await editedPlan(world);
    let batches = 0;
    const outcome = await rescue(world, 'ana', (writer, clock) => {
      const zone: Writer['zone'] = {
        ...writer.zone,
        change: async () => {
          batches += 1;
          return { type: 'rejected', reason: 'InvalidChangeBatch: [a protection is in the way]' };
        },
      };
      return rescuing(world, plan)({ ...writer, zone }, clock);
    });
    expect(outcome).toEqual({
      type: 'refused',
      reason: expect.stringContaining('(InvalidChangeBatch: [a protection is in the way])'),
    });
    expect(batches).toBe(2);
  });

  it('ends after three batches without an answer that counts', async () => {
    const world = await convergedWorld();
    const plan = await editedPlan(world);
    let batches = 0;
    const outcome = await rescue(world, 'ana', (writer, clock) => {
      const zone: Writer['zone'] = {
        ...writer.zone,
        change: async () => {
          batches += 1;
          return { type: 'unknown', reason: 'ServiceUnavailable (status 503)' };
        },
      };
      return rescuing(world, plan)({ ...writer, zone }, clock);
    });
    expect(outcome).toEqual({ type: 'unknown', reason: expect.stringContaining('(status 503)') });
    expect(batches).toBe(3);
  });

  it('refuses the plan of another cell, an empty one, and one that Route 53 would not take', async () => {
    const world = await convergedWorld();
    const plan = await editedPlan(world);
    const before = world.records();
    const bad: readonly Plan[] = [
      { ...plan, cell: 'use1-b' as Plan['cell'] },
      { ...plan, zoneId: 'Z0' },
      { ...plan, endpoints: [] },
      { ...plan, endpoints: plan.endpoints.map((endpoint) => ({ ...endpoint, leaves: [] })) },
    ];
    for (const [index, wrong] of bad.entries()) {
      expect(await rescue(world, `ana-${index}`, rescuing(world, wrong))).toMatchObject({ type: 'refused' });
    }
    expect(world.records()).toEqual(before);
  });
});

describe('exportPlan', () => {
  const exporting = (writer: Writer) => exportPlan(writer, {});

  it('rebuilds the plan that is live, trees and all, and writes nothing', async () => {
    const world = await convergedWorld();
    const digest = world.ledger.peek(CELL).state.goal?.digest ?? '';
    const applied = JSON.parse(await world.ledger.getBody(CELL, digest)) as Plan;
    const before = world.records();
    const outcome = await rescue(world, 'ana', exporting);
    expect(outcome).toMatchObject({ type: 'done', guessed: [], leftOut: [] });
    if (outcome.type !== 'done') throw new Error('nothing was exported');
    const content = (plan: Plan) =>
      plan.endpoints.map(({ leaves, ...endpoint }) => ({
        ...endpoint,
        leaves: leaves.map(({ capacity: _, ...leaf }) => leaf),
      }));
    expect(content(outcome.plan)).toEqual(content(applied));
    expect(outcome.plan.generation).toBe(1);
    expect(world.records()).toEqual(before);
  });

  it('guesses the tree of a root that was deleted, and says so', async () => {
    const world = await convergedWorld();
    await newPlan(world, 2);
    await enactNow(world, 'enactor');
    const live = roots(world);
    world.tamper(
      world
        .records()
        .filter(({ name }) => name === API)
        .map(remove),
    );
    const outcome = await rescue(world, 'ana', exporting);
    expect(outcome).toMatchObject({
      type: 'done',
      guessed: [{ name: API, reason: expect.stringContaining('g000002 is the likeliest') }],
    });
    if (outcome.type !== 'done') throw new Error('nothing was exported');
    expect(outcome.plan.endpoints.map(({ tree }) => tree)).toEqual([live[`${API} A`], live[`${WEB} A`]]);
  });

  it('leaves out what only trees are left of, unless it is asked for', async () => {
    const world = await convergedWorld();
    const aliases = world.records().filter(({ name, alias }) => alias !== undefined && name.includes('api.'));
    world.tamper(aliases.map(remove));
    expect(await rescue(world, 'ana', exporting)).toMatchObject({
      plan: { endpoints: [{ name: WEB }] },
      leftOut: [{ name: API, reason: expect.stringContaining('only trees are left') }],
    });
    expect(await rescue(world, 'bo', (writer) => exportPlan(writer, { orphans: true }))).toMatchObject({
      plan: { endpoints: [{ name: API }, { name: WEB }] },
      leftOut: [],
    });
  });

  it('is a file that rescues the cell it was made from', async () => {
    const world = await convergedWorld();
    const before = answers(world, API);
    const exported = await rescue(world, 'ana', exporting);
    if (exported.type !== 'done') throw new Error('nothing was exported');
    expect(parseEditedPlan(formatPlan(exported.plan))).toEqual({ type: 'plan', plan: exported.plan });
    world.tamper(
      world
        .records()
        .filter(({ name }) => name === API || name === WEB)
        .map(remove),
    );
    expect(await rescue(world, 'bo', rescuing(world, exported.plan))).toMatchObject({ type: 'done' });
    expect(answers(world, API)).toEqual(before);
  });

  it('has nothing to say of a zone without trees', async () => {
    const world = await convergedWorld();
    const made = world.records().filter(({ name }) => name !== 'example.test');
    world.tamper(
      [
        ...made.filter(({ alias }) => alias !== undefined),
        ...made.filter(({ alias }) => alias === undefined),
      ].map(remove),
    );
    expect(await rescue(world, 'ana', exporting)).toMatchObject({ type: 'refused' });
  });
});
