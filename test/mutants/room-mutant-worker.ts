import { answer, givenWork } from '../support/own-process.ts';
import type { Replacement } from './mutant.ts';
import { replaceOnLoad } from './replace-on-load.ts';

/** Works crowded zones by a library in which texts are replaced as they are loaded. Nothing is written to disk. */
export interface RoomMutantWork {
  readonly replacements: readonly Replacement[];
  readonly cells: number;
}

const { replacements, cells } = await givenWork<RoomMutantWork>();
const stale = replaceOnLoad(replacements);
const { judgeCrowdedCells, judgeFlapping } = await import('../support/crowded-cells.ts');
const { judgeUnknownLimit } = await import('../support/unknown-limit.ts');

async function judged(): Promise<string> {
  const [message] = stale();
  if (message !== undefined) return `stale: ${message}`;
  try {
    await judgeUnknownLimit();
    await judgeFlapping();
    await judgeCrowdedCells(1, cells);
    return 'survived';
  } catch (error) {
    return `killed: ${String(error).split('\n')[0]}`;
  }
}

answer(await judged());
