import type { Replacement } from '../mutants/mutant.ts';
import { replaceOnLoad } from '../mutants/replace-on-load.ts';
import { answer, givenWork } from '../support/own-process.ts';
import type { Comparison, SeedRange } from './compare-seeds.ts';

/** Compares the two plays in a process of its own, on a library in which texts may be replaced as they are loaded. */
export interface ComparisonWork {
  readonly seeds: SeedRange;
  readonly replacements: readonly Replacement[];
}

/** `stale`: a text to replace does not occur exactly once in the library. `unplayable`: no play could begin. */
export type ComparisonResult =
  | { readonly type: 'stale'; readonly message: string }
  | { readonly type: 'unplayable'; readonly message: string }
  | { readonly type: 'compared'; readonly comparison: Comparison };

const { seeds, replacements } = await givenWork<ComparisonWork>();
const stale = replaceOnLoad(replacements);
const { adapterWorld } = await import('./adapter-world.ts');
const { compareSeeds } = await import('./compare-seeds.ts');

async function compared(): Promise<ComparisonResult> {
  const [message] = stale();
  if (message !== undefined) return { type: 'stale', message };
  try {
    return { type: 'compared', comparison: await compareSeeds(await adapterWorld(), seeds) };
  } catch (error) {
    return { type: 'unplayable', message: String(error) };
  }
}

answer(await compared());
