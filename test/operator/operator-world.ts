import { planOf } from '../../lib/cell/cell-bodies.ts';
import type { Writer } from '../../lib/cell/fenced-write.ts';
import { staticSource } from '../../lib/fleet/sources/static-source.ts';
import type { LedgerEvent } from '../../lib/ledger/decider/events.ts';
import type { Ledger } from '../../lib/ledger/ledger.ts';
import { LedgerUnavailable } from '../../lib/ledger/ledger.ts';
import type { FreezeDeps } from '../../lib/operator/freeze.ts';
import { freeze } from '../../lib/operator/freeze.ts';
import type { OperatorZoneDeps } from '../../lib/operator/operator.ts';
import { thaw } from '../../lib/operator/thaw.ts';
import type { Fence } from '../../lib/plan/fence.ts';
import { readFenceRecords } from '../../lib/plan/fence.ts';
import { fenceName } from '../../lib/plan/owned-names.ts';
import type { Plan } from '../../lib/plan/plan.ts';
import type { RecordSet } from '../../lib/plan/records.ts';
import { create, remove } from '../../lib/plan/records.ts';
import { planCell } from '../../lib/planner/plan-cell.ts';
import type { PlanOutcome } from '../../lib/planner/planner.ts';
import type { Clock } from '../../lib/runtime/clock.ts';
import type { SimulatedWorld } from '../../lib/simulator/engine/simulated-world.ts';
import { simulatedWorld } from '../../lib/simulator/engine/simulated-world.ts';
import { silentTelemetry } from '../../lib/telemetry/telemetry.ts';
import { finish } from '../support/drive.ts';
import { waitOf } from '../support/fence-wait.ts';
import { applyNewest } from '../support/scenario.ts';
import type { SmallFleet } from '../support/small-fleet.ts';
import { smallFleet } from '../support/small-fleet.ts';

/**
 * A world whose first plan is applied and everywhere.
 *
 * @param more such as the format of its log, which is the newest unless given.
 */
export async function convergedWorld(
  fleet: SmallFleet = smallFleet(1),
  more: { readonly format?: number } = {},
): Promise<SimulatedWorld> {
  const world = await simulatedWorld({ fleet, ...more });
  await world.plan();
  await applyNewest(world, 'enactor-first');
  return world;
}

type Body<T> = (deps: OperatorZoneDeps) => Promise<T>;

/** Starts a person's verb, suspended at its first call. */
export function begin(world: SimulatedWorld, name: string, body: Body<unknown>): Promise<void> {
  return world.startActor(name, 'operator', (ports) =>
    body({ ...ports, randomness: ports.writer.randomness, telemetry: silentTelemetry, name }),
  );
}

/** Lets a person's verb run alone to its end. */
export async function order<T>(world: SimulatedWorld, name: string, body: Body<T>): Promise<T> {
  await begin(world, name, body);
  return (await finish(world, name)) as T;
}

/** What a person does who freezes the cell. */
export function freezing(deps: FreezeDeps): ReturnType<typeof freeze> {
  return freeze(deps, { cell: deps.writer.scope.cell, reason: 'looking into it', wait: waitOf(deps) });
}

/** What a person does who thaws it. */
export function thawing(deps: OperatorZoneDeps): ReturnType<typeof thaw> {
  return thaw(deps, { cell: deps.writer.scope.cell });
}

/** Starts a rescue, which has no ledger at all. */
export function beginRescue(
  world: SimulatedWorld,
  name: string,
  body: (writer: Writer, clock: Clock) => Promise<unknown>,
): Promise<void> {
  return world.startActor(name, 'rescue', ({ writer, clock }) => body(writer, clock));
}

/** Lets a rescue run alone to its end. */
export async function rescue<T>(
  world: SimulatedWorld,
  name: string,
  body: (writer: Writer, clock: Clock) => Promise<T>,
): Promise<T> {
  await beginRescue(world, name, body);
  return (await finish(world, name)) as T;
}

/** Runs a sweeping enactor alone to its end. */
export async function enactNow(world: SimulatedWorld, name: string): Promise<unknown> {
  await world.startEnactor(name, 'sweep');
  return finish(world, name);
}

/** Runs a planner that nobody asked: paused and coalesced as its policy says. */
export function planRoutinely({ ledger, time, scope }: SimulatedWorld): Promise<PlanOutcome> {
  const deps = { ledger, source: staticSource(), clock: time, telemetry: silentTelemetry, name: 'planner' };
  return planCell(deps, { cell: scope.cell, append: true });
}

/** The fence as it stands; throws when it cannot be read. */
export function fenceOf(world: SimulatedWorld): Fence {
  const reading = readFenceRecords(recordsAtFence(world));
  if (reading.type !== 'fence') throw new Error(`the fence is ${reading.type}`);
  return reading.fence;
}

/** Puts other records in the fence's place, by hand. */
export function tamperFence(world: SimulatedWorld, ...values: readonly string[]): void {
  const name = fenceName(world.scope);
  const instead = values.length === 0 ? [] : [create({ name, type: 'TXT', ttl: 5, values })];
  world.tamper([...recordsAtFence(world).map(remove), ...instead]);
}

function recordsAtFence(world: SimulatedWorld): readonly RecordSet[] {
  return world.records().filter(({ name }) => name === fenceName(world.scope));
}

/** Events appended since `after`, oldest first. */
export async function eventsSince(world: SimulatedWorld, after: number): Promise<readonly LedgerEvent[]> {
  const range = { after, limit: 1_000, order: 'forward' } as const;
  return (await world.ledger.events(world.scope.cell, range)).map(({ event }) => event);
}

/** What each of the cell's roots points at, by name and type. */
export function roots(world: SimulatedWorld): Readonly<Record<string, string>> {
  return Object.fromEntries(
    world
      .records()
      .flatMap(({ name, type, alias }) =>
        alias === undefined || name.includes('._pawl.') ? [] : [[`${name} ${type}`, alias.name]],
      ),
  );
}

/** The goal's plan, as a person has it in a file. */
export async function livePlan({ ledger, scope: { cell } }: SimulatedWorld): Promise<Plan> {
  const plan = await planOf(ledger, cell, ledger.peek(cell).state.goal);
  if (plan === undefined) throw new Error('there is no goal yet');
  return plan;
}

/** The addresses that a name answers with, through its alias, in order. */
export function answers(world: SimulatedWorld, name: string, type = 'A'): readonly string[] {
  const records = world.records();
  const root = records.find((record) => record.name === name && record.type === type);
  if (root?.alias === undefined) return [...(root?.values ?? [])].sort();
  const leaves = records.filter((record) => record.name === root.alias?.name && record.type === type);
  return leaves.flatMap(({ values }) => values ?? []).sort();
}

/** A ledger that cannot be reached. */
export function deadLedger(id: string): Ledger {
  const down = async (): Promise<never> => {
    throw new LedgerUnavailable('The table cannot be reached.');
  };
  return { id, cells: down, head: down, append: down, events: down, putBody: down, getBody: down };
}
