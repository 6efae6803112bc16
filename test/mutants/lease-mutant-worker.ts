import { answer, givenWork } from '../support/own-process.ts';
import type { Replacement } from './mutant.ts';
import { replaceOnLoad } from './replace-on-load.ts';

/** Searches the worlds of leases by a library in which texts are replaced as they are loaded. Nothing is written to disk. */
export interface LeaseMutantWork {
  readonly replacements: readonly Replacement[];
  readonly scenario: string;
  readonly statesMax: number;
}

const { replacements, scenario, statesMax } = await givenWork<LeaseMutantWork>();
const stale = replaceOnLoad(replacements);
const { searchLeases } = await import('../../lib/simulator/lease/lease-search.ts');
const { LEASE_SCENARIOS } = await import('../../lib/simulator/lease/lease-scenarios.ts');

async function judged(): Promise<string> {
  const [message] = stale();
  if (message !== undefined) return `stale: ${message}`;
  const searched = LEASE_SCENARIOS.find(({ name }) => name === scenario);
  if (searched === undefined) return `there is no scenario ${scenario}`;
  const { violation, states } = await searchLeases(searched, statesMax);
  return violation === undefined ? `survived ${states} states` : violation.message;
}

answer(await judged());
