import { describe, expect, it } from 'vitest';
import { Route53Error } from '../../lib/emulator/route53-error.ts';
import { boundedReading, readFenceRecords } from '../../lib/plan/fence.ts';
import { isWithin } from '../../lib/plan/names.ts';
import { fenceName, ownedSubtree } from '../../lib/plan/owned-names.ts';
import type { RecordSet } from '../../lib/plan/records.ts';
import { recordKey } from '../../lib/plan/records.ts';
import type { Tampering } from '../../lib/simulator/tampering.ts';
import { chooseTampering } from '../../lib/simulator/tampering.ts';
import type { SimulatedWorld } from '../../lib/simulator/world.ts';
import { finish, timeline } from '../support/drive.ts';
import { applyNewest, newPlan, worldWithPlanToApply } from '../support/scenario.ts';
import { seededChoice } from '../support/seeded-choice.ts';

/** I4: so many zones, each broken in one to eight ways by its own seed. */
const ZONES = 10_000;
const TAMPERINGS_MAX = 8;
const ENDPOINTS = ['api.example.test', 'web.example.test'];

describe('an undisturbed sweep', () => {
  it(`brings any of ${ZONES} broken zones to the goal, or stops where the protocol says so, touching nothing foreign`, async () => {
    const endings: Record<string, number> = {};
    for (let seed = 1; seed <= ZONES; seed += 1) {
      const ending = await sweepBrokenZone(seed);
      endings[ending] = (endings[ending] ?? 0) + 1;
    }
    // Each way of ending was really met, and most zones are brought to their goal.
    expect(Object.keys(endings).sort()).toEqual(['at goal', 'frozen', 'other ledger']);
    expect(endings['at goal']).toBeGreaterThan(ZONES / 2);
  }, 240_000);
});

async function sweepBrokenZone(seed: number): Promise<string> {
  const choose = seededChoice(seed);
  const world = await worldWithPlanToApply();
  if (choose(2) === 0) {
    await applyNewest(world, 'enactor-2');
    if (choose(2) === 0) await newPlan(world, 3);
  }
  const done = breakZone(world, choose);
  const before = world.records();
  const expected = expectedEnding(world, before);
  await world.startEnactor('enactor-sweep', 'sweep');
  const outcome = (await finish(world, 'enactor-sweep').catch((error: unknown) => {
    throw new Error(`seed ${seed}: ${done.map(({ what }) => what).join('; ')}\n${timeline(world)}`, {
      cause: error,
    });
  })) as { type: string };
  const story = () =>
    `seed ${seed}\n${done.map(({ what }) => what).join('\n')}\n${JSON.stringify(outcome)}\n${timeline(world)}`;
  expect(foreign(world, world.records()), story()).toEqual(foreign(world, before));
  if (expected === 'at goal') expectAtGoal(world, story);
  else {
    expect(outcome.type, story()).toBe(expected === 'frozen' ? 'frozen' : 'refused');
    expect(world.records(), story()).toEqual(before);
  }
  return expected;
}

function breakZone(world: SimulatedWorld, choose: (below: number) => number): readonly Tampering[] {
  const done: Tampering[] = [];
  const count = 1 + choose(TAMPERINGS_MAX);
  for (let index = 0; index < count; index += 1) {
    const input = {
      scope: world.scope,
      records: world.records(),
      endpoints: ENDPOINTS as never,
      ledger: world.ledger.id,
    };
    const tampering = chooseTampering(input, choose);
    if (tampering === undefined) continue;
    const deletes = tampering.deletes.map((record) => ({ action: 'DELETE' as const, record }));
    const creates = tampering.creates.map((record) => ({ action: 'CREATE' as const, record }));
    try {
      world.tamper([...deletes, ...creates]);
      done.push(tampering);
    } catch (error) {
      // Route 53 refuses some of what a hand would do; then the hand did nothing.
      if (!(error instanceof Route53Error)) throw error;
    }
  }
  return done;
}

/** What the protocol's table says of the fence as it stands, told without the enactor's own code. */
function expectedEnding(
  world: SimulatedWorld,
  records: readonly RecordSet[],
): 'at goal' | 'frozen' | 'other ledger' {
  const there = records.filter(({ name }) => name === fenceName(world.scope));
  const { highest } = world.ledger.peek(world.scope.cell).state;
  const reading = boundedReading(readFenceRecords(there), highest);
  if (reading.type !== 'fence') return 'at goal';
  if (reading.fence.ledger !== world.ledger.id) return 'other ledger';
  return reading.fence.frozen ? 'frozen' : 'at goal';
}

function expectAtGoal(world: SimulatedWorld, story: () => string): void {
  const { state } = world.ledger.peek(world.scope.cell);
  expect(state.applied?.generation, story()).toBe(state.goal?.generation);
  const fence = readFenceRecords(world.records().filter(({ name }) => name === fenceName(world.scope)));
  expect(fence, story()).toMatchObject({
    type: 'fence',
    fence: { generation: state.goal?.generation, frozen: false },
  });
  const records = world.records();
  const address = state.history.length === 1 ? 1 : undefined;
  for (const [name, second] of [
    ['api.example.test', '192.0.2.102'],
    ['web.example.test', '192.0.2.202'],
  ] as const) {
    const roots = records.filter(
      (record) => record.name === name && ['A', 'AAAA', 'CNAME'].includes(record.type),
    );
    expect(roots, story()).toHaveLength(1);
    const leaves = records.filter((record) => record.name === roots[0]?.alias?.name);
    expect(leaves, story()).toHaveLength(2);
    const values = leaves.flatMap((leaf) => leaf.values ?? []);
    expect(values, story()).toContain(second);
    if (name === 'api.example.test' && address !== undefined)
      expect(values, story()).toContain(`192.0.2.${address}`);
    const rollback = records.filter((record) =>
      record.name.startsWith(`rollback.${name.split('.')[0]}.use1-a.`),
    );
    expect(rollback, story()).toHaveLength(1);
    expect(
      records.some((record) => record.name === rollback[0]?.alias?.name && record.type === 'A'),
      story(),
    ).toBe(true);
  }
}

function foreign(world: SimulatedWorld, records: readonly RecordSet[]): readonly string[] {
  return records
    .filter(
      ({ name, type }) =>
        !isWithin(name, ownedSubtree(world.scope)) &&
        !(ENDPOINTS.includes(name) && ['A', 'AAAA', 'CNAME'].includes(type)),
    )
    .map((record) => `${recordKey(record)} ${JSON.stringify(record)}`);
}
