import { describe, expect, it } from 'vitest';
import { invariant } from '../../lib/plan/invariant.ts';
import { coverWorlds } from '../../lib/simulator/cover-worlds.ts';
import { searchedStage, worldsCovered, worldsExplored } from '../support/searched-worlds.ts';

describe('a search of each actor on its own', () => {
  for (const [name, faults] of [
    ['two-enactors', 0],
    ['enactor-janitor', 1],
    ['frozen-in-flight', 1],
  ] as const) {
    it(`of ${name} with ${faults} faults finds the worlds that a search of who is where finds, and no other`, async () => {
      const covered = await worldsCovered(name, faults);
      expect(covered).toEqual(await worldsExplored(name, faults));
      expect(covered.length).toBeGreaterThan(30);
    }, 120_000);
  }

  it('leaves no world out where it finds more than there are', async () => {
    const covered = new Set(await worldsCovered('two-enactors', 1));
    const explored = await worldsExplored('two-enactors', 1);
    expect(explored.filter((world) => !covered.has(world))).toEqual([]);
    expect(covered.size).toBeGreaterThan(explored.length);
  }, 120_000);

  it('is in doubt about a broken rule, and then nothing is proven', async () => {
    let worlds = 0;
    const { complete, doubt } = await coverWorlds(await searchedStage('enactor-janitor', 0), {
      visited: () => {
        worlds += 1;
        invariant(worlds < 20, 'here it is');
      },
    });
    expect({ complete, message: doubt?.message }).toEqual({ complete: false, message: 'here it is' });
  });

  it('says that nothing is proven when it was stopped', async () => {
    const { complete, doubt } = await coverWorlds(await searchedStage('two-enactors', 1), {
      stop: () => true,
    });
    expect({ complete, doubt }).toEqual({ complete: false, doubt: undefined });
  });
});
