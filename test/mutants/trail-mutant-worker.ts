import { answer, givenWork } from '../support/own-process.ts';
import type { PlayedTrail, TrailedStage } from '../support/simulated-trail.ts';
import type { Replacement } from './mutant.ts';
import { replaceOnLoad } from './replace-on-load.ts';

/** Plays runs on a library in which texts are replaced as they are loaded, until one breaks a rule of the simulator. */
export interface TrailMutantWork {
  readonly replacements: readonly Replacement[];
  /** One scenario; all of a zone with so many cells unless given. */
  readonly scenario?: string | undefined;
  readonly cells: 1 | 2;
  readonly decisionsMax: number;
}

/** The trail of the run that broke a rule: it is verified elsewhere, by a library without the bug. */
export type TrailMutantResult =
  | { readonly type: 'stale'; readonly message: string }
  | { readonly type: 'unbroken' }
  | { readonly type: 'broken'; readonly message: string; readonly trail: PlayedTrail };

const { replacements, scenario, cells, decisionsMax } = await givenWork<TrailMutantWork>();
const stale = replaceOnLoad(replacements);
const { CAMPAIGN } = await import('../../lib/simulator/engine/campaign-scenarios.ts');
const { HANDOVER_CAMPAIGN } = await import('../../lib/simulator/engine/handover-scenarios.ts');
const { scenarioNamed } = await import('../../lib/simulator/engine/scenarios.ts');
const { playNoted, trailedStage } = await import('../support/simulated-trail.ts');

async function played(): Promise<TrailMutantResult> {
  const all = cells === 2 ? HANDOVER_CAMPAIGN : CAMPAIGN;
  const scenarios = scenario === undefined ? all : [scenarioNamed(scenario)];
  const stages: TrailedStage[] = [];
  for (const each of scenarios) stages.push(await trailedStage(each));
  const [message] = stale();
  if (message !== undefined) return { type: 'stale', message };
  let decisions = 0;
  for (let seed = 1; decisions < decisionsMax; seed += 1) {
    const stage = stages[seed % stages.length];
    if (stage === undefined) break;
    const { result, ...trail } = await playNoted(stage, seed);
    decisions += result.decisions;
    if (result.violation !== undefined) return { type: 'broken', message: result.violation.message, trail };
  }
  return { type: 'unbroken' };
}

answer(await played().catch((error: unknown) => ({ type: 'unbroken', message: String(error) })));
