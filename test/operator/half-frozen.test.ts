import { describe, expect, it } from 'vitest';
import type { FrozenHalf } from '../../lib/cell/freeze-halves.ts';
import { frozenHalf } from '../../lib/cell/freeze-halves.ts';
import { execute } from '../../lib/ledger/execute.ts';
import type { Outcome } from '../../lib/operator/operator.ts';
import { rescuePlan } from '../../lib/operator/rescue-plan.ts';
import { formatFence, readFenceRecords } from '../../lib/plan/fence.ts';
import { fenceName } from '../../lib/plan/owned-names.ts';
import type { SimulatedWorld } from '../../lib/simulator/engine/simulated-world.ts';
import { waitOf } from '../support/fence-wait.ts';
import {
  convergedWorld,
  enactNow,
  fenceOf,
  freezing,
  livePlan,
  order,
  rescue,
  tamperFence,
  thawing,
} from './operator-world.ts';

function halfOf(world: SimulatedWorld): FrozenHalf | null {
  const there = world.records().filter(({ name }) => name === fenceName(world.scope));
  return frozenHalf(world.ledger.peek(world.scope.cell).state, readFenceRecords(there));
}

/** The zone goes back to what its fence said before. */
async function losing(world: SimulatedWorld, act: () => Promise<unknown>): Promise<void> {
  const before = formatFence(fenceOf(world));
  await act();
  tamperFence(world, before);
}

async function rescued(world: SimulatedWorld): Promise<void> {
  const plan = await livePlan(world);
  await rescue(world, 'ana', (writer, clock) => rescuePlan(writer, clock, { plan, ...waitOf({ clock }) }));
  await enactNow(world, 'enactor-finds');
}

/** An enactor tells the log of the rescue once more, after the thaw has told it the last time. */
async function toldAgain(world: SimulatedWorld): Promise<void> {
  await rescued(world);
  const { generation, seq, plan, by } = fenceOf(world);
  await order(world, 'thawer', thawing);
  const occasion = { at: () => world.time.now(), by: 'enactor' };
  const told = { type: 'RecordRescue', generation, seq, plan, by } as const;
  await execute(world.ledger, world.scope.cell, occasion, () => told);
}

const HALVES: readonly (readonly [half: FrozenHalf, make: (world: SimulatedWorld) => Promise<unknown>])[] = [
  ['log', (world) => losing(world, () => order(world, 'ana', freezing))],
  [
    'fence',
    async (world) => {
      await order(world, 'ana', freezing);
      await losing(world, () => order(world, 'bo', thawing));
    },
  ],
  ['rescue', (world) => losing(world, () => rescued(world))],
  ['ended-rescue', toldAgain],
];

describe('what a person is told to do about', () => {
  it.each(HALVES)('%s makes the log and the fence agree', async (half, make) => {
    for (const [name, verb, after] of [
      ['cy-freezes', freezing, true],
      ['cy-thaws', thawing, false],
    ] as const) {
      const world = await convergedWorld();
      await make(world);
      expect(halfOf(world)).toBe(half);
      expect(await order<Outcome<unknown>>(world, name, verb)).toMatchObject({ type: 'done' });
      expect(halfOf(world)).toBeNull();
      expect(fenceOf(world).frozen).toBe(after);
    }
  });

  it.each(['log', 'rescue'] as const)('%s an enactor does too, which freezes the fence', async (half) => {
    const world = await convergedWorld();
    await HALVES.find(([name]) => name === half)?.[1](world);
    expect(await enactNow(world, 'enactor')).toMatchObject({ type: 'frozen' });
    expect(halfOf(world)).toBeNull();
    expect(fenceOf(world).frozen).toBe(true);
  });
});
