import { invariant } from '../../lib/plan/invariant.ts';
import { NO_FAULTS } from '../../lib/simulator/engine/decision.ts';
import type { Play } from '../../lib/simulator/engine/playing.ts';
import type { Stage } from '../../lib/simulator/engine/scenario.ts';
import { prepareStage } from '../../lib/simulator/engine/scenario.ts';
import { scenarioNamed } from '../../lib/simulator/engine/scenarios.ts';
import { searchReduced } from '../../lib/simulator/model-checker/reduced-search.ts';
import type { SearchSettings } from '../../lib/simulator/model-checker/step-search.ts';
import { searchStepByStep } from '../../lib/simulator/model-checker/step-search.ts';
import type { Permutation } from '../../lib/simulator/model-checker/symmetry.ts';
import { permutationsOf } from '../../lib/simulator/model-checker/symmetry.ts';

/** A scenario as searches are played in it. */
export function searchedStage(name: string, faults: number, forgets = true): Promise<Stage> {
  return prepareStage({ ...scenarioNamed(name), budget: { ...NO_FAULTS, faults } }, { forgets });
}

/**
 * Every world that a search finds in which each step and each death is a decision, whoever has which name; in order.
 *
 * @param forgets whether actors are believed what they have forgotten.
 */
export async function worldsByStep(name: string, faults: number, forgets = true): Promise<readonly string[]> {
  return worldsOf(await searchedStage(name, faults, forgets), searchStepByStep);
}

/** Every world that the search of worlds finds, whoever has which name; in order. */
export async function worldsExplored(name: string, faults: number): Promise<readonly string[]> {
  return worldsOf(await searchedStage(name, faults), searchReduced);
}

async function worldsOf(
  stage: Stage,
  search: (
    stage: Stage,
    settings: Pick<SearchSettings, 'visited'>,
  ) => Promise<{ readonly complete: boolean; readonly violation?: { readonly message: string } }>,
): Promise<readonly string[]> {
  const worlds = new Set<string>();
  let permutations: readonly Permutation[] | undefined;
  const { complete, violation } = await search(stage, {
    visited: (play) => {
      permutations ??= permutationsOf(play.seats);
      worlds.add(namelessKey(play, permutations));
    },
  });
  invariant(complete, violation?.message ?? 'the search was stopped');
  return [...worlds].sort();
}

/** Equal for worlds that differ in nothing but in which of two equal actors has which name. */
function namelessKey({ environment }: Play, permutations: readonly Permutation[]): string {
  const keys = permutations.map(({ lens }) => environment.key(true, lens));
  return keys.sort()[0] ?? '';
}
