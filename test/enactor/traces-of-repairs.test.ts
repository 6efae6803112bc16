import { describe, expect, it } from 'vitest';
import type { LedgerEvent } from '../../lib/ledger/decider/events.ts';
import type { Fence } from '../../lib/plan/fence.ts';
import { fenceRecord, readFenceRecords } from '../../lib/plan/fence.ts';
import { generation, seq } from '../../lib/plan/generation.ts';
import { fenceName } from '../../lib/plan/owned-names.ts';
import { create, remove } from '../../lib/plan/records.ts';
import type { SimulatedWorld } from '../../lib/simulator/engine/simulated-world.ts';
import { finish } from '../support/drive.ts';
import { applyNewest, newPlan, worldWithPlanToApply } from '../support/scenario.ts';
import { seededChoice } from '../support/seeded-choice.ts';

const ORDERS = 40;

/** A world whose second plan is applied, at fence seq 3. */
async function appliedWorld(): Promise<SimulatedWorld> {
  const world = await worldWithPlanToApply();
  await applyNewest(world, 'second');
  return world;
}

function fenceOf(world: SimulatedWorld): Fence {
  const reading = readFenceRecords(world.records().filter(({ name }) => name === fenceName(world.scope)));
  if (reading.type !== 'fence') throw new Error('there is no fence');
  return reading.fence;
}

function forge(world: SimulatedWorld, change: Partial<Fence>): void {
  const fence = fenceOf(world);
  const forged = { ...fence, nonce: 'byhand00', ...change };
  world.tamper([remove(fenceRecord(fence, world.scope)), create(fenceRecord(forged, world.scope))]);
}

function take(world: SimulatedWorld, what: string): void {
  world.tamper(
    world
      .records()
      .filter(({ name }) => name === what)
      .map(remove),
  );
}

async function eventsAfter(world: SimulatedWorld, after: number): Promise<readonly LedgerEvent[]> {
  const events = await world.ledger.events(world.scope.cell, { after, limit: 200, order: 'forward' });
  return events.map(({ event }) => event);
}

interface Hand {
  readonly what: string;
  readonly tampers: (world: SimulatedWorld) => void;
  readonly recorded: Partial<LedgerEvent & { type: 'ZoneRegressed' }>;
}

const HANDS: readonly Hand[] = [
  {
    what: 'a fence lowered in generation under the same seq',
    tampers: (world) => forge(world, { generation: generation(1) }),
    recorded: { what: 'fence', found: 'gen=1 seq=3', expected: 'gen=2 seq=3' },
  },
  {
    what: 'a fence put back',
    tampers: (world) => forge(world, { generation: generation(1), seq: seq(2) }),
    recorded: { what: 'fence', found: 'gen=1 seq=2', expected: 'gen=2 seq=3' },
  },
  {
    what: 'a fence deleted',
    tampers: (world) => take(world, fenceName(world.scope)),
    recorded: { what: 'fence', found: 'missing', expected: 'gen=2 seq=3' },
  },
  {
    what: 'a fence that cannot be read',
    tampers: (world) =>
      world.tamper([
        { action: 'UPSERT', record: { ...fenceRecord(fenceOf(world), world.scope), values: ['"v1"'] } },
      ]),
    recorded: { what: 'fence', found: 'malformed', expected: 'gen=2 seq=3' },
  },
  {
    what: 'a root deleted',
    tampers: (world) => take(world, 'api.example.test'),
    recorded: {
      what: 'root',
      found: 'missing',
      expected: 'g000002.api.use1-a._pawl.example.test' as never,
    },
  },
];

describe('what a hand did leaves one trace', () => {
  it.each(HANDS)('$what, which one enactor repairs', async ({ tampers, recorded }) => {
    const world = await appliedWorld();
    const { number } = world.ledger.peek(world.scope.cell);
    tampers(world);
    await world.startEnactor('enactor-sweep', 'sweep');
    expect(await finish(world, 'enactor-sweep')).toMatchObject({ type: 'applied', generation: 2 });
    const events = await eventsAfter(world, number);
    expect(events.filter(({ type }) => type === 'ZoneRegressed')).toEqual([
      expect.objectContaining({ type: 'ZoneRegressed', ...recorded }),
    ]);
    expect(world.ledger.peek(world.scope.cell).state.regressed).toBeNull();
  });

  it.each(HANDS)(`$what, which three enactors see, in any of ${ORDERS} orders`, async ({ tampers }) => {
    const start = await appliedWorld();
    tampers(start);
    for (let seed = 1; seed <= ORDERS; seed += 1) {
      const world = start.copy();
      const { number } = world.ledger.peek(world.scope.cell);
      await raceOf(world, seededChoice(seed));
      const events = await eventsAfter(world, number);
      const regressions = events.filter(({ type }) => type === 'ZoneRegressed');
      expect(regressions, `seed ${seed}: ${JSON.stringify(events)}`).toHaveLength(1);
      expect(world.ledger.peek(world.scope.cell).state.regressed, `seed ${seed}`).toBeNull();
    }
  });

  it('and where a newer plan is flipped over a root that a hand deleted, too', async () => {
    const world = await appliedWorld();
    await newPlan(world, 3);
    take(world, 'web.example.test');
    const { number } = world.ledger.peek(world.scope.cell);
    await world.startEnactor('enactor-sweep', 'sweep');
    expect(await finish(world, 'enactor-sweep')).toMatchObject({ type: 'applied', generation: 3 });
    expect(await eventsAfter(world, number)).toContainEqual(
      expect.objectContaining({
        type: 'ZoneRegressed',
        what: 'root',
        name: 'web.example.test',
        found: 'missing',
      }),
    );
  });
});

/** Runs three sweeping enactors to their ends, one call of one of them at a time. */
async function raceOf(world: SimulatedWorld, choose: (below: number) => number): Promise<void> {
  const names = ['enactor-a', 'enactor-b', 'enactor-c'];
  for (const name of names) await world.startEnactor(name, 'sweep');
  for (;;) {
    const working = names.filter((name) => world.scheduler.pending(name) !== undefined);
    const name = working[choose(Math.max(1, working.length))];
    if (name === undefined) return;
    await world.scheduler.run(name);
  }
}
