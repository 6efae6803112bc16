// @module-tag slow
import { describe, expect, it } from 'vitest';
import type { Troubled } from '../../support/troubled-ports.ts';
import { troublesOf } from '../../support/troubled-ports.ts';
import type { TakenSetting, TakenWorld } from './taken-world.ts';
import { GIVE, pawlsIn, TAKE, TWO_CELLS, takenWorld, ungoverned } from './taken-world.ts';

/*
 * The fault matrix of the two commands that take a zone over and give it back, on the ports themselves: whoever carries one
 * out dies at a call, is refused it, is beaten to it, or never learns what it did. Then the same command again ends where it
 * would have ended at once, and no name was without its answer after any commit.
 */

/** Thousands of small commands. */
const TIMEOUT_MS = 300_000;

interface Taken extends TakenSetting {
  readonly name: string;
  /** Labels by cell. */
  readonly cells: Readonly<Record<string, readonly string[]>>;
}

const TAKEN: readonly Taken[] = [
  { name: 'a zone that is described', cells: { m: ['h0', 'h1', 'www'] } },
  { name: 'a file of two cells', file: TWO_CELLS, cells: { m: ['h0'], n: ['h1'] } },
];

/** Every call of an undisturbed command, with each trouble that it may meet. */
function troublesIn(sites: readonly string[]): readonly Troubled[] {
  return sites.flatMap((site, index) => troublesOf(site).map((trouble) => ({ at: index + 1, trouble })));
}

async function using(setting: TakenSetting, act: (world: TakenWorld) => Promise<void>): Promise<void> {
  const world = await takenWorld(setting);
  try {
    await act(world);
  } finally {
    await world.close();
  }
}

describe.each(TAKEN)('$name', ({ cells, ...setting }) => {
  it(
    'is taken over by the same command again, whatever its first run met at whichever call',
    async () => {
      let sites: readonly string[] = [];
      await using(setting, async (world) => {
        const whole = await world.pawl(TAKE);
        expect(whole).toMatchObject({ exit: 0 });
        expect(ungoverned(world, cells)).toBeUndefined();
        ({ sites } = whole);
      });
      const troubles = troublesIn(sites);
      expect(new Set(sites)).toContain('ledger.append EndpointAdopted');
      expect(troubles.length).toBeGreaterThan(50);
      for (const troubled of troubles) {
        await using(setting, async (world) => {
          const about = `${troubled.trouble} at ${troubled.at} of ${sites.length}, ${sites[troubled.at - 1]}`;
          const broken = await world.pawl(TAKE, { troubled });
          // The roles go on, whoever has died.
          await world.work();
          const again = await world.pawl(TAKE);
          expect(again.exit, `${about}: ${broken.said}\nthen: ${again.said}`).toBe(0);
          expect(ungoverned(world, cells), about).toBeUndefined();
          expect(world.wrong, about).toEqual([]);
        });
      }
    },
    TIMEOUT_MS,
  );

  it(
    'is given back by the same command again, whatever its first run met at whichever call',
    async () => {
      let sites: readonly string[] = [];
      await using(setting, async (world) => {
        await world.pawl(TAKE);
        const whole = await world.pawl(GIVE);
        expect(whole).toMatchObject({ exit: 0 });
        expect(pawlsIn(world)).toEqual([]);
        ({ sites } = whole);
      });
      const troubles = troublesIn(sites);
      expect(new Set(sites)).toContain('zone.change end');
      for (const troubled of troubles) {
        await using(setting, async (world) => {
          const about = `${troubled.trouble} at ${troubled.at} of ${sites.length}, ${sites[troubled.at - 1]}`;
          await world.pawl(TAKE);
          const broken = await world.pawl(GIVE, { troubled });
          // The roles go on, whoever has died.
          await world.work();
          const again = await world.pawl(GIVE);
          expect(again.exit, `${about}: ${broken.said}\nthen: ${again.said}`).toBe(0);
          expect(pawlsIn(world), about).toEqual([]);
          expect(world.wrong, about).toEqual([]);
        });
      }
    },
    TIMEOUT_MS,
  );
});
