import { answer, givenWork } from '../support/own-process.ts';
import type { Replacement } from './mutant.ts';
import { replaceOnLoad } from './replace-on-load.ts';

/** Plays random worlds of leases by a library in which texts are replaced as they are loaded. Nothing is written to disk. */
export interface LeaseCampaignMutantWork {
  readonly replacements: readonly Replacement[];
  readonly firstSeed: number;
  /** So many seeds are played at most. */
  readonly seeds: number;
}

const { replacements, firstSeed, seeds } = await givenWork<LeaseCampaignMutantWork>();
const stale = replaceOnLoad(replacements);
const { playLeases } = await import('../../lib/simulator/lease-campaign/lease-campaign.ts');
const { campaignWorld } = await import('../../lib/simulator/lease-campaign/campaign-world.ts');

async function judged(): Promise<string> {
  const [message] = stale();
  if (message !== undefined) return `stale: ${message}`;
  for (let seed = firstSeed; seed < firstSeed + seeds; seed += 1) {
    const { violation } = await playLeases(campaignWorld(seed));
    if (violation !== undefined) return `${violation.message} (seed ${seed})`;
  }
  return `survived ${seeds} seeds`;
}

answer(await judged());
