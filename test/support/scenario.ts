import { labelGeneration, treeLabelOf } from '../../lib/plan/owned-names.ts';
import type { SimulatedWorld } from '../../lib/simulator/engine/simulated-world.ts';
import { simulatedWorld } from '../../lib/simulator/engine/simulated-world.ts';
import { finish } from './drive.ts';
import { smallFleet } from './small-fleet.ts';

/** Longer than any INSYNC delay, and longer than an unknown change counts as pending. */
const LONG_MS = 3_600_000;

/** A world whose first plan is applied and INSYNC, and whose second is appended and not applied yet. */
export async function worldWithPlanToApply(): Promise<SimulatedWorld> {
  const world = await simulatedWorld({ fleet: smallFleet(1) });
  await world.plan();
  await applyNewest(world, 'first');
  await newPlan(world, 2);
  return world;
}

/** Appends a plan in which api's first target has another address. */
export async function newPlan(world: SimulatedWorld, address: number): Promise<number> {
  await world.declare(smallFleet(address));
  return world.plan();
}

/** Applies the goal with an enactor of that name, undisturbed, and waits until it is INSYNC. */
export async function applyNewest(world: SimulatedWorld, enactor: string): Promise<void> {
  await world.startEnactor(enactor, 'sweep');
  await finish(world, enactor);
  letTimePass(world);
}

/** Runs a janitor, undisturbed. */
export async function retireOld(world: SimulatedWorld, janitor: string): Promise<unknown> {
  await world.startJanitor(janitor);
  return finish(world, janitor);
}

export function letTimePass(world: SimulatedWorld): void {
  world.time.advanceTo(world.time.now() + LONG_MS);
}

/** The generation of the tree that an endpoint's root points at; undefined when there is no such root. */
export function liveGeneration(world: SimulatedWorld, name: string): number | undefined {
  const root = world.records().find((record) => record.name === name && record.type === 'A');
  const label = root?.alias === undefined ? undefined : treeLabelOf(root.alias.name, world.scope);
  return label === undefined ? undefined : labelGeneration(label);
}

/** The number of calls in which an undisturbed enactor applies the plan of {@link worldWithPlanToApply}. */
export async function callsToApply(mode: 'hint' | 'sweep' = 'hint'): Promise<number> {
  const world = await worldWithPlanToApply();
  const before = world.scheduler.steps().length;
  await world.startEnactor('counted', mode);
  await finish(world, 'counted');
  return world.scheduler.steps().length - before;
}

/** Runs at most `calls` calls of an actor. The actor may end earlier. */
export async function runCalls(world: SimulatedWorld, actor: string, calls: number): Promise<void> {
  for (let call = 0; call < calls && world.scheduler.pending(actor) !== undefined; call += 1) {
    await world.scheduler.run(actor);
  }
}

/** Runs an actor until it is suspended in a call whose site and detail match. Throws when the actor ends first. */
export async function runUntil(
  world: SimulatedWorld,
  actor: string,
  site: string,
  detail: RegExp,
): Promise<void> {
  for (;;) {
    const pending = world.scheduler.pending(actor);
    if (pending === undefined) throw new Error(`${actor} ended before ${site} ${detail}`);
    if (pending.site === site && detail.test(pending.detail)) return;
    await world.scheduler.run(actor);
  }
}
