import { isDeepStrictEqual } from 'node:util';
import { Route53Error } from '../../lib/emulator/route53-error.ts';
import { boundedReading, readFenceRecords } from '../../lib/plan/fence.ts';
import type { DnsName } from '../../lib/plan/names.ts';
import { dnsName, isWithin } from '../../lib/plan/names.ts';
import { fenceName, ownedSubtree } from '../../lib/plan/owned-names.ts';
import type { RecordSet } from '../../lib/plan/records.ts';
import { recordKey } from '../../lib/plan/records.ts';
import type { SimulatedWorld } from '../../lib/simulator/engine/simulated-world.ts';
import { chooseTampering } from '../../lib/simulator/engine/tampering.ts';
import type { Tampering } from '../../lib/simulator/engine/tampering-input.ts';
import { finish, timeline } from './drive.ts';
import { applyNewest, newPlan, worldWithPlanToApply } from './scenario.ts';
import { seededChoice } from './seeded-choice.ts';

/** How a cell stands after a sweep of a broken zone. */
export type SweepEnding = 'at goal' | 'frozen' | 'other ledger';

const TAMPERINGS_MAX = 8;
const ENDPOINTS: readonly DnsName[] = [dnsName('api.example.test'), dnsName('web.example.test')];

/** I4: sweeps so many zones, each broken in one to eight ways by its own seed, and counts how the sweeps ended. */
export async function sweepBrokenZones(
  first: number,
  count: number,
  stride = 1,
): Promise<Readonly<Record<SweepEnding, number>>> {
  const endings = { 'at goal': 0, frozen: 0, 'other ledger': 0 };
  const starts = await whereToBegin();
  for (let index = 0; index < count; index += 1)
    endings[await sweepBrokenZone(starts, first + index * stride)] += 1;
  return endings;
}

/** Three cells: one with a plan to apply, one where everything is applied, and one with a third plan to apply. */
async function whereToBegin(): Promise<readonly SimulatedWorld[]> {
  const first = await worldWithPlanToApply();
  const second = first.copy();
  await applyNewest(second, 'enactor-2');
  const third = second.copy();
  await newPlan(third, 3);
  return [first, second, third];
}

async function sweepBrokenZone(starts: readonly SimulatedWorld[], seed: number): Promise<SweepEnding> {
  const choose = seededChoice(seed);
  const start = starts[choose(2) === 0 ? 1 + choose(2) : 0];
  if (start === undefined) throw new Error('there is nowhere to begin');
  const world = start.copy();
  const done = breakZone(world, choose);
  const before = world.records();
  const expected = expectedEnding(world, before);
  await world.startEnactor('enactor-sweep', 'sweep');
  let outcome: { readonly type: string } | undefined;
  const story = () =>
    `seed ${seed}\n${done.map(({ what }) => what).join('\n')}\n${JSON.stringify(outcome)}\n${timeline(world)}`;
  const demand: Demand = (holds, what) => {
    if (!holds) throw new Error(`${what}: ${story()}`);
  };
  try {
    outcome = (await finish(world, 'enactor-sweep')) as { type: string };
  } catch (error) {
    throw new Error(story(), { cause: error });
  }
  demand(
    isDeepStrictEqual(foreign(world, world.records()), foreign(world, before)),
    'foreign records were touched',
  );
  if (expected === 'at goal') demandGoal(world, demand);
  else {
    demand(outcome.type === (expected === 'frozen' ? 'frozen' : 'refused'), `the zone is ${expected}`);
    demand(isDeepStrictEqual(world.records(), before), `the zone was changed although it is ${expected}`);
  }
  return expected;
}

type Demand = (holds: boolean, what: string) => void;

function breakZone(world: SimulatedWorld, choose: (below: number) => number): readonly Tampering[] {
  const done: Tampering[] = [];
  const count = 1 + choose(TAMPERINGS_MAX);
  for (let index = 0; index < count; index += 1) {
    const input = {
      scope: world.scope,
      records: world.records(),
      endpoints: ENDPOINTS,
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
      // Route 53 refuses some changes that a hand attempts. Then the hand has changed nothing.
      if (!(error instanceof Route53Error)) throw error;
    }
  }
  return done;
}

/**
 * How the cell must end by the table of docs/protocol.md, from the fence that stands. It uses none of the enactor's
 * code.
 */
function expectedEnding(world: SimulatedWorld, records: readonly RecordSet[]): SweepEnding {
  const there = records.filter(({ name }) => name === fenceName(world.scope));
  const { highest } = world.ledger.peek(world.scope.cell).state;
  const reading = boundedReading(readFenceRecords(there), highest);
  if (reading.type !== 'fence') return 'at goal';
  if (reading.fence.ledger !== world.ledger.id) return 'other ledger';
  return reading.fence.frozen ? 'frozen' : 'at goal';
}

function demandGoal(world: SimulatedWorld, demand: Demand): void {
  const { state } = world.ledger.peek(world.scope.cell);
  demand(
    state.applied?.generation === state.goal?.generation,
    'the log does not say that the goal is applied',
  );
  const records = world.records();
  const reading = readFenceRecords(records.filter(({ name }) => name === fenceName(world.scope)));
  const isAtGoal = reading.type === 'fence' && reading.fence.generation === state.goal?.generation;
  demand(isAtGoal && !reading.fence.frozen, 'the fence is not at the goal');
  const address = state.history.length === 1 ? 1 : undefined;
  for (const [name, second] of [
    ['api.example.test', '192.0.2.102'],
    ['web.example.test', '192.0.2.202'],
  ] as const) {
    const roots = records.filter(
      (record) => record.name === name && ['A', 'AAAA', 'CNAME'].includes(record.type),
    );
    demand(roots.length === 1, `${name} has ${roots.length} roots`);
    const leaves = records.filter((record) => record.name === roots[0]?.alias?.name);
    demand(leaves.length === 2, `${name} has ${leaves.length} leaves`);
    const values = leaves.flatMap((leaf) => leaf.values ?? []);
    demand(values.includes(second), `${name} does not answer ${second}`);
    if (name === 'api.example.test' && address !== undefined)
      demand(values.includes(`192.0.2.${address}`), `${name} does not answer its first address`);
    demandRollback(records, name, demand);
  }
}

function demandRollback(records: readonly RecordSet[], endpoint: string, demand: Demand): void {
  const rollback = records.filter(({ name }) =>
    name.startsWith(`rollback.${endpoint.split('.')[0]}.use1-a.`),
  );
  demand(rollback.length === 1, `${endpoint} has ${rollback.length} rollback roots`);
  const isThere = records.some(({ name, type }) => name === rollback[0]?.alias?.name && type === 'A');
  demand(isThere, `the rollback root of ${endpoint} points at nothing`);
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
