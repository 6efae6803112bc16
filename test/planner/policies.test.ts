// @module-tag slow
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { getPlan } from '../../lib/ledger/plan-bodies.ts';
import type { CellPolicy, Observation, Observations } from '../../lib/plan/fleet-model.ts';
import { dnsName } from '../../lib/plan/names.ts';
import type { Plan, PlannedEndpoint } from '../../lib/plan/plan.ts';
import { plannedEndpoint } from '../../lib/plan/plan.ts';
import type { Planning } from '../support/planning.ts';
import { planning } from '../support/planning.ts';
import type { SmallFleet } from '../support/small-fleet.ts';
import { smallFleet, target } from '../support/small-fleet.ts';

const RUNS = 150;
const STEPS_MAX = 30;
/** Every share is rounded up to thousandths, what came back as well as what went. */
const ROUNDED_PERCENT = 0.1 * STEPS_MAX;
const TARGETS = ['a-1', 'a-2', 'a-3', 'a-4', 'b-1', 'b-2', 'b-3'] as const;
const API = dnsName('api.example.test');

/** Two endpoints that share a target, one of them dual stack with fewer IPv6 targets than others. */
function fleetWith(policy: Partial<CellPolicy>, floor: number): SmallFleet {
  const base = smallFleet(1, policy);
  const endpoint = { kind: 'addresses', ttl: 60, floor } as const;
  return {
    ...base,
    targets: [
      target('a-1', 1, { ipv6: ['2001:db8::1'] }),
      target('a-2', 2, { ipv6: ['2001:db8::2'] }),
      target('a-3', 3),
      target('a-4', 4, { capacity: 50 }),
      target('b-1', 11),
      target('b-2', 12),
      target('b-3', 13, { capacity: 300 }),
    ],
    endpoints: [
      { ...endpoint, name: API, families: ['A', 'AAAA'], targets: ['a-1', 'a-2', 'a-3', 'a-4'] },
      {
        ...endpoint,
        name: dnsName('web.example.test'),
        families: ['A'],
        targets: ['a-4', 'b-1', 'b-2', 'b-3'],
      },
    ],
  };
}

const observation: fc.Arbitrary<Observation> = fc.record({
  health: fc.constantFrom('healthy', 'healthy', 'healthy', 'unhealthy', 'unknown'),
  capacity: fc.constantFrom(100, 100, 100, 0, 1, 90, 50, 300, 1_000_000),
});

type Step =
  | { readonly type: 'see'; readonly changes: Readonly<Record<string, Observation>> }
  | { readonly type: 'blind' }
  | { readonly type: 'drain' | 'restore'; readonly target: string }
  | { readonly type: 'evacuate' | 'return' };

const step: fc.Arbitrary<Step & { readonly waitS: number }> = fc
  .tuple(
    fc.oneof(
      {
        weight: 8,
        arbitrary: fc.record({
          type: fc.constant('see' as const),
          changes: fc.dictionary(fc.constantFrom(...TARGETS), observation, { maxKeys: 4 }),
        }),
      },
      { weight: 1, arbitrary: fc.constant({ type: 'blind' as const }) },
      {
        weight: 2,
        arbitrary: fc.record({
          type: fc.constantFrom('drain' as const, 'restore' as const),
          target: fc.constantFrom(...TARGETS),
        }),
      },
      { weight: 1, arbitrary: fc.record({ type: fc.constantFrom('evacuate' as const, 'return' as const) }) },
    ),
    fc.constantFrom(0, 1, 5, 29, 30, 31, 100, 299, 300, 301, 700),
  )
  .map(([what, waitS]) => ({ ...what, waitS }));

const policies: fc.Arbitrary<Partial<CellPolicy>> = fc.record({
  coalesceS: fc.constantFrom(0, 30, 120),
  capacityRemovedPercent: fc.constantFrom(1, 25, 34, 50, 80, 100),
  capacityWindowS: fc.constantFrom(60, 300, 600),
  endpointsChangedPercent: fc.constantFrom(50, 100),
  blindPercent: fc.constantFrom(20, 50, 100),
});

/** Under this policy nothing is held for its size. */
const CARELESS: Partial<CellPolicy> = {
  coalesceS: 0,
  capacityRemovedPercent: 100,
  endpointsChangedPercent: 100,
  blindPercent: 100,
};

interface Live {
  readonly at: number;
  readonly plan: Plan;
  /** What was known when it was planned. */
  readonly seen: Observations;
  /** Endpoints that did not answer all of that. */
  readonly kept: ReadonlySet<string>;
}

/** Plays the steps; nobody ever approves anything. Gives every plan that became the goal. */
async function play(world: Planning, steps: readonly (Step & { readonly waitS: number })[]): Promise<Live[]> {
  const live: Live[] = [];
  const declared = world.fleet.targets.map(({ id, health, capacity }) => [id, { health, capacity }] as const);
  let seen: Observations = Object.fromEntries(declared);
  const planOnce = async () => {
    await world.plan();
    const { goal, keptBack } = world.ledger.peek(world.fleet.cell).state;
    if (goal === null || goal.generation === live.at(-1)?.plan.generation) return;
    const plan = await getPlan(world.ledger, world.fleet.cell, goal.digest);
    live.push({ at: world.time.now(), plan, seen, kept: new Set(keptBack.map(({ name }) => name)) });
  };
  await planOnce();
  for (const each of steps) {
    world.time.advanceTo(world.time.now() + each.waitS * 1_000);
    if (each.type === 'see') {
      seen = { ...seen, ...each.changes };
      world.see({ type: 'observed', observations: seen });
    } else if (each.type === 'blind') world.see({ type: 'blind', reason: 'no sight' });
    else if (each.type === 'drain')
      await world.append({ type: 'TargetDrained', target: each.target, reason: '' });
    else if (each.type === 'restore') await world.append({ type: 'TargetRestored', target: each.target });
    else if (each.type === 'evacuate') await world.append({ type: 'AzEvacuated', az: 'az1', reason: '' });
    else await world.append({ type: 'AzRestored', az: 'az1' });
    await planOnce();
    if (each.type === 'blind') world.see({ type: 'observed', observations: seen });
  }
  return live;
}

function familyCapacity(endpoint: PlannedEndpoint, type: string): ReadonlyMap<string, number> {
  return new Map(
    endpoint.leaves.filter((leaf) => leaf.type === type).map((leaf) => [leaf.target, leaf.capacity]),
  );
}

/** The share of one family's capacity that is gone, told without the planner's own code. */
function goneShare(before: PlannedEndpoint, after: PlannedEndpoint, type: string): number {
  const old = familyCapacity(before, type);
  const now = familyCapacity(after, type);
  const total = [...old.values()].reduce((sum, capacity) => sum + capacity, 0);
  const gone = [...old].reduce((sum, [id, capacity]) => sum + Math.max(0, capacity - (now.get(id) ?? 0)), 0);
  return total === 0 ? 0 : gone / total;
}

interface Removal {
  readonly at: number;
  readonly share: number;
}

/** How each plan changed an endpoint: the share that went, and the share of what it answers then that came back. */
function changesOf(live: readonly Live[], name: PlannedEndpoint['name']) {
  return live.slice(1).map((each, index) => {
    const before = live[index] && plannedEndpoint(live[index].plan, name);
    const after = plannedEndpoint(each.plan, name);
    if (before === undefined || after === undefined) throw new Error(`${name} went`);
    const share = (from: PlannedEndpoint, to: PlannedEndpoint): number =>
      Math.max(...['A', 'AAAA'].map((type) => goneShare(from, to, type)));
    return { at: each.at, gone: share(before, after), back: share(after, before) };
  });
}

/** What went and did not come back after each change, the newest first to come back. */
function netRemovals(changes: ReturnType<typeof changesOf>): readonly (readonly Removal[])[] {
  let left: readonly Removal[] = [];
  return changes.map(({ at, gone, back }) => {
    let open = back;
    const after = left.toReversed().map((removal) => {
      const part = Math.min(open, removal.share);
      open -= part;
      return { at: removal.at, share: removal.share - part };
    });
    left = [...after.toReversed(), { at, share: gone }];
    return left;
  });
}

function serving({ leaves }: PlannedEndpoint): number {
  return new Set(leaves.map(({ target: id }) => id)).size;
}

async function property(
  floor: number,
  holds: (world: Planning, live: readonly Live[]) => Promise<void> | void,
  careless: Partial<CellPolicy> = {},
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(policies, fc.array(step, { maxLength: STEPS_MAX }), async (policy, steps) => {
      const world = await planning(fleetWith({ ...policy, ...careless }, floor));
      const live = await play(world, steps);
      expect(live.length).toBeGreaterThan(0);
      await holds(world, live);
    }),
    { numRuns: RUNS },
  );
}

describe('whatever is observed, and in whatever order, without an approval', () => {
  it('no more capacity of any family goes in a window, without coming back, than the policy allows', async () => {
    await property(1, ({ fleet }, live) => {
      const { capacityRemovedPercent, capacityWindowS } = fleet.policy;
      for (const { name } of fleet.endpoints) {
        const changes = changesOf(live, name);
        for (const [index, left] of netRemovals(changes).entries()) {
          const { at = 0, gone = 0 } = changes[index] ?? {};
          const inWindow = left.filter((each) => each.at > at - capacityWindowS * 1_000);
          const sum = inWindow.reduce((total, { share }) => total + share, 0);
          expect(gone === 0 ? 0 : Math.min(1, sum) * 100).toBeLessThanOrEqual(
            capacityRemovedPercent + ROUNDED_PERCENT,
          );
        }
      }
    });
  });

  it('no endpoint comes under its floor, and none that is under it loses another target', async () => {
    for (const floor of [2, 3, 4]) {
      await property(floor, ({ fleet }, live) => {
        for (const [index, { plan }] of live.entries()) {
          for (const { name } of fleet.endpoints) {
            const now = plannedEndpoint(plan, name);
            const before = live[index - 1] && plannedEndpoint(live[index - 1]?.plan ?? plan, name);
            expect(now === undefined ? 0 : serving(now)).toBeGreaterThanOrEqual(
              Math.min(floor, before === undefined ? floor : serving(before)),
            );
          }
        }
      });
    }
  });

  it('no endpoint and no family of one is left without an answer', async () => {
    await property(
      1,
      (_, live) => {
        for (const { plan } of live) {
          for (const { leaves, name } of plan.endpoints) {
            expect(leaves.some(({ type }) => type === 'A')).toBe(true);
            if (name === API) expect(leaves.some(({ type }) => type === 'AAAA')).toBe(true);
          }
        }
      },
      CARELESS,
    );
  });

  it('routine plans are as far apart as the policy says, and only orders that can be carried out are not', async () => {
    await property(1, async (world) => {
      const plans = (await world.events()).flatMap(({ at, event }) =>
        event.type === 'PlanAppended' ? [{ at, event }] : [],
      );
      for (const [index, { at, event }] of plans.entries()) {
        const before = plans[index - 1];
        if (before === undefined) continue;
        if (event.lane === 'routine')
          expect(at - before.at).toBeGreaterThanOrEqual(world.fleet.policy.coalesceS * 1_000);
      }
    });
  });

  it('a target that did not change keeps its weight, unless the scale had to change', async () => {
    await property(1, ({ fleet }, live) => {
      const largest = (seen: Observations, ids: readonly string[]) =>
        Math.max(
          ...ids.map((id) => {
            const declared = fleet.targets.find((each) => each.id === id)?.capacity ?? 0;
            const observed = seen[id]?.capacity ?? declared;
            return observed < 1 ? declared : observed;
          }),
        );
      for (const [index, { plan, seen, kept }] of live.entries()) {
        const before = live[index - 1];
        if (before === undefined) continue;
        for (const { name, targets } of fleet.endpoints) {
          if (kept.has(name) || before.kept.has(name)) continue;
          if (largest(before.seen, targets) !== largest(seen, targets)) continue;
          for (const leaf of plannedEndpoint(plan, name)?.leaves ?? []) {
            const old = plannedEndpoint(before.plan, name)?.leaves.find(
              (each) => each.target === leaf.target && each.type === leaf.type,
            );
            if (old !== undefined && old.capacity === leaf.capacity) expect(leaf.weight).toBe(old.weight);
          }
        }
      }
    });
  });
});

/** The codes for which endpoints are kept back. */
async function heldBy(world: Planning): Promise<readonly string[]> {
  await world.plan();
  const { keptBack } = world.ledger.peek(world.fleet.cell).state;
  return [...new Set(keptBack.flatMap(({ findings }) => findings.map(({ code }) => code)))];
}

function seeing(world: Planning, changes: Observations): void {
  const declared = world.fleet.targets.map(({ id, health, capacity }) => [id, { health, capacity }] as const);
  world.see({ type: 'observed', observations: { ...Object.fromEntries(declared), ...changes } });
}

const DOWN: Observation = { health: 'unhealthy', capacity: 100 };

describe('a policy of a cell', () => {
  it.each([
    ['capacity-removed', { capacityRemovedPercent: 10 }, 1, { 'a-3': DOWN }],
    ['observer-blind', { blindPercent: 20 }, 1, { 'a-3': DOWN, 'b-1': DOWN }],
    ['under-floor', {}, 4, { 'a-3': DOWN }],
  ] as const)(
    'holds what it does not allow, with the finding %s, and another cell goes on',
    async (code, policy, floor, changes) => {
      const careless = await planning(fleetWith({}, 1));
      const careful = await planning(fleetWith(policy, floor));
      for (const world of [careless, careful]) {
        await world.plan();
        seeing(world, changes);
      }
      expect(await heldBy(careless)).toEqual([]);
      expect(await heldBy(careful)).toEqual([code]);
      expect(careful.ledger.peek(careful.fleet.cell).state.goal?.generation).toBe(1);
    },
  );

  it('says how far apart routine plans are, and an order does not wait', async () => {
    const world = await planning(fleetWith({ coalesceS: 100 }, 1));
    await world.plan();
    const since = world.time.now();
    seeing(world, { 'a-3': DOWN });
    world.time.advanceTo(since + 99_999);
    expect(await world.plan()).toEqual({ type: 'coalesced', until: since + 100_000 });
    await world.append({ type: 'TargetDrained', target: 'b-1', reason: '' });
    expect(await world.plan()).toMatchObject({ type: 'appended', proposed: { lane: 'urgent' } });
  });

  it('is not asked again about an order that waits at every flap of another target', async () => {
    const world = await planning(fleetWith({ coalesceS: 100 }, 4));
    await world.plan();
    world.time.advanceTo(world.time.now() + 100_000);
    await world.append({ type: 'TargetDrained', target: 'a-3', reason: '' });
    expect(await heldBy(world)).toEqual(['under-floor']);
    const since = world.time.now();
    seeing(world, { 'b-3': { health: 'healthy', capacity: 250 } });
    expect(await world.plan()).toMatchObject({ type: 'appended', proposed: { lane: 'routine' } });
    seeing(world, { 'b-3': { health: 'healthy', capacity: 200 } });
    expect(await world.plan()).toEqual({ type: 'coalesced', until: since + 100_000 });
    expect(await heldBy(world)).toEqual(['under-floor']);
  });

  it('presumes an observer blind that sees too many targets go at once, and what it lost goes on serving', async () => {
    const world = await planning(fleetWith({ blindPercent: 50 }, 1));
    await world.plan();
    const all = Object.fromEntries(TARGETS.slice(0, 5).map((id) => [id, DOWN]));
    seeing(world, { ...all, 'a-1': { health: 'healthy', capacity: 100 } });
    expect(await heldBy(world)).toContain('observer-blind');
    const { goal } = world.ledger.peek(world.fleet.cell).state;
    expect(goal?.generation).toBe(1);
    // It sees again, and nothing waits any more.
    seeing(world, {});
    expect(await heldBy(world)).toEqual([]);
    const { state } = world.ledger.peek(world.fleet.cell);
    const plan = await getPlan(world.ledger, world.fleet.cell, state.goal?.digest ?? '');
    expect(plan.endpoints.map(({ tree }) => tree.split('.')[0])).toEqual(['g000001', 'g000001']);
  });

  it('leaves the weights of the others when the largest target reports nothing while it is down', async () => {
    const world = await planning(fleetWith(CARELESS, 1));
    const weights = async () => {
      const { goal } = world.ledger.peek(world.fleet.cell).state;
      const plan = await getPlan(world.ledger, world.fleet.cell, goal?.digest ?? '');
      const web = plannedEndpoint(plan, dnsName('web.example.test'));
      return Object.fromEntries(web?.leaves.map((leaf) => [leaf.target, leaf.weight]) ?? []);
    };
    await world.plan();
    expect(await weights()).toEqual({ 'a-4': 43, 'b-1': 85, 'b-2': 85, 'b-3': 255 });
    seeing(world, { 'b-3': { health: 'unhealthy', capacity: 0 } });
    await world.plan();
    expect(await weights()).toEqual({ 'a-4': 43, 'b-1': 85, 'b-2': 85 });
  });

  it('says nothing of targets whose health nobody knows: each keeps the place that it has', async () => {
    const world = await planning(fleetWith({}, 1));
    await world.plan();
    const unknown = Object.fromEntries(
      world.fleet.targets.map(({ id, capacity }) => [id, { health: 'unknown' as const, capacity }]),
    );
    world.see({ type: 'observed', observations: unknown });
    expect(await world.plan()).toMatchObject({ type: 'unchanged' });
    world.see({ type: 'blind', reason: 'no sight' });
    expect(await world.plan()).toMatchObject({ type: 'unchanged' });
  });
});
