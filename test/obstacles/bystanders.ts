import { expect } from 'vitest';
import type { Sketch, Sketches } from './obstructed-fleet.ts';
import { nameOf } from './obstructed-fleet.ts';
import type { ObstructedWorld, Typed } from './obstructed-world.ts';

/** A cell in which something stands in the way of some endpoints, before the round that finds it out. */
export interface Hindered {
  /** The fleet that was pushed last. */
  readonly fleet: Sketches;
  /** The endpoints that cannot be as desired. */
  readonly culprits: readonly string[];
  /** Part of Route 53's words, or of what stands in the way. */
  readonly words: RegExp;
}

/** What DNS answers where nothing stands in the way, but for the targets at these places, counted from 1. */
export function answersOf(sketch: Sketch, without: readonly number[] = []): readonly string[] {
  if (!('addresses' in sketch)) throw new Error('Only addresses are asked for here.');
  return sketch.addresses.filter((_, index) => !without.includes(index + 1)).toSorted();
}

/** Every endpoint but the culprits answers as the fleet says, but for targets that are out. */
export async function othersAreServed(
  world: ObstructedWorld,
  { fleet, culprits }: Hindered,
  out: Readonly<Record<string, readonly number[]>> = {},
): Promise<void> {
  const expected: Record<string, readonly string[]> = {};
  const answered: Record<string, readonly string[]> = {};
  for (const [label, sketch] of Object.entries(fleet)) {
    if (culprits.includes(label)) continue;
    expected[label] = answersOf(sketch, out[label] ?? out['*']);
    answered[label] = await world.answers(nameOf(label));
  }
  expect(answered).toEqual(expected);
}

/** The log, the status and an explanation of each culprit name it, say why, and say what to do. */
export async function culpritsAreNamed(world: ObstructedWorld, { culprits, words }: Hindered): Promise<void> {
  const refusals = await world.events('EndpointRefused');
  const names = culprits.map(nameOf);
  expect([...new Set(refusals.map(({ name }) => name))].sort()).toEqual(names.toSorted());
  for (const { reason, records } of refusals) {
    expect(reason).toMatch(words);
    expect(records.length).toBeGreaterThan(0);
  }
  const status = await world.pawl('status');
  expect(status, status.out).toMatchObject({ exit: 1 });
  expect(status.out).toMatch(words);
  for (const name of names) {
    expect(status.out).toContain(name);
    expect(status.out).toContain('pawl retry');
    const explained = await world.pawl(`explain ${name}`);
    expect(explained, explained.err).toMatchObject({ exit: 1 });
    expect(explained.out + explained.err).toMatch(words);
    expect(explained.out + explained.err).toContain(`pawl retry ${name}`);
  }
}

/**
 * Nothing is sent while nothing changes and the wait is not over, however often everybody looks. Nothing is recorded
 * either, once the planner has read what the enactors found.
 */
export async function nothingIsSentInVain(world: ObstructedWorld): Promise<void> {
  const batches = world.batches();
  await world.sweep();
  const events = await world.logged();
  for (let sweep = 0; sweep < 2; sweep += 1) await world.sweep();
  expect({ batches: world.batches(), events: await world.logged() }).toEqual({ batches, events });
}

/**
 * A target of `api` that fails, and a zone that is evacuated, while something stands in the way of others: each leaves
 * with one run of the planner and of the enactors, which is less than a round.
 *
 * @returns the order to evacuate.
 */
export async function failuresLeave(world: ObstructedWorld, hindered: Hindered): Promise<Typed> {
  await world.pawl('target observe api-1 --health unhealthy');
  await world.sweep();
  await othersAreServed(world, hindered, { api: [1] });
  const evacuated = await world.pawl('evacuate az3 --yes');
  expect(evacuated.err).not.toMatch(/pawl:/);
  await world.sweep();
  await othersAreServed(world, hindered, { api: [1, 3], '*': [3] });
  return evacuated;
}

/**
 * All of it: one round, and whoever is hindered hinders nobody else.
 *
 * @returns the order to evacuate a zone that was given then.
 */
export async function othersLiveOn(world: ObstructedWorld, hindered: Hindered): Promise<Typed> {
  await world.round();
  await othersAreServed(world, hindered);
  await culpritsAreNamed(world, hindered);
  await nothingIsSentInVain(world);
  return failuresLeave(world, hindered);
}

/** After one more round all is as desired, and everybody says so. */
export async function allIsServed(
  world: ObstructedWorld,
  fleet: Sketches,
  out: Readonly<Record<string, readonly number[]>> = { api: [1, 3], '*': [3] },
): Promise<void> {
  await world.round();
  await othersAreServed(world, { fleet, culprits: [], words: /./ }, out);
  const status = await world.pawl('status');
  expect(status, status.out).toMatchObject({ exit: 0 });
  const audit = await world.pawl('audit --no-dns');
  expect(audit, audit.out).toMatchObject({ exit: 0 });
  await nothingIsSentInVain(world);
}
