import { answer, givenWork } from '../support/own-process.ts';
import type { Replacement } from './mutant.ts';
import { replaceOnLoad } from './replace-on-load.ts';

/** Reads other tools' files by a library in which texts are replaced as they are loaded. Nothing is written to disk. */
export interface ReaderMutantWork {
  readonly replacements: readonly Replacement[];
}

const { replacements } = await givenWork<ReaderMutantWork>();
const stale = replaceOnLoad(replacements);
const { judgeReaders } = await import('../support/judged-readers.ts');

function judged(): string {
  const [message] = stale();
  if (message !== undefined) return `stale: ${message}`;
  try {
    judgeReaders();
    return 'survived';
  } catch (error) {
    return `killed: ${String(error).split('\n')[0]}`;
  }
}

answer(judged());
