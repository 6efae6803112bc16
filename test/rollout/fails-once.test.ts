// @module-tag slow
import { describe, expect, it } from 'vitest';
import { LedgerUnavailable } from '../../lib/ledger/ledger.ts';
import { cellName } from '../../lib/plan/names.ts';
import type { RolledOut, RolloutDeps } from '../../lib/rollout/rollout.ts';
import { AlarmsUnseen } from '../../lib/rollout/wave-watch.ts';
import { ZoneUnavailable } from '../../lib/zone/zone.ts';
import type { Troubled } from '../support/troubled-ports.ts';
import { troubledPorts, troublesOf } from '../support/troubled-ports.ts';
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

/*
 * The fault matrix of a push in waves, on the ports themselves: each call fails once, in each way that it can, and the same
 * push goes on. test/rollout/killed-anywhere.test.ts has whoever dies instead of a call.
 */

/** Two cells in two waves. */
const WAVES = [['use1-a'], ['euw1-a']].map((wave) => wave.map(cellName));
/** Some hundred rollouts. */
const TIMEOUT_MS = 240_000;

interface Played {
  readonly world: RolloutWorld;
  readonly sites: readonly string[];
  /** How it ended once it was asked for again; undisturbed where nothing was to fail. */
  readonly end: RolledOut;
}

/** The watch of a rollout, each verb of which fails at its call with this number. */
function troubledWatch(
  { watch }: RolloutDeps,
  fails: { readonly audit?: number; readonly ringing?: number },
): RolloutDeps['watch'] {
  let [audits, looks] = [0, 0];
  return {
    audit: async (cell) => {
      audits += 1;
      if (audits === fails.audit) throw new ZoneUnavailable('Route 53 does not answer.');
      return watch.audit(cell);
    },
    ringing: async (cells) => {
      looks += 1;
      if (looks === fails.ringing) throw new AlarmsUnseen('nobody can see the alarms');
      return watch.ringing(cells);
    },
  };
}

/** One rollout in which something fails once, then the same one again. */
async function play(
  network: string,
  troubled: Troubled | undefined,
  fails: Parameters<typeof troubledWatch>[1] = {},
): Promise<Played> {
  const world = await rolloutWorld(2);
  const { clock } = world.deps;
  const unused = () => {
    throw new Error('a rollout reaches no zone');
  };
  const ports = troubledPorts(
    { ledger: async () => world.ledger, zone: unused, zoneIds: unused, clock },
    troubled,
  );
  const ledger = (await ports.world.ledger?.()) ?? world.ledger;
  const request = { cells: fleetsOf(world.zoneId, network, 2), waves: WAVES };
  const deps = {
    ledger,
    clock: ports.world.clock ?? clock,
    watch: troubledWatch(world.deps, fails),
    lookMs: BAKE_MS,
  };
  const first = await rolling(world, network, { ...request, deps }).catch((error: unknown) => {
    if (error instanceof LedgerUnavailable || error instanceof ZoneUnavailable) return undefined;
    throw error;
  });
  if (first !== undefined && troubled === undefined && Object.keys(fails).length === 0)
    return { world, sites: ports.sites, end: first };
  await world.pass(10_000);
  return { world, sites: ports.sites, end: await rolling(world, network, request) };
}

/** Everything that may fail once in this rollout. */
async function failures(
  network: string,
): Promise<readonly (readonly [about: string, () => Promise<Played>])[]> {
  const { sites } = await play(network, undefined);
  const calls = sites.flatMap((site, index) =>
    troublesOf(site)
      .filter((trouble) => trouble !== 'dies')
      .map((trouble) => {
        const at = index + 1;
        return [`${trouble} at ${at}, ${site}`, () => play(network, { at, trouble })] as const;
      }),
  );
  const watched = [1, 2, 3].flatMap((at) => [
    [`audit ${at} fails`, () => play(network, undefined, { audit: at })] as const,
    [`look ${at} at the alarms fails`, () => play(network, undefined, { ringing: at })] as const,
  ]);
  return [...calls, ...watched];
}

/** When something was appended in a cell since the world began, milliseconds since 1970. */
async function firstAt({ ledger }: RolloutWorld, cell: string, type: string): Promise<number> {
  const begun = 1_000_000_000 + 86_400_000;
  const all = await ledger.events(cellName(cell), { after: 0, limit: 1_000, order: 'forward' });
  return all.find(({ event, at }) => event.type === type && at > begun)?.at ?? Number.NaN;
}

describe('a push in waves of which each call fails once', () => {
  it(
    'goes on with the same command, and no wave begins before the one before it has baked',
    async () => {
      const all = await failures(GOOD);
      expect(all.length).toBeGreaterThan(50);
      for (const [about, fail] of all) {
        const { world, end } = await fail();
        expect(end, about).toEqual({ type: 'done' });
        expect(await declarations(world), about).toMatchObject({ 'use1-a': 2, 'euw1-a': 2 });
        const applied = await firstAt(world, 'use1-a', 'PlanApplied');
        const next = await firstAt(world, 'euw1-a', 'FleetDeclared');
        expect(next - applied, about).toBeGreaterThanOrEqual(BAKE_MS);
      }
    },
    TIMEOUT_MS,
  );

  it(
    'goes back once where it goes wrong, and is never declared in a later wave',
    async () => {
      for (const [about, fail] of await failures(WRONG)) {
        const { world, end } = await fail();
        expect(end, about).toMatchObject({ type: 'rolled-back', wave: 1, cells: [{ cell: 'use1-a' }] });
        const rollbacks = (await eventsIn(world, 'use1-a')).filter(
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
