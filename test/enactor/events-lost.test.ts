import { describe, expect, it } from 'vitest';
import type { Fence } from '../../lib/plan/fence.ts';
import { fenceRecord, readFenceRecords } from '../../lib/plan/fence.ts';
import { fenceName } from '../../lib/plan/owned-names.ts';
import type { RecordSet } from '../../lib/plan/records.ts';
import { create, remove } from '../../lib/plan/records.ts';
import type { SimulatedWorld } from '../../lib/simulator/engine/simulated-world.ts';
import { auditNow } from '../support/auditing.ts';
import { finish } from '../support/drive.ts';
import { applyNewest, newPlan, worldWithPlanToApply } from '../support/scenario.ts';

const LOST = { number: 900, digits: '0badf00d0bad' };

function fenceIn(world: SimulatedWorld): { readonly record: RecordSet; readonly fence: Fence } {
  const there = world.records().filter(({ name }) => name === fenceName(world.scope));
  const reading = readFenceRecords(there);
  const [record] = there;
  if (reading.type !== 'fence' || record === undefined) throw new Error('there is no fence');
  return { record, fence: reading.fence };
}

/** The zone as it stands once the ledger has lost its newest events, or has other ones. */
function name(world: SimulatedWorld, head: Fence['head']): void {
  const { record, fence } = fenceIn(world);
  const { head: _, ...unmarked } = fence;
  const forged = { ...unmarked, nonce: 'byhand00', ...(head === undefined ? {} : { head }) };
  world.tamper([remove(record), create(fenceRecord(forged, world.scope))]);
}

async function typesOf(world: SimulatedWorld) {
  const range = { after: 0, limit: 1_000, order: 'forward' } as const;
  return (await world.ledger.events(world.scope.cell, range)).map(({ event }) => event.type);
}

async function sweep(world: SimulatedWorld, enactor: string): Promise<void> {
  await world.startEnactor(enactor, 'sweep');
  await finish(world, enactor);
}

describe('a fence in a cell of format 3', () => {
  it('names the event on which its flip was decided', async () => {
    const world = await worldWithPlanToApply();
    await applyNewest(world, 'enactor-2');
    const { head } = fenceIn(world).fence;
    const event = (
      await world.ledger.events(world.scope.cell, {
        after: (head?.number ?? 0) - 1,
        limit: 1,
        order: 'forward',
      })
    )[0];
    expect(event?.hash.slice(0, 12)).toBe(head?.digits);
    expect(event?.event.type).toBe('PlanStaged');
  });
});

describe('a ledger that lost the event that the fence names', () => {
  it('says so once, before anything else, and heals by itself', async () => {
    const world = await worldWithPlanToApply();
    name(world, LOST);
    const before = (await typesOf(world)).length;
    await sweep(world, 'enactor-one');
    await sweep(world, 'enactor-two');
    const types = await typesOf(world);
    expect(types[before]).toBe('LogContradicted');
    expect(types.filter((type) => type === 'LogContradicted')).toHaveLength(1);
    const { state } = world.ledger.peek(world.scope.cell);
    expect(state.contradicted).toMatchObject(LOST);
    expect(state.applied?.generation).toBe(state.goal?.generation);
    expect(fenceIn(world).fence.head?.number).toBeLessThan(LOST.number);
    expect(await auditNow(world)).toMatchObject({ type: 'clean' });
  });

  it('is noticed by an audit too, which records it', async () => {
    const world = await worldWithPlanToApply();
    await applyNewest(world, 'enactor-2');
    name(world, LOST);
    expect(await auditNow(world)).toMatchObject({
      type: 'contradicted',
      report: { contradiction: LOST, recorded: ['LogContradicted', 'ZoneSurveyed'] },
    });
    expect(await auditNow(world)).toMatchObject({ type: 'clean' });
  });

  it('is not cleaned by a janitor before an enactor has said so', async () => {
    const world = await worldWithPlanToApply();
    await applyNewest(world, 'enactor-2');
    await newPlan(world, 3);
    await applyNewest(world, 'enactor-3');
    name(world, LOST);
    await world.startJanitor('janitor');
    await finish(world, 'janitor');
    expect(world.scheduler.state('janitor')).toMatchObject({ outcome: { type: 'nothing' } });
    expect(fenceIn(world).fence.head).toEqual(LOST);
  });
});

describe('a ledger that has another event where the fence names one', () => {
  it('is noticed by an audit, which alone reads that event', async () => {
    const world = await worldWithPlanToApply();
    await applyNewest(world, 'enactor-2');
    const [first] = await world.ledger.events(world.scope.cell, { after: 0, limit: 1, order: 'forward' });
    name(world, { number: 1, digits: LOST.digits });
    expect(await auditNow(world)).toMatchObject({
      type: 'contradicted',
      report: { contradiction: { number: 1, digits: LOST.digits, found: first?.hash.slice(0, 12) } },
    });
  });
});
