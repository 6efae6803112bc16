// @module-tag slow
import { describe, expect, it } from 'vitest';
import { invariant } from '../../lib/plan/invariant.ts';
import { NO_FAULTS } from '../../lib/simulator/engine/decision.ts';
import { runLocalCalls } from '../../lib/simulator/engine/local-calls.ts';
import { SEARCHED } from '../../lib/simulator/engine/play-settings.ts';
import { decisionsOf } from '../../lib/simulator/engine/possible-decisions.ts';
import type { Stage } from '../../lib/simulator/engine/scenario.ts';
import { scenarioNamed } from '../../lib/simulator/engine/scenarios.ts';
import { isReducible, searchReduced } from '../../lib/simulator/model-checker/reduced-search.ts';
import { searchedStage, worldsByStep, worldsExplored } from '../support/searched-worlds.ts';

/** Plays choices from the beginning, and returns the key of the shared state that they lead to. */
async function worldAfter(stage: Stage, choices: readonly number[]): Promise<string> {
  const play = await stage.begin(SEARCHED);
  await runLocalCalls(play);
  for (const choice of choices) {
    const decision = decisionsOf(play)[choice];
    invariant(decision !== undefined, `there is no decision ${choice}`);
    await play.apply(decision, () => 0);
    await runLocalCalls(play);
  }
  return play.environment.key(true);
}

describe('a search of every world', () => {
  for (const [name, faults] of [
    ['two-enactors', 0],
    // These with faults, and larger ones, are in test/exploration/search.test.ts.
    ['enactor-janitor', 0],
    ['frozen-in-flight', 0],
    ['raise-against-enactor', 1],
    ['handed-over', 1],
  ] as const) {
    it(`of ${name} with ${faults} faults finds the worlds that a search step by step finds, and no other`, async () => {
      const explored = await worldsExplored(name, faults);
      expect(explored).toEqual(await worldsByStep(name, faults));
      expect(explored.length).toBeGreaterThan(30);
    }, 120_000);
  }

  it.each(['two-enactors', 'enactor-janitor', 'enactor-planner', 'frozen-in-flight'])(
    'may believe what actors say they have forgotten: without, the worlds of %s are the same',
    async (name) => {
      expect(await worldsByStep(name, 0, false)).toEqual(await worldsByStep(name, 0));
    },
    120_000,
  );

  it('names the choices that lead to a world', async () => {
    const stage = await searchedStage('enactor-janitor', 1);
    for (let wanted = 1; wanted <= 97; wanted += 48) {
      let worlds = 0;
      let there = '';
      const { violation, complete } = await searchReduced(stage, {
        visited: ({ environment }) => {
          worlds += 1;
          there = environment.key(true);
          invariant(worlds < wanted, 'here it is');
        },
      });
      expect(complete).toBe(false);
      expect(violation?.message).toBe('here it is');
      expect(await worldAfter(stage, violation?.choices ?? [])).toBe(there);
    }
  }, 120_000);

  it('says that nothing is proven when it was stopped', async () => {
    const { complete, violation } = await searchReduced(await searchedStage('two-enactors', 1), {
      statesMax: 500,
    });
    expect({ complete, violation }).toEqual({ complete: false, violation: undefined });
  });

  it('takes no scenario in which a hand is at work, or somebody thaws', () => {
    const quiet = (name: string) => ({ ...scenarioNamed(name), budget: NO_FAULTS });
    expect(isReducible(quiet('retire'))).toBe(true);
    expect(isReducible(scenarioNamed('retire'))).toBe(false);
    expect(isReducible(quiet('thaw'))).toBe(false);
  });
});
