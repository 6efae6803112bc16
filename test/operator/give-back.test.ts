import { describe, expect, it } from 'vitest';
import { GIVEN_BACK, GIVING_BACK } from '../../lib/cell/given-back.ts';
import { giveBack } from '../../lib/operator/give-back.ts';
import type { OperatorZoneDeps, Outcome } from '../../lib/operator/operator.ts';
import { resumePlanner } from '../../lib/operator/pause.ts';
import { dnsName } from '../../lib/plan/names.ts';
import { ownedSubtree } from '../../lib/plan/owned-names.ts';
import type { RecordSet } from '../../lib/plan/records.ts';
import { create, remove } from '../../lib/plan/records.ts';
import type { SimulatedWorld } from '../../lib/simulator/engine/simulated-world.ts';
import { siteOf } from '../../lib/simulator/ports/port-call.ts';
import { silentTelemetry } from '../../lib/telemetry/telemetry.ts';
import { finish } from '../support/drive.ts';
import { waitOf } from '../support/fence-wait.ts';
import { letTimePass, newPlan, runCalls } from '../support/scenario.ts';
import { smallFleet } from '../support/small-fleet.ts';
import {
  answers,
  convergedWorld,
  enactNow,
  eventsSince,
  fenceOf,
  freezing,
  order,
  planRoutinely,
  roots,
  tamperFence,
  thawing,
} from './operator-world.ts';

const CELL = smallFleet().cell;
const API = dnsName('api.example.test');
const WEB = dnsName('web.example.test');

const giving =
  (apply = true) =>
  (deps: OperatorZoneDeps) =>
    giveBack(deps, { cell: CELL, apply, waits: () => waitOf(deps) });

type Given = Awaited<ReturnType<typeof giveBack>>;

/** Starts somebody who gives the cell back, suspended at their first call. */
function beginGiving(world: SimulatedWorld, name: string, apply = true): Promise<void> {
  return world.startActor(name, 'give-back', (ports) =>
    giving(apply)({ ...ports, randomness: ports.writer.randomness, telemetry: silentTelemetry, name }),
  );
}

async function give(world: SimulatedWorld, name: string, apply = true): Promise<Given> {
  await beginGiving(world, name, apply);
  return (await finish(world, name)) as Given;
}

/** How many calls it takes. */
async function callsOfGiving(world: SimulatedWorld): Promise<number> {
  const before = world.scheduler.steps().length;
  await give(world, 'ana');
  return world.scheduler.steps().length - before;
}

const refusal = (words: string): Outcome<never> => ({
  type: 'refused',
  reason: expect.stringContaining(words),
});

/** Every record of the zone that is below the cell's own names, or points there. */
function pawls(world: SimulatedWorld): readonly string[] {
  const subtree = ownedSubtree(world.scope);
  const isInside = (name: string) => name.endsWith(subtree);
  return world
    .records()
    .filter(({ name, alias }) => isInside(name) || (alias !== undefined && isInside(alias.name)))
    .map(({ name, type }) => `${name} ${type}`);
}

const at = (world: SimulatedWorld, name: string): readonly RecordSet[] =>
  world.records().filter((record) => record.name === name);

/** What the plain records at a name answer. */
const plainly = (world: SimulatedWorld, name: string): readonly string[] =>
  at(world, name)
    .flatMap(({ values }) => values ?? [])
    .sort();

async function convergedTwice(): Promise<SimulatedWorld> {
  const world = await convergedWorld();
  await newPlan(world, 2);
  await enactNow(world, 'enactor-second');
  letTimePass(world);
  return world;
}

describe('giveBack', () => {
  it('leaves plain records that answer the same, and nothing of Pawl\u2019s', async () => {
    const world = await convergedTwice();
    const before = [API, WEB].map((name) => answers(world, name));
    expect(await give(world, 'ana')).toMatchObject({ type: 'done', change: 'given-back', batches: 3 });
    expect([API, WEB].map((name) => plainly(world, name))).toEqual(before);
    expect(pawls(world)).toEqual([]);
    expect(at(world, API)).toMatchObject([
      { type: 'A', setIdentifier: 'api-1', weight: 255, ttl: 60 },
      { type: 'A', setIdentifier: 'api-2', weight: 255, ttl: 60 },
    ]);
  });

  it('says first that it begins, and last that nothing is left', async () => {
    const world = await convergedWorld();
    const { number } = world.ledger.peek(CELL);
    await give(world, 'ana');
    expect(await eventsSince(world, number)).toEqual([
      { type: 'PlannerPaused', reason: GIVING_BACK },
      { type: 'CellFrozen', reason: GIVING_BACK },
      expect.objectContaining({ type: 'PlanApplied', generation: 1, seq: 5, reason: 'observed' }),
      { type: 'CellFrozen', reason: GIVEN_BACK },
    ]);
    expect(await give(world, 'bo')).toMatchObject({ change: 'already', names: [], inside: 0 });
  });

  it('shows what would stand there and writes nothing without apply', async () => {
    const world = await convergedWorld();
    const { number } = world.ledger.peek(CELL);
    const before = world.records();
    expect(await give(world, 'ana', false)).toMatchObject({
      change: 'shown',
      names: [
        { name: API, records: [{ name: API }, { name: API }] },
        { name: WEB, records: [{ name: WEB }, { name: WEB }] },
      ],
    });
    expect(world.records()).toEqual(before);
    expect(world.ledger.peek(CELL).number).toBe(number);
  });

  it('is left alone by enactors, janitors and planners', async () => {
    const world = await convergedTwice();
    await give(world, 'ana');
    const after = world.records();
    const { number } = world.ledger.peek(CELL);
    expect(await enactNow(world, 'enactor')).toMatchObject({ type: 'frozen' });
    await world.startJanitor('janitor');
    expect(await finish(world, 'janitor')).toMatchObject({ type: 'nothing' });
    expect(await planRoutinely(world)).toMatchObject({ type: 'paused' });
    expect(world.records()).toEqual(after);
    expect(world.ledger.peek(CELL).number).toBe(number);
  });

  it('is taken back by a thaw, without a gap', async () => {
    const world = await convergedWorld();
    const before = roots(world);
    await give(world, 'ana');
    await order(world, 'bo', thawing);
    expect(await enactNow(world, 'enactor')).toMatchObject({ type: 'applied' });
    await order(world, 'cy', (deps) => resumePlanner(deps, { cell: CELL }));
    letTimePass(world);
    expect(await enactNow(world, 'enactor-again')).toMatchObject({ type: 'converged' });
    expect(roots(world)).toEqual(before);
    expect(fenceOf(world)).toMatchObject({ frozen: false });
  });

  it('refuses a cell that somebody froze, and leaves it frozen', async () => {
    const world = await convergedWorld();
    await order(world, 'ana', freezing);
    const before = world.records();
    expect(await give(world, 'bo')).toEqual(refusal('is frozen by ana (looking into it)'));
    expect(world.records()).toEqual(before);
  });

  it('refuses while a fence is not at the applied plan, of another ledger, or missing', async () => {
    const world = await convergedWorld();
    tamperFence(world, `"v1 gen=30 seq=40 plan=${'a'.repeat(12)} frozen=0 ledger=0badcafe by=x n=theirs00"`);
    expect(await give(world, 'ana')).toEqual(refusal('belongs to ledger 0badcafe'));
    tamperFence(world, `"v1 gen=1 seq=40 plan=${'a'.repeat(12)} frozen=0 ledger=5be1c07a by=x n=hand0000"`);
    expect(await give(world, 'bo')).toEqual(refusal('(altered)'));
    tamperFence(world);
    expect(await give(world, 'cy')).toEqual(refusal('is missing'));
    expect(world.ledger.peek(CELL).state.frozen).toBeNull();
  });

  it('refuses while an alias of somebody else points at what would go', async () => {
    const world = await convergedWorld();
    const { zoneId } = world.scope;
    const name = dnsName('shop.example.test');
    const tree = dnsName('g000001.api.use1-a._pawl.example.test');
    world.tamper([create({ name, type: 'A', alias: { zoneId, name: tree, evaluateTargetHealth: true } })]);
    expect(await give(world, 'ana')).toEqual(refusal(`shop.example.test A is an alias of ${tree}`));
    expect(world.ledger.peek(CELL).state.frozen).toBeNull();
  });

  it('goes on wherever a death has left it, and answers at every commit', async () => {
    const whole = await convergedTwice();
    const before = [API, WEB].map((name) => answers(whole, name));
    const calls = await callsOfGiving(await convergedTwice());
    expect(calls).toBeGreaterThan(20);
    for (let call = 0; call < calls; call += 1) {
      for (const commits of ['before', 'after'] as const) {
        const world = whole.copy();
        await beginGiving(world, 'ana');
        await runCalls(world, 'ana', call);
        const left = await world.scheduler.crash('ana');
        if (commits === 'after' && left.request !== undefined) await world.scheduler.land(left);
        expect(await give(world, 'bo'), `died ${commits} call ${call}`).toMatchObject({ type: 'done' });
        expect([API, WEB].map((name) => plainly(world, name))).toEqual(before);
        expect(pawls(world)).toEqual([]);
        expect(world.ledger.peek(CELL).state.frozen).toMatchObject({ reason: GIVEN_BACK });
      }
    }
  });

  it('stops where somebody thaws the cell meanwhile, and an enactor makes it whole again', async () => {
    const world = await convergedWorld();
    const before = roots(world);
    await beginGiving(world, 'ana');
    for (;;) {
      const call = world.scheduler.pending('ana');
      if (call === undefined) throw new Error('ana ended before anything was cleared');
      if (siteOf(call) === 'zone.change clear') break;
      await world.scheduler.run('ana');
    }
    await order(world, 'bo', thawing);
    expect(await finish(world, 'ana')).toEqual(refusal('Somebody thawed cell use1-a'));
    letTimePass(world);
    await enactNow(world, 'enactor');
    expect(roots(world)).toEqual(before);
  });

  it('refuses where a tree could never go beside the plain records that prove it useless', async () => {
    const world = await convergedWorld();
    const large = (record: RecordSet) => ({ ...record, values: manyAddresses() });
    const leaves = world.records().filter(({ name, type }) => name.includes('.api.') && type === 'A');
    const before = leaves.filter(({ values }) => values !== undefined);
    world.tamper([...before.map(remove), ...before.map(large).map(create)]);
    expect(await give(world, 'ana')).toEqual(refusal('has the plain records of api.example.test twice'));
    expect(world.ledger.peek(CELL).state.frozen).toBeNull();
  });

  it('ends where a hand has made what stands there too large for the batches that are left', async () => {
    const world = await convergedWorld();
    await beginGiving(world, 'ana');
    for (;;) {
      const call = world.scheduler.pending('ana');
      if (call === undefined) throw new Error('ana ended before anything was cleared');
      if (siteOf(call) === 'zone.change clear') break;
      await world.scheduler.run('ana');
    }
    await world.scheduler.crash('ana');
    const plain = at(world, API);
    world.tamper([
      ...plain.map(remove),
      ...plain.map((record) => create({ ...record, values: manyAddresses() })),
    ]);
    expect(await give(world, 'bo')).toEqual(refusal('has the plain records of api.example.test twice'));
  });
});

/** As many as make two records of them fit once into a batch, and not twice. */
function manyAddresses(): readonly string[] {
  return Array.from({ length: 300 }, (_, index) => `198.51.${Math.floor(index / 250)}.${(index % 250) + 1}`);
}
