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

/**
 * After how many commits something was found: a commit is a batch that Route 53 has accepted or an event that was appended,
 * of any cell of the zone, from the empty zone on.
 */
export interface Found {
  readonly commit: number;
  readonly message: string;
}

/** What was found in the first run in which anything was; `seed` is 0 while a scenario was prepared. */
export interface RefinementResult {
  readonly stale?: string;
  readonly seed?: number;
  readonly scenario?: string;
  readonly refinement?: Found;
  readonly invariant?: Found;
}

/** The checker says what it finds, and lets the run go on, so that one sees which invariant breaks and when. */
const NOTED: readonly Replacement[] = [
  {
    file: 'simulator/checkers/refinement.ts',
    find: "invariant(failing === '',",
    put: "if (failing !== '') process.emit('refinement', failing); invariant(true,",
  },
  {
    file: 'simulator/checkers/commit-watch.ts',
    find: '      before = commit.after;\n      each(commit, (checker, own) => checker.check(own));',
    put: "      process.emit('commit');\n      before = commit.after;\n      each(commit, (checker, own) => checker.check(own));",
  },
  {
    file: 'simulator/checkers/commit-watch.ts',
    find: '    appended: (earlier, head, writing) => {\n',
    put: "    appended: (earlier, head, writing) => {\n      process.emit('commit');\n",
  },
];

const work = await givenWork<RefinementWork>();
const stale = replaceOnLoad([...work.replacements, ...NOTED]);
const { CAMPAIGN } = await import('../../lib/simulator/engine/campaign-scenarios.ts');
const { scenarioNamed } = await import('../../lib/simulator/engine/scenarios.ts');
const { prepareStage } = await import('../../lib/simulator/engine/scenario.ts');
const { createSightings } = await import('../../lib/simulator/engine/sightings.ts');
const { playRun } = await import('../../lib/simulator/random/play-run.ts');
const { strategyOf, winnersOf } = await import('../../lib/simulator/random/campaign.ts');

let commits = 0;
let refinement: Found | undefined;
process.on('commit', () => {
  commits += 1;
});
process.on('refinement', (message: string) => {
  refinement ??= { commit: commits, message };
});

/** A scenario that is prepared, and the number of commits that it took. */
interface Prepared {
  readonly stage: Stage;
  readonly commits: number;
}

async function look(): Promise<RefinementResult> {
  const scenarios = work.scenario === undefined ? CAMPAIGN : [scenarioNamed(work.scenario)];
  const prepared: Prepared[] = [];
  for (const scenario of scenarios) {
    commits = 0;
    try {
      const stage = await prepareStage(scenario, { sightings: createSightings(), isRefined: true });
      // What is found already is found in every run of this scenario.
      if (refinement !== undefined) return { ...(await playOnce({ stage, commits }, 1)), seed: 0 };
      prepared.push({ stage, commits });
    } catch (error) {
      return { seed: 0, scenario: scenario.name, ...found(String(error)) };
    }
  }
  let decisions = 0;
  for (let seed = 1; decisions < work.within; seed += 1) {
    const at = prepared[seed % prepared.length];
    if (at === undefined) break;
    const { played, ...result } = await playOnce(at, seed);
    decisions += played;
    if (result.refinement !== undefined || result.invariant !== undefined) return { seed, ...result };
  }
  return {};
}

async function playOnce(
  { stage, commits: before }: Prepared,
  seed: number,
): Promise<RefinementResult & { readonly played: number }> {
  commits = before;
  const run = await playRun(stage, strategyOf('mixed', seed), { winners: winnersOf(seed) });
  return { scenario: stage.scenario.name, played: run.decisions, ...found(run.violation?.message) };
}

function found(message: string | undefined): Pick<RefinementResult, 'refinement' | 'invariant'> {
  return {
    ...(refinement === undefined ? {} : { refinement }),
    ...(message === undefined ? {} : { invariant: { commit: commits, message } }),
  };
}

async function looked(): Promise<RefinementResult> {
  const [message] = stale();
  return message === undefined ? look() : { stale: message };
}

answer(await looked());
