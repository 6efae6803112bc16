import { answer, givenWork } from '../support/own-process.ts';
import type { Replacement } from './mutant.ts';
import { replaceOnLoad } from './replace-on-load.ts';

/** Plays the rules of watching by a library in which texts are replaced as they are loaded. Nothing is written to disk. */
export interface WatchingMutantWork {
  readonly replacements: readonly Replacement[];
}

const { replacements } = await givenWork<WatchingMutantWork>();
const stale = replaceOnLoad(replacements);
const { brokenWatchingRules } = await import('../support/watching-rules.ts');

function judged(): string {
  const [message] = stale();
  if (message !== undefined) return `stale: ${message}`;
  const broken = brokenWatchingRules();
  return broken.length === 0 ? 'survived' : `killed: ${broken.join('; ')}`;
}

answer(judged());
