import { answer, givenWork } from '../support/own-process.ts';
import type { Replacement } from './mutant.ts';
import { replaceOnLoad } from './replace-on-load.ts';

/** Takes zones over by a library in which texts are replaced as they are loaded. Nothing is written to disk. */
export interface TakeOverMutantWork {
  readonly replacements: readonly Replacement[];
  /** The one check that is asked. */
  readonly check: string;
}

const { replacements, check } = await givenWork<TakeOverMutantWork>();
const stale = replaceOnLoad(replacements);
const { TAKE_OVER_CHECKS } = await import('../cli/zone/take-over-checks.ts');
// Commands are loaded when they are typed.
await import('../../lib/cli/zone/take-over-zone.ts');
await import('../../lib/cli/zone/give-back-cells.ts');

/** `killed` and why where the check fails. */
async function judged(): Promise<string> {
  const asked = TAKE_OVER_CHECKS[check];
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
