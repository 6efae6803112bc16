// @module-tag slow
import { describe, expect, it } from 'vitest';
import { dnsName } from '../../lib/plan/names.ts';
import type { Change } from '../../lib/plan/records.ts';
import type { SimulatedWorld } from '../../lib/simulator/engine/simulated-world.ts';
import { simulatedWorld } from '../../lib/simulator/engine/simulated-world.ts';
import { enactRefused, REFUSAL, touching } from '../support/refusing-zone.ts';
import { applyNewest, liveGeneration } from '../support/scenario.ts';
import type { SmallFleet } from '../support/small-fleet.ts';
import { smallFleet, target } from '../support/small-fleet.ts';

/** A cell's limit of endpoints. */
const ENDPOINTS = 120;
/** Batches for a flip of so many endpoints of which one is refused. */
const BATCHES_MAX = 10;

/** Where the refused endpoint stands; narrow-down.test.ts counts the batches at every place. */
const PLACES = [0, 1, 29, 59, 60, 90, 118, 119];

/** The newest format that has no EndpointRefused. */
const OLDER_FORMAT = 2;

const nameOf = (endpoint: number) => dnsName(`e${endpoint}.example.test`);
const rootsOf = (...endpoints: readonly number[]) =>
  touching(({ name }) => endpoints.some((endpoint) => name === nameOf(endpoint)));
const treesOf = (...endpoints: readonly number[]) =>
  touching(({ name }) => endpoints.some((endpoint) => name.startsWith(`g000002.e${endpoint}.`)));

/** A fleet in which every endpoint has one target, with another address in each version. */
function fleetOf(version: number, endpoints: number): SmallFleet {
  const fleet = smallFleet();
  const [first] = fleet.endpoints;
  if (first === undefined) throw new Error('the small fleet has no endpoint');
  const numbers = Array.from({ length: endpoints }, (_, index) => index);
  return {
    ...fleet,
    targets: numbers.map((index) => target(`t-${index}`, 1, { ipv4: [`198.51.${index}.${version}`] })),
    endpoints: numbers.map((index) => ({ ...first, name: nameOf(index), targets: [`t-${index}`] })),
  };
}

/** A cell whose first plan is applied; its second has another tree for every endpoint. */
async function twoPlans(endpoints = ENDPOINTS): Promise<SimulatedWorld> {
  const world = await simulatedWorld({ fleet: fleetOf(1, endpoints), insyncDelayMs: 0 });
  await world.plan();
  await applyNewest(world, 'first');
  await world.declare(fleetOf(2, endpoints));
  await world.plan();
  return world;
}

/** The endpoints whose root does not answer by the second plan. */
function behind(world: SimulatedWorld, endpoints = ENDPOINTS): readonly number[] {
  const all = Array.from({ length: endpoints }, (_, index) => index);
  return all.filter((index) => liveGeneration(world, nameOf(index)) !== 2);
}

const stateOf = (world: SimulatedWorld) => world.ledger.peek(world.scope.cell).state;

describe(`a flip of ${ENDPOINTS} endpoints of which Route 53 refuses one`, () => {
  it(`goes through without it in at most ${BATCHES_MAX} batches, wherever it stands`, async () => {
    const start = await twoPlans();
    const most: number[] = [];
    for (const refused of PLACES) {
      const world = start.copy();
      const mode = refused % 2 === 0 ? 'sweep' : 'hint';
      const { outcome, sent } = await enactRefused(world, 'enactor-a', rootsOf(refused), { mode });
      expect(outcome).toEqual({
        type: 'blocked',
        generation: 2,
        endpoints: [{ name: nameOf(refused), reason: REFUSAL }],
      });
      expect(behind(world)).toEqual([refused]);
      const staged = sent.filter(({ batch }) => batch.kind === 'stage' && batch.changes.length > 2);
      expect(staged).toHaveLength(1);
      most.push(sent.length - staged.length);
    }
    expect(Math.max(...most)).toBeLessThanOrEqual(BATCHES_MAX);
  }, 600_000);

  it('says so in the log once, and is not tried again as long as the plan is the same', async () => {
    const world = await twoPlans(5);
    const { outcome } = await enactRefused(world, 'enactor-a', rootsOf(3));
    expect(outcome).toMatchObject({ type: 'blocked' });
    const events = (
      await world.ledger.events(world.scope.cell, { after: 0, limit: 100, order: 'forward' })
    ).map(({ event }) => event);
    expect(events.filter(({ type }) => type === 'EndpointRefused')).toEqual([
      {
        type: 'EndpointRefused',
        name: nameOf(3),
        step: 'flip',
        generation: 2,
        records: expect.arrayContaining([`${nameOf(3)} A`]),
        reason: REFUSAL,
        batches: expect.any(Number),
      },
    ]);
    expect(events.filter(({ type }) => type === 'PlanApplied')).toHaveLength(1);
    expect(stateOf(world)).toMatchObject({
      applied: { generation: 1 },
      refused: [{ name: nameOf(3), generation: 2 }],
    });
    for (const mode of ['sweep', 'hint'] as const) {
      const again = await enactRefused(world, `enactor-${mode}`, rootsOf(3), { mode });
      expect(again).toEqual({ outcome, sent: [] });
    }
  });

  it('goes on without it in a cell whose format cannot record it, and asks once a run', async () => {
    const world = await simulatedWorld({ fleet: fleetOf(1, 5), insyncDelayMs: 0, format: OLDER_FORMAT });
    await world.plan();
    await applyNewest(world, 'first');
    await world.declare(fleetOf(2, 5));
    await world.plan();
    expect((await enactRefused(world, 'enactor-a', rootsOf(3))).outcome).toMatchObject({ type: 'blocked' });
    expect(behind(world, 5)).toEqual([3]);
    const again = await enactRefused(world, 'enactor-b', rootsOf(3));
    expect(again.outcome).toMatchObject({ type: 'blocked' });
    // Its batch, and the fence alone, which shows that the endpoint is refused and not the fence.
    expect(again.sent.map(({ outcome }) => outcome.type)).toEqual(['rejected', 'accepted']);
  });
});

describe(`staging for ${ENDPOINTS} endpoints of which Route 53 refuses one`, () => {
  it(`goes through without it in at most ${BATCHES_MAX} batches, wherever it stands, and so does the flip in one`, async () => {
    const start = await twoPlans();
    const most: number[] = [];
    for (const refused of PLACES) {
      const world = start.copy();
      const mode = refused % 2 === 0 ? 'sweep' : 'hint';
      const { outcome, sent } = await enactRefused(world, 'enactor-a', treesOf(refused), { mode });
      expect(outcome).toMatchObject({ type: 'blocked', endpoints: [{ name: nameOf(refused) }] });
      expect(behind(world)).toEqual([refused]);
      const flips = sent.filter(({ batch }) => batch.kind === 'flip');
      expect(flips).toHaveLength(1);
      most.push(sent.length - flips.length);
    }
    expect(Math.max(...most)).toBeLessThanOrEqual(BATCHES_MAX);
  }, 600_000);
});

describe('a fence that Route 53 refuses', () => {
  it('is not blamed on any endpoint', async () => {
    const world = await twoPlans(9);
    const before = world.records();
    const { outcome } = await enactRefused(world, 'enactor-a', () => true);
    expect(outcome).toEqual({
      type: 'refused',
      reason: `Route 53 refuses the fence although it has not moved: ${REFUSAL}`,
    });
    expect(world.records()).toEqual(before);
    expect(stateOf(world).refused).toEqual([]);
    // Once it may be written again, nothing is left of it.
    expect((await enactRefused(world, 'enactor-b', () => false)).outcome).toMatchObject({ type: 'applied' });
  });

  it('stops a run that would make it anew', async () => {
    const world = await simulatedWorld({ fleet: fleetOf(1, 2), insyncDelayMs: 0 });
    await world.plan();
    const { outcome, sent } = await enactRefused(world, 'enactor-a', () => true);
    expect(outcome).toMatchObject({ type: 'refused', reason: expect.stringContaining(REFUSAL) });
    expect(sent).toHaveLength(1);
  });
});

describe('several refused endpoints', () => {
  it('are each found, and nobody beside them is left out, however many they are', async () => {
    const world = await twoPlans(40);
    const refused = [0, 4, 8, 12, 16, 20, 24, 28, 32, 36];
    const each = refused.map((index) => rootsOf(index));
    const words = (changes: readonly Change[]) =>
      `protected: the root of ${each.findIndex((refuses) => refuses(changes))}`;
    const { outcome } = await enactRefused(world, 'enactor-a', rootsOf(...refused), { words });
    expect(outcome).toMatchObject({ type: 'blocked' });
    expect(behind(world, 40)).toEqual(refused);
  });

  it('are left out together after eight that were refused in the same words, as a limit is', async () => {
    const world = await twoPlans(40);
    const { outcome } = await enactRefused(world, 'enactor-a', rootsOf(...Array.from({ length: 40 }).keys()));
    expect(outcome).toMatchObject({ type: 'blocked' });
    expect(behind(world, 40)).toHaveLength(40);
    expect(
      stateOf(world)
        .refused.map(({ name }) => name)
        .sort(),
    ).toEqual(Array.from({ length: 40 }, (_, index) => nameOf(index)).sort());
  });

  it('of which one cannot be staged, one cannot be flipped and one cannot be repaired stop nobody else', async () => {
    const world = await twoPlans(6);
    const refuses = (changes: readonly Change[]) => treesOf(1)(changes) || rootsOf(3)(changes);
    const { outcome } = await enactRefused(world, 'enactor-a', refuses);
    expect(outcome).toMatchObject({
      type: 'blocked',
      endpoints: [{ name: nameOf(1) }, { name: nameOf(3) }],
    });
    expect(behind(world, 6)).toEqual([1, 3]);
    const tree = world.records().find(({ name }) => name.startsWith('g000002.e5.'));
    if (tree === undefined) throw new Error('there is no tree');
    const root = world.records().find(({ name }) => name === nameOf(4));
    if (root === undefined) throw new Error('there is no root');
    world.tamper([
      { action: 'UPSERT', record: { ...tree, values: ['203.0.113.9'] } },
      { action: 'DELETE', record: root },
    ]);
    const later = await enactRefused(world, 'enactor-b', (each) => refuses(each) || treesOf(5)(each));
    expect(later.outcome).toMatchObject({
      endpoints: [{ name: nameOf(1) }, { name: nameOf(5) }, { name: nameOf(3) }],
    });
    expect(liveGeneration(world, nameOf(4))).toBe(2);
    expect(
      stateOf(world)
        .refused.map(({ name, step }) => `${name} ${step}`)
        .sort(),
    ).toEqual([`${nameOf(1)} stage`, `${nameOf(3)} flip`, `${nameOf(5)} repair`]);
  });
});
