import { answer, givenWork } from '../support/own-process.ts';
import type { Replacement } from './mutant.ts';
import { replaceOnLoad } from './replace-on-load.ts';

/** Checks the guards by a library in which texts are replaced as they are loaded. Nothing is written to disk. */
export interface GuardMutantWork {
  readonly replacements: readonly Replacement[];
}

const { replacements } = await givenWork<GuardMutantWork>();
const stale = replaceOnLoad(replacements);
const { GUARD_CHECKS } = await import('../support/observed-loss.ts');
const { BRANCH_GUARD_CHECKS } = await import('../support/branch-guards.ts');

/** The names of the checks that fail. */
function failing(): readonly string[] {
  return Object.entries({ ...GUARD_CHECKS, ...BRANCH_GUARD_CHECKS }).flatMap(([name, check]) => {
    try {
      check();
      return [];
    } catch {
      return [name];
    }
  });
}

const [message] = stale();
answer(message === undefined ? failing() : [`stale: ${message}`]);
