import { answer, givenWork } from '../support/own-process.ts';
import type { Replacement } from './mutant.ts';
import { replaceOnLoad } from './replace-on-load.ts';

/** Plays the rules of sharing by a library in which texts are replaced as they are loaded. Nothing is written to disk. */
export interface SharingMutantWork {
  readonly replacements: readonly Replacement[];
  readonly cells: number;
}

const { replacements, cells } = await givenWork<SharingMutantWork>();
const stale = replaceOnLoad(replacements);
const { SHARING_RULES } = await import('../support/sharing-rules.ts');

async function judged(): Promise<string> {
  const [message] = stale();
  if (message !== undefined) return `stale: ${message}`;
  const broken: string[] = [];
  for (const rule of SHARING_RULES) {
    broken.push(...(await rule.broken(cells, 1)).map((why) => `${rule.name}: ${why}`));
  }
  return broken.length === 0 ? 'survived' : `killed: ${broken.join('; ')}`;
}

answer(await judged());
