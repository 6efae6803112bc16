import { describe, expect, it } from 'vitest';
import type { Ledger } from '../../lib/ledger/ledger.ts';
import { LedgerUnavailable } from '../../lib/ledger/ledger.ts';
import type { FreezeDeps } from '../../lib/operator/freeze.ts';
import { freeze } from '../../lib/operator/freeze.ts';
import type { OperatorZoneDeps } from '../../lib/operator/operator.ts';
import { parseFence } from '../../lib/plan/fence.ts';
import { fenceName } from '../../lib/plan/owned-names.ts';
import { simulatedWorld } from '../../lib/simulator/engine/simulated-world.ts';
import type { ChangeOutcome, Zone } from '../../lib/zone/zone.ts';
import { ZoneUnavailable } from '../../lib/zone/zone.ts';
import { finish, outcomeOf } from '../support/drive.ts';
import { waitOf } from '../support/fence-wait.ts';
import { newPlan, runUntil } from '../support/scenario.ts';
import { smallFleet } from '../support/small-fleet.ts';
import {
  begin,
  convergedWorld,
  deadLedger,
  enactNow,
  eventsSince,
  fenceOf,
  freezing,
  order,
  tamperFence,
  thawing,
} from './operator-world.ts';

const CELL = smallFleet().cell;

describe('freeze', () => {
  it('appends CellFrozen, advances the fence, and stops the next enactor', async () => {
    const world = await convergedWorld();
    const before = fenceOf(world);
    const { number } = world.ledger.peek(CELL);
    expect(await order(world, 'ana', freezing)).toEqual({ type: 'done', seq: before.seq + 1 });
    expect(fenceOf(world)).toMatchObject({
      frozen: true,
      seq: before.seq + 1,
      generation: before.generation,
      plan: before.plan,
      by: 'ana',
    });
    expect(await eventsSince(world, number)).toEqual([{ type: 'CellFrozen', reason: 'looking into it' }]);
    await newPlan(world, 2);
    expect(await enactNow(world, 'enactor')).toEqual({ type: 'frozen', by: 'ana' });
    expect(fenceOf(world).seq).toBe(before.seq + 1);
  });

  it('does both again when the cell is frozen already', async () => {
    const world = await convergedWorld();
    await order(world, 'ana', freezing);
    const { number } = world.ledger.peek(CELL);
    const { seq } = fenceOf(world);
    expect(await order(world, 'bo', freezing)).toEqual({ type: 'done', seq: seq + 1 });
    expect((await eventsSince(world, number)).map(({ type }) => type)).toEqual(['CellFrozen']);
    expect(fenceOf(world)).toMatchObject({ frozen: true, by: 'bo' });
  });

  it('goes after a fence that moves under it', async () => {
    const world = await convergedWorld();
    await newPlan(world, 2);
    await world.startEnactor('enactor', 'hint');
    await runUntil(world, 'enactor', 'zone.change', /flip/);
    await begin(world, 'ana', freezing);
    await runUntil(world, 'ana', 'zone.change', /freeze/);
    await world.scheduler.run('enactor');
    expect(fenceOf(world)).toMatchObject({ generation: 2, frozen: false });
    const { seq } = fenceOf(world);
    expect(await finish(world, 'ana')).toEqual({ type: 'done', seq: seq + 1 });
    expect(fenceOf(world)).toMatchObject({ generation: 2, frozen: true });
    expect(await finish(world, 'enactor')).toMatchObject({ type: 'applied', generation: 2 });
  });

  it('makes a flip that is in flight fail', async () => {
    const world = await convergedWorld();
    await newPlan(world, 2);
    await world.startEnactor('enactor', 'hint');
    await runUntil(world, 'enactor', 'zone.change', /flip/);
    await order(world, 'ana', freezing);
    expect(await finish(world, 'enactor')).toMatchObject({ type: 'frozen' });
    expect(fenceOf(world)).toMatchObject({ generation: 1, frozen: true });
  });

  it('freezes again what a thaw in flight has just thawed', async () => {
    const world = await convergedWorld();
    await order(world, 'ana', freezing);
    await begin(world, 'bo', thawing);
    await runUntil(world, 'bo', 'zone.change', /thaw/);
    await begin(world, 'cy', freezing);
    await runUntil(world, 'cy', 'zone.change', /freeze/);
    await world.scheduler.run('bo');
    expect(fenceOf(world).frozen).toBe(false);
    expect(await finish(world, 'cy')).toMatchObject({ type: 'done' });
    expect(fenceOf(world)).toMatchObject({ frozen: true, by: 'cy' });
    await finish(world, 'bo');
    await newPlan(world, 2);
    expect(await enactNow(world, 'enactor')).toMatchObject({ type: 'frozen' });
  });

  it('writes its fence once more when the answer was lost, to have a change to wait for', async () => {
    const world = await convergedWorld();
    const { seq } = fenceOf(world);
    await begin(world, 'ana', freezing);
    await runUntil(world, 'ana', 'zone.change', /freeze/);
    await world.scheduler.loseAnswer('ana');
    expect(await finish(world, 'ana')).toEqual({ type: 'done', seq: seq + 2 });
  });

  it('is not undone by its own batch that lands late', async () => {
    const world = await convergedWorld();
    const { seq } = fenceOf(world);
    await begin(world, 'ana', freezing);
    await runUntil(world, 'ana', 'zone.change', /freeze/);
    const late = await world.scheduler.timeout('ana');
    expect(await finish(world, 'ana')).toEqual({ type: 'done', seq: seq + 1 });
    const frozen = fenceOf(world);
    await world.scheduler.land(late);
    expect(fenceOf(world)).toEqual(frozen);
  });

  it('appends again when the answer to its append was lost, and then does the fence', async () => {
    const world = await convergedWorld();
    const { number } = world.ledger.peek(CELL);
    await begin(world, 'ana', freezing);
    await runUntil(world, 'ana', 'ledger.append', /CellFrozen/);
    await world.scheduler.loseAnswer('ana');
    expect(await finish(world, 'ana')).toMatchObject({ type: 'done' });
    expect((await eventsSince(world, number)).map(({ type }) => type)).toEqual(['CellFrozen', 'CellFrozen']);
  });

  it.each([
    ['missing', []],
    ['malformed', ['"v1 gen=7"']],
    ['two values', ['"a"', '"b"']],
  ])('puts a frozen fence where the fence is %s, at the goal and under no plan', async (_, values) => {
    const world = await convergedWorld();
    const { seq } = fenceOf(world);
    tamperFence(world, ...values);
    expect(await order(world, 'ana', freezing)).toEqual({ type: 'done', seq: seq + 1 });
    expect(fenceOf(world)).toMatchObject({ generation: 1, frozen: true, plan: '000000000000', seq: seq + 1 });
  });

  it('replaces a forged generation that nobody can have counted up to', async () => {
    const world = await convergedWorld();
    tamperFence(
      world,
      `"v1 gen=9000000 seq=5 plan=${'a'.repeat(12)} frozen=0 ledger=5be1c07a by=x n=abcdefgh"`,
    );
    expect(await order(world, 'ana', freezing)).toMatchObject({ type: 'done' });
    expect(fenceOf(world)).toMatchObject({ generation: 1, frozen: true });
  });

  it('freezes a cell that has no plan yet', async () => {
    const world = await simulatedWorld({ fleet: smallFleet(1) });
    expect(await order(world, 'ana', freezing)).toEqual({ type: 'done', seq: 1 });
    await world.plan();
    expect(await enactNow(world, 'enactor')).toEqual({ type: 'frozen', by: 'ana' });
    expect(await order(world, 'bo', thawing)).toMatchObject({ type: 'done', wasFrozen: true });
    expect(await enactNow(world, 'enactor-b')).toMatchObject({ type: 'applied' });
  });
});

/** What a person does whose batches Route 53 answers so. */
function answered(outcome: ChangeOutcome, verb: (deps: OperatorZoneDeps) => Promise<unknown>) {
  const seen = { batches: 0 };
  const perform = (deps: OperatorZoneDeps) => {
    const zone: Zone = {
      ...deps.writer.zone,
      change: async () => {
        seen.batches += 1;
        return outcome;
      },
    };
    return verb({ ...deps, writer: { ...deps.writer, zone } });
  };
  return { seen, perform };
}

describe('a freeze that does not come to both halves', () => {
  const words = 'InvalidChangeBatch: [a protection is in the way]';

  it('ends at once when Route 53 refuses, with its words, and says that the fence is not frozen', async () => {
    const world = await convergedWorld();
    const before = fenceOf(world);
    const { seen, perform } = answered({ type: 'rejected', reason: words }, freezing);
    const outcome = await order(world, 'ana', perform);
    expect(outcome).toEqual({ type: 'refused', reason: expect.stringContaining(`(${words})`) });
    expect(outcome).toMatchObject({
      reason: expect.stringMatching(
        /^Half of it is done: the log of cell use1-a has CellFrozen, but its fence is not frozen/,
      ),
    });
    expect(seen.batches).toBe(1);
    expect(fenceOf(world)).toEqual(before);
    expect(await order(world, 'bo', freezing)).toMatchObject({ type: 'done' });
  });

  it('ends after three batches without an answer that counts, and blames nobody', async () => {
    const world = await convergedWorld();
    const { seen, perform } = answered(
      { type: 'unknown', reason: 'ServiceUnavailable (status 503)' },
      freezing,
    );
    const outcome = await order(world, 'ana', perform);
    expect(outcome).toEqual({ type: 'unknown', reason: expect.stringContaining('(status 503)') });
    expect(outcome).not.toMatchObject({ reason: expect.stringMatching(/moved|who writes/) });
    expect(seen.batches).toBe(3);
  });

  it('says which half is done when Route 53 cannot be reached any more', async () => {
    const world = await convergedWorld();
    const outcome = await order(world, 'ana', (deps) => {
      const listRecords = () => Promise.reject(new ZoneUnavailable('Route 53 is away.'));
      return freezing({ ...deps, writer: { ...deps.writer, zone: { ...deps.writer.zone, listRecords } } });
    });
    expect(outcome).toEqual({
      type: 'unknown',
      reason: expect.stringMatching(
        /has CellFrozen, but whether its fence is frozen is not known.*Route 53 is away/,
      ),
    });
  });

  it('freezes the fence when the log may say that it is frozen, and the ledger is away since', async () => {
    const world = await convergedWorld();
    let appends = 0;
    const outcome = await order(world, 'ana', (deps) => {
      const ledger: Ledger = {
        ...deps.ledger,
        head: (cell) =>
          appends === 0 ? deps.ledger.head(cell) : Promise.reject(new LedgerUnavailable('away')),
        append: async () => {
          appends += 1;
          return { type: 'unknown', reason: 'an answer was lost' };
        },
      };
      return freezing({ ...deps, ledger });
    });
    expect(outcome).toEqual({
      type: 'unknown',
      reason: expect.stringMatching(
        /^Half of it is done: the fence .* is frozen .*whether the log has CellFrozen is not known/,
      ),
    });
    expect(fenceOf(world).frozen).toBe(true);
  });
});

describe('freeze --fence-only, with the ledger down', () => {
  const fenceOnly = (deps: FreezeDeps) => {
    const { ledger: _, ...without } = deps;
    return freeze(without, { cell: CELL, reason: 'the table is gone', fenceOnly: true, wait: waitOf(deps) });
  };

  it('freezes the fence and appends nothing', async () => {
    const world = await convergedWorld();
    const { number } = world.ledger.peek(CELL);
    const { seq } = fenceOf(world);
    expect(await order(world, 'ana', fenceOnly)).toEqual({ type: 'done', seq: seq + 1 });
    expect(fenceOf(world)).toMatchObject({ frozen: true, ledger: '5be1c07a', generation: 1 });
    expect(world.ledger.peek(CELL).number).toBe(number);
    await newPlan(world, 2);
    expect(await enactNow(world, 'enactor')).toEqual({ type: 'frozen', by: 'ana' });
  });

  it('leaves a fence of another ledger to that ledger, frozen', async () => {
    const world = await convergedWorld();
    const value = `"v1 gen=3 seq=9 plan=${'a'.repeat(12)} frozen=0 ledger=0badcafe by=x n=abcdefgh"`;
    tamperFence(world, value);
    expect(await order(world, 'ana', fenceOnly)).toEqual({ type: 'done', seq: 10 });
    expect(fenceOf(world)).toMatchObject({
      ...parseFence(value),
      seq: 10,
      frozen: true,
      by: 'ana',
      nonce: expect.any(String),
    });
  });

  it.each([
    ['missing', []],
    ['malformed', ['"v1 gen=7"']],
  ])('refuses a %s fence with a sentence, and writes nothing', async (state, values) => {
    const world = await convergedWorld();
    tamperFence(world, ...values);
    const before = world.records();
    expect(await order(world, 'ana', fenceOnly)).toEqual({
      type: 'refused',
      reason: expect.stringContaining(`The fence of cell use1-a is ${state}`),
    });
    expect(world.records()).toEqual(before);
  });

  it('refuses to do without a ledger what was not said to be without one', async () => {
    const world = await convergedWorld();
    const { seq } = fenceOf(world);
    const outcome = await order(world, 'ana', ({ ledger: _, ...without }) => freezing(without));
    expect(outcome).toMatchObject({ type: 'refused' });
    const down = { cell: CELL, reason: 'r' };
    await begin(world, 'bo', (deps) =>
      freeze({ ...deps, ledger: deadLedger('5be1c07a') }, { ...down, wait: waitOf(deps) }),
    );
    expect(() => outcomeOf(world, 'bo')).toThrow(LedgerUnavailable);
    expect(fenceOf(world).seq).toBe(seq);
  });

  it('is the whole of a freeze when it has to be given up: another writer that never stops', async () => {
    const world = await convergedWorld();
    let writes = 0;
    const outcome = await order(world, 'ana', (deps) => {
      const zone = {
        ...deps.writer.zone,
        listRecords: async (...request: Parameters<typeof deps.writer.zone.listRecords>) => {
          const page = await deps.writer.zone.listRecords(...request);
          const { nonce, ...fence } = fenceOf(world);
          writes += 1;
          tamperFence(
            world,
            `"v1 gen=${fence.generation} seq=${fence.seq + 1} plan=${fence.plan} frozen=0 ledger=${fence.ledger} by=x n=${String(writes).padStart(8, nonce.slice(0, 4))}"`,
          );
          return page;
        },
      };
      return fenceOnly({ ...deps, writer: { ...deps.writer, zone } });
    });
    expect(outcome).toEqual({ type: 'unknown', reason: expect.stringContaining('moved 50 times') });
    expect(world.records().filter(({ name }) => name === fenceName(world.scope))).toHaveLength(1);
  });
});
