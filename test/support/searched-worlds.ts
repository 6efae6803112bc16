import { invariant } from '../../lib/plan/invariant.ts';
import { NO_FAULTS } from '../../lib/simulator/decision.ts';
import type { Exchange } from '../../lib/simulator/exchange.ts';
import { exchangesOf } from '../../lib/simulator/exchange.ts';
import type { ExhaustSettings } from '../../lib/simulator/exhaust.ts';
import { exhaust } from '../../lib/simulator/exhaust.ts';
import { exploreWorlds } from '../../lib/simulator/explore-worlds.ts';
import type { Play } from '../../lib/simulator/playing.ts';
import { scenarioNamed } from '../../lib/simulator/replay.ts';
import type { Stage } from '../../lib/simulator/scenario.ts';
import { prepareStage } from '../../lib/simulator/scenario.ts';

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
  return worldsOf(await searchedStage(name, faults, forgets), exhaust);
}

/** Every world that the search of worlds finds, whoever has which name; in order. */
export async function worldsExplored(name: string, faults: number): Promise<readonly string[]> {
  return worldsOf(await searchedStage(name, faults), exploreWorlds);
}

async function worldsOf(
  stage: Stage,
  search: (
    stage: Stage,
    settings: Pick<ExhaustSettings, 'visited'>,
  ) => Promise<{ readonly complete: boolean; readonly violation?: { readonly message: string } }>,
): Promise<readonly string[]> {
  const worlds = new Set<string>();
  let exchanges: readonly Exchange[] | undefined;
  const { complete, violation } = await search(stage, {
    visited: (play) => {
      exchanges ??= exchangesOf(play.seats);
      worlds.add(namelessKey(play, exchanges));
    },
  });
  invariant(complete, violation?.message ?? 'the search was stopped');
  return [...worlds].sort();
}

/** Equal for worlds that differ in nothing but in which of two equal actors has which name. */
function namelessKey({ ground }: Play, exchanges: readonly Exchange[]): string {
  const keys = exchanges.map(({ lens }) => ground.key(true, lens));
  return keys.sort()[0] ?? '';
}
