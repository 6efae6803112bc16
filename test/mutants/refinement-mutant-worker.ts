import type { Stage } from '../../lib/simulator/engine/scenario.ts';
import { answer, givenWork } from '../support/own-process.ts';
import type { Replacement } from './mutant.ts';
import { replaceOnLoad } from './replace-on-load.ts';

/** A bug, and where to look for it. */
export interface RefinementWork {
  readonly replacements: readonly Replacement[];
  readonly scenario?: string;
  /** The number of decisions after which nobody looks any more. */
  readonly within: number;
}

/** At which commit of a run something was found. */
export interface Found {
  readonly commit: number;
  readonly message: string;
}

/** `seed`: of the first run in which anything was found. */
export interface RefinementResult {
  readonly stale?: string;
  readonly seed?: number;
  readonly scenario?: string;
  readonly refinement?: Found;
  readonly invariant?: Found;
}

/** The checker says what it finds, and lets the run go on, so that one sees which invariant breaks and when. */
const NOTED: Replacement = {
  file: 'simulator/checkers/refinement.ts',
  find: "invariant(failing === '',",
  put: "if (failing !== '') process.emit('refinement', failing); invariant(true,",
};

const work = await givenWork<RefinementWork>();
const stale = replaceOnLoad([...work.replacements, NOTED]);
const { CAMPAIGN } = await import('../../lib/simulator/engine/campaign-scenarios.ts');
const { scenarioNamed } = await import('../../lib/simulator/engine/scenarios.ts');
const { prepareStage } = await import('../../lib/simulator/engine/scenario.ts');
const { createSightings } = await import('../../lib/simulator/engine/sightings.ts');
const { playRun } = await import('../../lib/simulator/random/play-run.ts');
const { strategyOf, winnersOf } = await import('../../lib/simulator/random/campaign.ts');

async function look(): Promise<RefinementResult> {
  const scenarios = work.scenario === undefined ? CAMPAIGN : [scenarioNamed(work.scenario)];
  let commits = 0;
  let refinement: Found | undefined;
  process.on('refinement', (message: string) => {
    refinement ??= { commit: commits + 1, message };
  });
  const stages: Stage[] = [];
  for (const scenario of scenarios)
    stages.push(await prepareStage(scenario, { sightings: createSightings(), isRefined: true }));
  if (refinement !== undefined) return { seed: 0, refinement };
  let decisions = 0;
  for (let seed = 1; decisions < work.within; seed += 1) {
    const stage = stages[seed % stages.length];
    if (stage === undefined) break;
    commits = 0;
    const run = await playRun(stage, strategyOf('mixed', seed), { winners: winnersOf(seed) }, (step) => {
      if (step.site === 'zone.change' && step.answer === 'accepted') commits += 1;
    });
    decisions += run.decisions;
    if (refinement === undefined && run.violation === undefined) continue;
    const invariant = run.violation && { commit: commits + 1, message: run.violation.message };
    return {
      ...{ seed, scenario: stage.scenario.name },
      ...(refinement === undefined ? {} : { refinement }),
      ...(invariant === undefined ? {} : { invariant }),
    };
  }
  return {};
}

async function looked(): Promise<RefinementResult> {
  const [message] = stale();
  if (message !== undefined) return { stale: message };
  try {
    return await look();
  } catch (error) {
    return { seed: 0, invariant: { commit: 0, message: String(error) } };
  }
}

answer(await looked());
