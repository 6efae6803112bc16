import { describe, expect, it } from 'vitest';
import { LedgerUnavailable } from '../../lib/ledger/ledger.ts';
import { NO_LEDGER } from '../../lib/plan/fence.ts';
import type { SimulatedWorld } from '../../lib/simulator/engine/simulated-world.ts';
import { finish } from '../support/drive.ts';
import { newPlan, runUntil } from '../support/scenario.ts';
import { smallFleet } from '../support/small-fleet.ts';
import {
  begin,
  convergedWorld,
  enactNow,
  eventsSince,
  fenceOf,
  freezing,
  order,
  tamperFence,
  thawing,
} from './operator-world.ts';

const CELL = smallFleet().cell;

async function frozenWorld(): Promise<SimulatedWorld> {
  const world = await convergedWorld();
  await order(world, 'ana', freezing);
  return world;
}

describe('thaw', () => {
  it('thaws the fence, then the log, and the cell moves again', async () => {
    const world = await frozenWorld();
    const { number } = world.ledger.peek(CELL);
    const before = fenceOf(world);
    expect(await order(world, 'bo', thawing)).toEqual({ type: 'done', seq: before.seq + 1, wasFrozen: true });
    expect(fenceOf(world)).toMatchObject({
      frozen: false,
      generation: before.generation,
      plan: before.plan,
      by: 'bo',
    });
    expect(await eventsSince(world, number)).toEqual([{ type: 'CellThawed' }]);
    await newPlan(world, 2);
    expect(await enactNow(world, 'enactor')).toMatchObject({ type: 'applied', generation: 2 });
  });

  it('ends when it loses its compare-and-swap, sends nothing again, and leaves the log frozen', async () => {
    const world = await frozenWorld();
    await begin(world, 'bo', thawing);
    await runUntil(world, 'bo', 'zone.change', /thaw/);
    await order(world, 'cy', freezing);
    const { number } = world.ledger.peek(CELL);
    const frozen = fenceOf(world);
    expect(await finish(world, 'bo')).toEqual({
      type: 'refused',
      reason: expect.stringContaining('moved while it was being thawed'),
    });
    expect(fenceOf(world)).toEqual(frozen);
    expect(world.ledger.peek(CELL).number).toBe(number);
  });

  it('appends nothing when somebody froze the cell after the fence was thawed', async () => {
    const world = await frozenWorld();
    await begin(world, 'bo', thawing);
    await runUntil(world, 'bo', 'ledger.append', /CellThawed/);
    world.time.advanceTo(world.time.now() + 1);
    await order(world, 'cy', freezing);
    const { number } = world.ledger.peek(CELL);
    expect(await finish(world, 'bo')).toEqual({
      type: 'refused',
      reason: expect.stringContaining('froze cell use1-a again'),
    });
    expect(world.ledger.peek(CELL).number).toBe(number);
    expect(world.ledger.peek(CELL).state.frozen).toMatchObject({ by: 'cy' });
    expect(fenceOf(world)).toMatchObject({ frozen: true, by: 'cy' });
  });

  it('goes on when its batch landed and only the answer was lost', async () => {
    const world = await frozenWorld();
    await begin(world, 'bo', thawing);
    await runUntil(world, 'bo', 'zone.change', /thaw/);
    await world.scheduler.loseAnswer('bo');
    expect(await finish(world, 'bo')).toMatchObject({ type: 'done', wasFrozen: true });
    expect(world.ledger.peek(CELL).state.frozen).toBeNull();
  });

  it('says that it does not know when its batch may land yet', async () => {
    const world = await frozenWorld();
    const { number } = world.ledger.peek(CELL);
    await begin(world, 'bo', thawing);
    await runUntil(world, 'bo', 'zone.change', /thaw/);
    await world.scheduler.timeout('bo');
    expect(await finish(world, 'bo')).toMatchObject({ type: 'unknown' });
    expect(world.ledger.peek(CELL)).toMatchObject({
      number: number + 1,
      last: { event: { type: 'CellThawed' } },
    });
    expect(fenceOf(world).frozen).toBe(true);
  });

  it('moves the fence that somebody thawed by hand, so that no frozen one on its way lands after it', async () => {
    const world = await frozenWorld();
    const { generation, seq, plan, ledger } = fenceOf(world);
    tamperFence(
      world,
      `"v1 gen=${generation} seq=${seq} plan=${plan} frozen=0 ledger=${ledger} by=x n=byhand00"`,
    );
    expect(await order(world, 'bo', thawing)).toEqual({ type: 'done', seq: seq + 1, wasFrozen: true });
    expect(world.ledger.peek(CELL).state.frozen).toBeNull();
    expect(fenceOf(world)).toMatchObject({ seq: seq + 1, frozen: false });
  });

  it('has nothing to do in a cell that is not frozen', async () => {
    const world = await convergedWorld();
    const { number } = world.ledger.peek(CELL);
    const { seq } = fenceOf(world);
    expect(await order(world, 'bo', thawing)).toEqual({ type: 'done', seq, wasFrozen: false });
    expect(world.ledger.peek(CELL).number).toBe(number);
  });

  it('thaws the log of a cell whose fence was deleted', async () => {
    const world = await frozenWorld();
    tamperFence(world);
    expect(await order(world, 'bo', thawing)).toEqual({ type: 'done', seq: 0, wasFrozen: true });
    expect(await enactNow(world, 'enactor')).toMatchObject({ type: 'applied', generation: 1 });
  });

  it('refuses the fence of another ledger, and takes over one that is nobody\u2019s', async () => {
    const world = await frozenWorld();
    const value = (ledger: string) =>
      `"v1 gen=1 seq=9 plan=${'a'.repeat(12)} frozen=1 ledger=${ledger} by=rescue-x n=byhand00"`;
    tamperFence(world, value('0badcafe'));
    expect(await order(world, 'bo', thawing)).toEqual({
      type: 'refused',
      reason: expect.stringContaining('belongs to ledger 0badcafe'),
    });
    tamperFence(world, value(NO_LEDGER));
    expect(await order(world, 'cy', thawing)).toEqual({ type: 'done', seq: 10, wasFrozen: true });
    expect(fenceOf(world)).toMatchObject({ ledger: '5be1c07a', frozen: false });
    expect(await enactNow(world, 'enactor')).toMatchObject({ type: 'applied', generation: 1 });
  });
});

describe('a thaw that does not come to both halves', () => {
  it('ends at once when Route 53 refuses, with its words', async () => {
    const world = await frozenWorld();
    const { number } = world.ledger.peek(CELL);
    const outcome = await order(world, 'bo', (deps) => {
      const change = async () => ({ type: 'rejected', reason: 'InvalidChangeBatch: [protected]' }) as const;
      return thawing({ ...deps, writer: { ...deps.writer, zone: { ...deps.writer.zone, change } } });
    });
    expect(outcome).toEqual({
      type: 'refused',
      reason: expect.stringContaining('nobody else has moved it (InvalidChangeBatch: [protected])'),
    });
    expect(fenceOf(world).frozen).toBe(true);
    expect(world.ledger.peek(CELL).number).toBe(number + 1);
  });

  it('leaves the fence frozen when the log cannot be told', async () => {
    const world = await frozenWorld();
    const outcome = order(world, 'bo', (deps) => {
      const append = () => Promise.reject(new LedgerUnavailable('The table is away.'));
      return thawing({ ...deps, ledger: { ...deps.ledger, append } });
    });
    await expect(outcome).rejects.toThrow(LedgerUnavailable);
    expect(fenceOf(world).frozen).toBe(true);
    expect(await order(world, 'cy', thawing)).toMatchObject({ type: 'done', wasFrozen: true });
  });
});
