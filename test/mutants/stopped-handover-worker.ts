import { answer, givenWork } from '../support/own-process.ts';
import type { Replacement } from './mutant.ts';
import { replaceOnLoad } from './replace-on-load.ts';

/** Stops the workflows of a handover by a library in which texts are replaced as they are loaded. */
const stale = replaceOnLoad(await givenWork<readonly Replacement[]>());
const { brokenBy, INTERLOPERS, MAINS } = await import('../support/preempted-handover.ts');

async function judged(): Promise<string> {
  for (const main of MAINS)
    for (const [name, meanwhile] of Object.entries(INTERLOPERS)) {
      const [first] = await brokenBy(main, meanwhile).catch((error: unknown) => [
        String(error).split('\n')[0],
      ]);
      const [message] = stale();
      if (message !== undefined) return `stale: ${message}`;
      if (first !== undefined) return `killed: ${main.name}, meanwhile ${name}: ${first}`;
    }
  return 'survived';
}

answer(await judged());
