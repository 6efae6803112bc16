// @module-tag slow
import { describe, expect, it } from 'vitest';
import { cellName } from '../../lib/plan/names.ts';
import type { RolledOut, RolloutDeps } from '../../lib/rollout/rollout.ts';
import type { RolloutWorld } from './rollout-world.ts';
import {
  answering,
  BAKE_MS,
  declarations,
  eventsIn,
  fleetsOf,
  GOOD,
  rolling,
  rolloutWorld,
  WRONG,
} from './rollout-world.ts';

/** The process that carries a rollout out is gone. */
class Killed extends Error {
  override readonly name = 'Killed';
}

/**
 * The same deps, whose holder dies instead of its call number `death`, counted from 1. To die after a call is to die
 * instead of the next one. `calls` counts them.
 */
function dying(
  deps: RolloutDeps,
  death: number | undefined,
): { readonly deps: RolloutDeps; readonly calls: () => number } {
  let calls = 0;
  const mortal =
    <Args extends readonly unknown[], Result>(call: (...args: Args) => Promise<Result>) =>
    async (...args: Args): Promise<Result> => {
      calls += 1;
      // What is dead asks for nothing more, even where somebody catches what its last call threw.
      if (death !== undefined && calls >= death) throw new Killed();
      return call(...args);
    };
  const { ledger, clock, watch } = deps;
  return {
    calls: () => calls,
    deps: {
      ...deps,
      ledger: {
        id: ledger.id,
        cells: mortal(() => ledger.cells()),
        head: mortal((cell) => ledger.head(cell)),
        append: mortal((head, entry) => ledger.append(head, entry)),
        events: mortal((cell, range) => ledger.events(cell, range)),
        putBody: mortal((cell, text) => ledger.putBody(cell, text)),
        getBody: mortal((cell, digest) => ledger.getBody(cell, digest)),
      },
      clock: { now: () => clock.now(), sleep: mortal((ms, signal) => clock.sleep(ms, signal)) },
      watch: { audit: mortal((cell) => watch.audit(cell)), ringing: mortal((cells) => watch.ringing(cells)) },
    },
  };
}

/** Two cells in two waves. */
const WAVES = [['use1-a'], ['euw1-a']].map((wave) => wave.map(cellName));

interface Played {
  readonly world: RolloutWorld;
  readonly end: RolledOut;
  readonly calls: number;
}

/** One rollout by a process that dies, then the same one again by another. */
async function play(network: string, death: number | undefined): Promise<Played> {
  const world = await rolloutWorld(2);
  const cells = fleetsOf(world.zoneId, network, 2);
  const mortal = dying({ ...world.deps, lookMs: BAKE_MS }, death);
  const request = { cells, waves: WAVES };
  try {
    return {
      world,
      end: await rolling(world, network, { ...request, deps: mortal.deps }),
      calls: mortal.calls(),
    };
  } catch (error) {
    if (!(error instanceof Killed)) throw error;
    await world.pass(10_000);
    return { world, end: await rolling(world, network, request), calls: mortal.calls() };
  }
}

/** When something was appended first in a cell since the world began, milliseconds since 1970. */
async function firstAt({ ledger }: RolloutWorld, cell: string, type: string, after: number): Promise<number> {
  const all = await ledger.events(cellName(cell), { after: 0, limit: 1_000, order: 'forward' });
  return all.find(({ event, at }) => event.type === type && at > after)?.at ?? Number.NaN;
}

/** Some hundred rollouts. */
const TIMEOUT_MS = 120_000;

describe('a rollout that is killed at any call of its ports', () => {
  it(
    'goes on when it is asked for again, and no wave begins before the one before it has baked',
    async () => {
      const whole = await play(GOOD, undefined);
      expect(whole.end).toEqual({ type: 'done' });
      expect(whole.calls).toBeGreaterThan(50);
      for (let at = 1; at <= whole.calls; at += 1) {
        const { world, end } = await play(GOOD, at);
        const about = `killed at call ${at}`;
        expect(end, about).toEqual({ type: 'done' });
        expect(await declarations(world), about).toMatchObject({ 'use1-a': 2, 'euw1-a': 2 });
        const begun = 1_000_000_000 + 86_400_000;
        const applied = await firstAt(world, 'use1-a', 'PlanApplied', begun);
        const next = await firstAt(world, 'euw1-a', 'FleetDeclared', begun);
        expect(next - applied, about).toBeGreaterThanOrEqual(BAKE_MS);
      }
    },
    TIMEOUT_MS,
  );

  it(
    'takes a bad wave back once, and goes no further',
    async () => {
      const whole = await play(WRONG, undefined);
      expect(whole.end).toMatchObject({ type: 'rolled-back', wave: 1 });
      for (let at = 1; at <= whole.calls; at += 1) {
        const { world, end } = await play(WRONG, at);
        const about = `killed at call ${at}`;
        expect(end, about).toMatchObject({ type: 'rolled-back', wave: 1, cells: [{ cell: 'use1-a' }] });
        const events = await eventsIn(world, 'use1-a');
        const rollbacks = events.filter(
          (event) => event.type === 'PlanAppended' && event.origin === 'rollback',
        );
        expect(rollbacks, about).toHaveLength(1);
        expect(await declarations(world), about).toMatchObject({ 'use1-a': 2, 'euw1-a': 1 });
        await world.pass(60_000);
        expect(answering(world), about).toMatchObject({ 'use1-a': '192.0.2', 'euw1-a': '192.0.2' });
        expect(world.ledger.peek(cellName('use1-a')).state.paused, about).not.toBeNull();
      }
    },
    TIMEOUT_MS,
  );
});
