import { describe, expect, it } from 'vitest';
import { retire } from '../../lib/janitor/retire.ts';
import type { LedgerEvent } from '../../lib/ledger/decider/events.ts';
import { execute } from '../../lib/ledger/execute.ts';
import { boundedReading, fenceRecord, readFenceRecords } from '../../lib/plan/fence.ts';
import { fenceName } from '../../lib/plan/owned-names.ts';
import type { Change } from '../../lib/plan/records.ts';
import { create, remove } from '../../lib/plan/records.ts';
import type { SimulatedWorld } from '../../lib/simulator/engine/simulated-world.ts';
import { finish } from '../support/drive.ts';
import { forgetful } from '../support/forgetful-zone.ts';
import { asking } from '../support/ledger-events.ts';
import type { SentBatch } from '../support/refusing-zone.ts';
import { REFUSAL, reasserts, refusingZone } from '../support/refusing-zone.ts';
import {
  applyNewest,
  letTimePass,
  newPlan,
  retireOld,
  runUntil,
  worldWithPlanToApply,
} from '../support/scenario.ts';

/** A world in which the tree of generation 1 for api is no longer needed by anything. */
async function worldWithOldTree(): Promise<SimulatedWorld> {
  const world = await worldWithPlanToApply();
  await applyNewest(world, 'second');
  await newPlan(world, 3);
  await applyNewest(world, 'third');
  return world;
}

const labels = (world: SimulatedWorld) =>
  world
    .records()
    .filter(({ name, type }) => type === 'A' && /^[gr]\d{6}\.api\./.test(name))
    .map(({ name }) => name.slice(0, 7));

const types = async (world: SimulatedWorld, after: number) =>
  (await world.ledger.events(world.scope.cell, { after, limit: 100, order: 'forward' })).map(
    ({ event }) => event.type,
  );

async function append(world: SimulatedWorld, event: LedgerEvent): Promise<void> {
  await execute(world.ledger, world.scope.cell, { at: () => world.time.now(), by: 'operator' }, () =>
    asking(event),
  );
}

/** Writes over the fence by hand. */
function forge(world: SimulatedWorld, change: Partial<Parameters<typeof fenceRecord>[0]>): void {
  const there = world.records().filter(({ name }) => name === fenceName(world.scope));
  const reading = boundedReading(readFenceRecords(there), 1);
  if (reading.type !== 'fence') throw new Error('there is no fence');
  world.tamper([...there.map(remove), create(fenceRecord({ ...reading.fence, ...change }, world.scope))]);
}

describe('a janitor', () => {
  it('tells the log first, then deletes what nothing needs, and says what its batch made of the fence', async () => {
    const world = await worldWithOldTree();
    const { number } = world.ledger.peek(world.scope.cell);
    expect(new Set(labels(world))).toEqual(new Set(['g000001', 'g000002', 'g000003']));
    expect(await retireOld(world, 'janitor')).toEqual({
      type: 'retired',
      names: ['g000001.api.use1-a._pawl.example.test'],
      seq: expect.any(Number),
    });
    expect(new Set(labels(world))).toEqual(new Set(['g000002', 'g000003']));
    expect(await types(world, number)).toEqual(['TreesRetired', 'PlanApplied']);
  });

  it('has nothing to do a second time', async () => {
    const world = await worldWithOldTree();
    await retireOld(world, 'janitor');
    world.time.advanceTo(world.time.now() + 3_600_000);
    expect(await retireOld(world, 'again')).toEqual({
      type: 'nothing',
      reason: 'every tree in the zone is needed',
    });
  });

  it('waits until the last flip has reached every name server', async () => {
    const world = await worldWithOldTree();
    await newPlan(world, 4);
    await world.startEnactor('fourth', 'sweep');
    await finish(world, 'fourth');
    expect(await retireOld(world, 'janitor')).toEqual({
      type: 'nothing',
      reason: 'the last flip has not reached every name server',
      pending: true,
    });
  });

  it.each([
    [
      'the cell is frozen',
      'the cell is frozen',
      (world: SimulatedWorld) => append(world, { type: 'CellFrozen', reason: 'x' }),
    ],
    [
      'the fence is frozen by hand',
      'the cell is frozen',
      async (world: SimulatedWorld) => forge(world, { frozen: true }),
    ],
    [
      'the fence is of another ledger',
      'the fence belongs to another ledger',
      async (world: SimulatedWorld) => forge(world, { ledger: '00000001' }),
    ],
    [
      'the fence is of a plan that the log did not apply',
      'the plan at the fence is not recorded as applied',
      async (world: SimulatedWorld) => forge(world, { plan: 'aaaaaaaaaaaa' }),
    ],
    [
      'the fence is gone',
      'there is no fence that can be read',
      async (world: SimulatedWorld) =>
        world.tamper(
          world
            .records()
            .filter(({ name }) => name === fenceName(world.scope))
            .map(remove),
        ),
    ],
  ])('does nothing when %s', async (_, reason, prepare) => {
    const world = await worldWithOldTree();
    await prepare(world);
    const { number } = world.ledger.peek(world.scope.cell);
    const before = world.records();
    expect(await retireOld(world, 'janitor')).toEqual({ type: 'nothing', reason });
    expect(world.records()).toEqual(before);
    expect(await types(world, number)).toEqual([]);
  });

  it('loses to anything that entered the log while it read the zone', async () => {
    const world = await worldWithOldTree();
    await world.startJanitor('janitor');
    await runUntil(world, 'janitor', 'ledger.append', /TreesRetired/);
    await append(world, { type: 'PlannerPaused', reason: 'looking' });
    const before = world.records();
    expect(await finish(world, 'janitor')).toEqual({
      type: 'lost',
      reason: 'the log moved on while the zone was read',
    });
    expect(world.records()).toEqual(before);
  });

  it('loses to anything that moved the fence after the log was told, and deletes nothing', async () => {
    const world = await worldWithOldTree();
    await world.startJanitor('janitor');
    await runUntil(world, 'janitor', 'zone.change', /retire/);
    forge(world, { nonce: 'zzzzzzzz' });
    const before = world.records();
    expect(await finish(world, 'janitor')).toMatchObject({ type: 'lost' });
    expect(world.records()).toEqual(before);
  });

  it('does not know what became of a batch whose answer was lost, and finds it done the next time', async () => {
    const world = await worldWithOldTree();
    await world.startJanitor('janitor');
    await runUntil(world, 'janitor', 'zone.change', /retire/);
    await world.scheduler.loseAnswer('janitor');
    expect(await finish(world, 'janitor')).toMatchObject({ type: 'unknown' });
    expect(new Set(labels(world))).toEqual(new Set(['g000002', 'g000003']));
    await applyNewest(world, 'after');
    expect(await retireOld(world, 'again')).toMatchObject({ type: 'nothing' });
  });
});

/** One undisturbed run of a janitor in a zone that refuses some batches, with what it counted. */
async function retireRefused(
  world: SimulatedWorld,
  refuses: (changes: readonly Change[]) => boolean,
  name = 'janitor-refused',
): Promise<{
  readonly outcome: unknown;
  readonly sent: readonly SentBatch[];
  readonly counted: readonly string[];
}> {
  const sent: SentBatch[] = [];
  const counted: string[] = [];
  const telemetry = { note: () => undefined, count: (metric: string) => counted.push(metric) };
  await world.startActor(name, 'janitor', ({ writer, ledger, clock, settings, deadline }) => {
    const zone = refusingZone(writer.zone, refuses, sent);
    return retire({ writer: { ...writer, zone }, ledger, clock, telemetry, settings }, { deadline });
  });
  return { outcome: await finish(world, name), sent, counted };
}

describe('a janitor whose batch is refused although nothing moved', () => {
  it('retires under the fence alone where an endpoint refuses to write an identical record', async () => {
    const world = await worldWithOldTree();
    const { outcome, sent, counted } = await retireRefused(world, reasserts);
    expect(outcome).toMatchObject({ type: 'retired', names: ['g000001.api.use1-a._pawl.example.test'] });
    expect(new Set(labels(world))).toEqual(new Set(['g000002', 'g000003']));
    expect(sent.map((each) => each.outcome.type)).toEqual(['rejected', 'accepted']);
    expect(counted).toContain('UnprovenRetirements');
  });

  it('deletes all but the record that nobody may delete, and says whose words keep it', async () => {
    const world = await worldWithOldTree();
    await newPlan(world, 4);
    await applyNewest(world, 'fourth');
    await newPlan(world, 5);
    await applyNewest(world, 'fifth');
    const isKept = (changes: readonly Change[]) =>
      changes.some(({ record }) => record.name.startsWith('g000002.api.'));
    const { outcome } = await retireRefused(world, isKept);
    expect(outcome).toMatchObject({
      type: 'retired',
      names: ['g000001.api.use1-a._pawl.example.test', 'g000003.api.use1-a._pawl.example.test'],
    });
    expect(new Set(labels(world))).toEqual(new Set(['g000002', 'g000004', 'g000005']));
    letTimePass(world);
    expect((await retireRefused(world, isKept, 'again')).outcome).toEqual({
      type: 'refused',
      reason: REFUSAL,
    });
  });

  it('is not taken for one that lost a race: what moved is left to the next run', async () => {
    const world = await worldWithOldTree();
    const before = world.records();
    let moved = false;
    const { outcome, counted } = await retireRefused(world, () => {
      if (!moved) forge(world, { nonce: 'zzzzzzzz' });
      moved = true;
      return true;
    });
    expect(outcome).toMatchObject({ type: 'lost' });
    expect(counted).not.toContain('UnprovenRetirements');
    expect(world.records().length).toBe(before.length);
  });
});

describe('a janitor whose listing leaves a root out', () => {
  it('deletes nothing, because the zone counts more records than it lists', async () => {
    const world = await worldWithOldTree();
    const before = world.records();
    const { number } = world.ledger.peek(world.scope.cell);
    const sent: SentBatch[] = [];
    await world.startActor('janitor', 'janitor', ({ writer, ledger, clock, settings, deadline }) => {
      const zone = refusingZone(forgetful(writer.zone, 'api.example.test'), () => false, sent);
      const telemetry = { note: () => undefined, count: () => undefined };
      return retire({ writer: { ...writer, zone }, ledger, clock, telemetry, settings }, { deadline });
    });
    await expect(finish(world, 'janitor')).rejects.toThrow(/lists \d+ records and counts \d+/);
    expect(sent).toEqual([]);
    expect(world.records()).toEqual(before);
    expect(await types(world, number)).toEqual([]);
  });
});
