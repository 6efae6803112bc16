import { answer, givenWork } from '../support/own-process.ts';
import type { Replacement } from './mutant.ts';
import { replaceOnLoad } from './replace-on-load.ts';

/** Checks rollouts and waits by a library in which texts are replaced as they are loaded. Nothing is written to disk. */
export interface RolloutMutantWork {
  readonly replacements: readonly Replacement[];
  /** The one check that is asked. */
  readonly check: string;
}

const { replacements, check } = await givenWork<RolloutMutantWork>();
const stale = replaceOnLoad(replacements);
const { ROLLOUT_CHECKS } = await import('../rollout/rollout-checks.ts');
const { WAIT_CHECKS } = await import('../rollout/wait-checks.ts');

/** `killed` and why where the check fails. */
async function judged(): Promise<string> {
  const asked = ROLLOUT_CHECKS[check] ?? WAIT_CHECKS[check];
  if (asked === undefined) return `there is no check "${check}"`;
  try {
    await asked();
    return 'alive';
  } catch (error) {
    return `killed: ${error instanceof Error ? error.message : String(error)}`;
  }
}

const [message] = stale();
answer(message === undefined ? await judged() : `stale: ${message}`);
