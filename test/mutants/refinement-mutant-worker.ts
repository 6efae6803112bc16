import { answer, givenWork } from '../support/own-process.ts';
import type { Replacement } from './mutant.ts';
import { replaceOnLoad } from './replace-on-load.ts';

/** A bug, and where to look for it. */
export interface RefinementWork {
  readonly replacements: readonly Replacement[];
  readonly scenario: string;
  /** Of the one run that is played. */
  readonly seed: number;
}

/**
 * After how many commits something was found: a commit is a batch that Route 53 has accepted or an event that was appended,
 * of any cell of the zone, from the empty zone on.
 */
export interface Found {
  readonly commit: number;
  readonly message: string;
}

/** What was found in the run, its preparation counted. */
export interface RefinementResult {
  readonly stale?: string;
  readonly refinement?: Found;
  readonly invariant?: Found;
}

/** The checker says what it finds, and lets the run go on, so that one sees which invariant breaks and when. */
const NOTED: readonly Replacement[] = [
  {
    file: 'simulator/checkers/refinement.ts',
    find: "invariant(failing === '',",
    put: "if (failing !== '') process.emit('refinement', [what, failing].join(': ')); invariant(true,",
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

async function look(): Promise<RefinementResult> {
  const { scenario, seed } = work;
  try {
    const stage = await prepareStage(scenarioNamed(scenario), {
      sightings: createSightings(),
      isRefined: true,
    });
    const run = await playRun(stage, strategyOf('mixed', seed), { winners: winnersOf(seed) });
    return found(run.violation?.message);
  } catch (error) {
    return found(String(error));
  }
}

function found(message: string | undefined): RefinementResult {
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
