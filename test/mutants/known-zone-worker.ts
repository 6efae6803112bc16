import { answer, givenWork } from '../support/own-process.ts';
import type { Replacement } from './mutant.ts';
import { replaceOnLoad } from './replace-on-load.ts';

/** Judges an enactor's memory of its zone by a library in which texts are replaced as they are loaded. */
const stale = replaceOnLoad(await givenWork<readonly Replacement[]>());
const { judgeKnownZone } = await import('../support/known-zone-rules.ts');

async function judged(): Promise<string> {
  const [message] = stale();
  if (message !== undefined) return `stale: ${message}`;
  try {
    await judgeKnownZone();
    return 'survived';
  } catch (error) {
    return `killed: ${String(error).split('\n')[0]}`;
  }
}

answer(await judged());
