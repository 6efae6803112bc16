import { invariant } from '../../lib/plan/invariant.ts';
import { NO_FAULTS } from '../../lib/simulator/decision.ts';
import type { Exchange } from '../../lib/simulator/exchange.ts';
import { exchangesOf } from '../../lib/simulator/exchange.ts';
import type { Exhausted, ExhaustSettings } from '../../lib/simulator/exhaust.ts';
import { exhaust } from '../../lib/simulator/exhaust.ts';
import { exploreWorlds } from '../../lib/simulator/explore-worlds.ts';
import type { Play } from '../../lib/simulator/playing.ts';
import { scenarioNamed } from '../../lib/simulator/replay.ts';
import type { Stage } from '../../lib/simulator/scenario.ts';
import { prepareStage } from '../../lib/simulator/scenario.ts';

/** A scenario as searches are played in it. */
export function searchedStage(name: string, faults: number): Promise<Stage> {
  return prepareStage({ ...scenarioNamed(name), budget: { ...NO_FAULTS, faults } }, { forgets: true });
}

/** Every world that a search finds in which each step and each death is a decision, whoever has which name; in order. */
export function worldsByStep(name: string, faults: number): Promise<readonly string[]> {
  return worldsOf(name, faults, exhaust);
}

/** Every world that the search of worlds finds, whoever has which name; in order. */
export function worldsExplored(name: string, faults: number): Promise<readonly string[]> {
  return worldsOf(name, faults, exploreWorlds);
}

async function worldsOf(
  name: string,
  faults: number,
  search: (stage: Stage, settings: ExhaustSettings) => Promise<Exhausted>,
): Promise<readonly string[]> {
  const worlds = new Set<string>();
  let exchanges: readonly Exchange[] | undefined;
  const { complete, violation } = await search(await searchedStage(name, faults), {
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
