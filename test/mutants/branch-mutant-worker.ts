import { answer, givenWork } from '../support/own-process.ts';
import type { Replacement } from './mutant.ts';
import { replaceOnLoad } from './replace-on-load.ts';

/** Checks evacuated branches by a library in which texts are replaced as they are loaded. Nothing is written to disk. */
export interface BranchMutantWork {
  readonly replacements: readonly Replacement[];
}

const { replacements } = await givenWork<BranchMutantWork>();
const stale = replaceOnLoad(replacements);
const { BRANCH_CHECKS } = await import('../support/branch-checks.ts');

/** The names of the checks that fail. */
async function failing(): Promise<readonly string[]> {
  const failed: string[] = [];
  for (const [name, check] of Object.entries(BRANCH_CHECKS)) {
    try {
      await check();
    } catch {
      failed.push(name);
    }
  }
  return failed;
}

const failed = await failing();
const [message] = stale();
answer(message === undefined ? failed : [`stale: ${message}`]);
