import { answer, givenWork } from '../support/own-process.ts';
import type { Replacement } from './mutant.ts';
import { replaceOnLoad } from './replace-on-load.ts';

/** Plays the rules of telling by a library in which texts are replaced as they are loaded. Nothing is written to disk. */
export interface EventMutantWork {
  readonly replacements: readonly Replacement[];
}

const { replacements } = await givenWork<EventMutantWork>();
const stale = replaceOnLoad(replacements);
const { brokenEventRules } = await import('../support/event-rules.ts');

async function judged(): Promise<string> {
  const [message] = stale();
  if (message !== undefined) return `stale: ${message}`;
  const broken = await brokenEventRules();
  return broken.length === 0 ? 'survived' : `killed: ${broken.join('; ')}`;
}

answer(await judged());
