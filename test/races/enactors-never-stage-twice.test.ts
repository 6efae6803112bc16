import { describe, expect, it } from 'vitest';
import { dnsName } from '../../lib/plan/names.ts';
import type { SimulatedWorld } from '../../lib/simulator/engine/simulated-world.ts';
import { simulatedWorld } from '../../lib/simulator/engine/simulated-world.ts';
import { finish } from '../support/drive.ts';
import { enactRefused, reasserts } from '../support/refusing-zone.ts';
import { liveGeneration, runUntil, worldWithPlanToApply } from '../support/scenario.ts';
import { seededChoice } from '../support/seeded-choice.ts';
import type { SmallFleet } from '../support/small-fleet.ts';
import { smallFleet, target } from '../support/small-fleet.ts';

const NAMES = ['enactor-a', 'enactor-b', 'enactor-c'];
const ORDERS = 6;
/** Endpoints of so many targets that their trees need this many batches. */
const BATCHES = 4;
const TARGETS = 90;
const ENDPOINTS = 40;

function largeFleet(): SmallFleet {
  const fleet = smallFleet();
  const [first] = fleet.endpoints;
  if (first === undefined) throw new Error('the small fleet has no endpoint');
  const all = Array.from({ length: ENDPOINTS }, (_, endpoint) =>
    Array.from({ length: TARGETS }, (__, index) =>
      target(`t-${endpoint}-${index}`, 1, { ipv4: [`198.51.${endpoint}.${index}`] }),
    ),
  );
  return {
    ...fleet,
    targets: all.flat(),
    endpoints: all.map((members, index) => ({
      ...first,
      name: dnsName(`e${index}.example.test`),
      targets: members.map(({ id }) => id),
    })),
  };
}

/** The staging batches that were accepted and rejected, by the steps of the run. */
async function race(world: SimulatedWorld, choose: (below: number) => number): Promise<readonly string[]> {
  const outcomes: string[] = [];
  for (const name of NAMES) await world.startEnactor(name, 'sweep');
  for (;;) {
    const working = NAMES.filter((name) => world.scheduler.pending(name) !== undefined);
    const name = working[choose(Math.max(1, working.length))];
    if (name === undefined) return outcomes;
    const pending = world.scheduler.pending(name);
    const answer = await world.scheduler.run(name);
    if (pending?.site !== 'zone.change' || !pending.detail.startsWith('stage')) continue;
    const outcome = answer?.type === 'value' ? (answer.value as { readonly type: string }) : undefined;
    outcomes.push(outcome?.type ?? 'error');
  }
}

describe('enactors that stage the same trees', () => {
  it(`stage a plan of ${BATCHES} batches once: whoever loses the first leaves the others to the winner`, async () => {
    const start = await simulatedWorld({ fleet: largeFleet(), insyncDelayMs: 30_000 });
    await start.plan();
    for (let seed = 1; seed <= ORDERS; seed += 1) {
      const world = start.copy();
      const outcomes = await race(world, seededChoice(seed));
      const story = `seed ${seed}: ${outcomes.join()}`;
      expect(
        outcomes.filter((type) => type === 'accepted'),
        story,
      ).toHaveLength(BATCHES);
      // Each of the others finds out by one batch of its own at most, or by none.
      expect(outcomes.length, story).toBeLessThanOrEqual(BATCHES + NAMES.length - 1);
      expect(liveGeneration(world, 'e0.example.test'), story).toBe(1);
    }
  }, 240_000);
});

/** An enactor stages the second plan's tree and dies before it says so in the log. */
async function stagedAndDied(): Promise<SimulatedWorld> {
  const world = await worldWithPlanToApply();
  await world.startEnactor('dying', 'hint');
  await runUntil(world, 'dying', 'ledger.append', /PlanStaged/);
  await world.scheduler.crash('dying');
  return world;
}

describe('a tree whose staging nobody has recorded', () => {
  it('is left alone for one poll, and then written again to have a change to wait for', async () => {
    const world = await stagedAndDied();
    const before = world.time.now();
    await world.startEnactor('enactor-a', 'sweep');
    await runUntil(world, 'enactor-a', 'zone.change', /stage/);
    expect(world.time.now() - before).toBe(2_000);
    expect(await finish(world, 'enactor-a')).toMatchObject({ type: 'applied', generation: 2 });
  });

  it('is waited for by a later change of the fence where an endpoint refuses to write an identical record', async () => {
    const world = await stagedAndDied();
    const before = world.time.now();
    const { outcome, sent } = await enactRefused(world, 'enactor-a', reasserts);
    expect(outcome).toMatchObject({ type: 'applied', generation: 2 });
    expect(sent.map(({ batch, outcome: { type } }) => `${batch.kind} ${type}`)).toEqual([
      'stage rejected',
      'stage accepted',
      'flip accepted',
    ]);
    // What was written before the fence is everywhere once the fence is.
    expect(world.time.now() - before).toBeGreaterThanOrEqual(30_000);
    const events = await world.ledger.events(world.scope.cell, { after: 0, limit: 100, order: 'forward' });
    const staged = events.flatMap(({ event }) => (event.type === 'PlanStaged' ? event.changes : []));
    expect(staged.at(-1)?.trees).toEqual(['g000002.api']);
  });
});
