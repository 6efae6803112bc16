import { describe, expect, it } from 'vitest';
import type { World } from '../../../lib/wiring/world.ts';
import { workOnce } from '../../rollout/working-cells.ts';
import { seededRandomness } from '../../support/seeded-randomness.ts';
import type { Rehearsal } from '../rehearsal.ts';
import { converged, fleetText } from '../rehearsal.ts';

/** The roles of every cell work whenever a command waits, except for what is stopped. */
function working(
  { ledger, core, zoneId, clock }: Rehearsal,
  stopped: Parameters<typeof workOnce>[1] = {},
): Partial<World> {
  const place = { ledger, core, zoneId, clock, randomness: seededRandomness() };
  const sleep = async (ms: number): Promise<void> => {
    clock.shift(ms);
    await workOnce(place, stopped);
  };
  return { clock: { now: () => clock.now(), sleep } };
}

/** One endpoint changes, and the other would lose two thirds of its capacity, which a person has to approve. */
const HELD = fleetText({ capacity: 80 }).replace('[web-1, web-2]', '[web-1]');

async function waited(text: string, words: string, stopped: Parameters<typeof workOnce>[1] = {}) {
  const stage = await converged();
  const path = await stage.file('fleet.yaml', text);
  const world = working(stage, stopped);
  const performed = await stage.pawl(`fleet push ${path} --yes ${words}`, { world });
  return { stage, path, world, ...performed };
}

describe('a push that waits', () => {
  it('ends with 0 once it is applied', async () => {
    const { exit, out, stage } = await waited(fleetText({ capacity: 80 }), '--wait applied');
    expect(exit).toBe(0);
    expect(out).toMatch(/use1-a: not applied yet\.\n(?:.*\n)*use1-a: applied\.\n$/);
    expect((await stage.pawl('status')).exit).toBe(0);
  });

  it.each([
    ['applied', 1],
    ['held', 0],
  ] as const)('for %s ends with %i where the rest waits for a person', async (state, exit) => {
    const done = await waited(HELD, `--wait ${state}`);
    expect(done.exit).toBe(exit);
    expect(done.out).toContain('use1-a: applied, and www.example.test waits for a person');
  });

  it('ends with 1 where a person has stopped the cell', async () => {
    const stage = await converged();
    await stage.pawl('pause use1-a --reason looking');
    const path = await stage.file('fleet.yaml', fleetText({ capacity: 80 }));
    const { exit, out } = await stage.pawl(`fleet push ${path} --yes --wait held`, { world: working(stage) });
    expect(exit).toBe(1);
    expect(out).toContain('the planner of use1-a is paused by operator-ana (looking)');
  });

  it('ends with 1 where somebody pushed another fleet meanwhile', async () => {
    const stage = await converged();
    const path = await stage.file('fleet.yaml', fleetText({ capacity: 80 }));
    const theirs = await stage.file('theirs.yaml', fleetText({ capacity: 60 }));
    const sleep = async (ms: number): Promise<void> => {
      stage.clock.shift(ms);
      await stage.pawl(`fleet push ${theirs} --yes`);
    };
    const world = { clock: { now: () => stage.clock.now(), sleep } };
    const { exit, out } = await stage.pawl(`fleet push ${path} --yes --wait applied`, { world });
    expect(exit).toBe(1);
    expect(out).toContain('somebody pushed another fleet for cell use1-a since');
  });

  it('ends with 3 when nobody applies it in time, and goes on when it is typed again', async () => {
    const { exit, err, stage, path } = await waited(fleetText({ capacity: 80 }), '--wait applied', {
      enactors: ['use1-a'],
    });
    expect(exit).toBe(3);
    expect(err).toContain('it stays declared, and "pawl status" says what it waits for');
    const again = await stage.pawl(`fleet push ${path} --yes --wait applied --json`, {
      world: working(stage),
    });
    expect(again.exit).toBe(0);
    expect(JSON.parse(again.out)).toMatchObject({
      declared: false,
      wait: { for: 'applied', type: 'applied', cells: [{ cell: 'use1-a', type: 'applied' }] },
    });
  });

  it('ends with 1 at Ctrl-C, and leaves declared what is', async () => {
    const stage = await converged();
    const path = await stage.file('fleet.yaml', fleetText({ capacity: 80 }));
    const { exit, err } = await stage.pawl(`fleet push ${path} --yes --wait applied`, {
      interruptAtSleep: 1,
    });
    expect([exit, err]).toEqual([1, expect.stringContaining('what was declared stays declared')]);
  });

  it('is no dry run', async () => {
    const { exit, err } = await waited(fleetText(), '--dry-run --wait held');
    expect([exit, err]).toEqual([2, expect.stringContaining('--wait and --dry-run exclude each other')]);
  });
});
