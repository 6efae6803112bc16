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

/** A scenario with the settings of a search. */
export function searchedStage(name: string, faults: number, forgets = true): Promise<Stage> {
  return prepareStage({ ...scenarioNamed(name), budget: { ...NO_FAULTS, faults } }, { forgets });
}

/**
 * Every shared state that the step-by-step search finds, in order, up to an exchange of names. Each call and each death
 * is a decision.
 *
 * @param forgets whether local states are merged where actors report that they have forgotten their differences.
 */
export async function worldsByStep(name: string, faults: number, forgets = true): Promise<readonly string[]> {
  return worldsOf(await searchedStage(name, faults, forgets), searchStepByStep);
}

/** Every shared state that the reduced search finds, in order, up to an exchange of names. */
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

/** Equal for shared states that differ only in which of two equal actors has which name. */
function namelessKey({ environment }: Play, permutations: readonly Permutation[]): string {
  const keys = permutations.map(({ lens }) => environment.key(true, lens));
  return keys.sort()[0] ?? '';
}
