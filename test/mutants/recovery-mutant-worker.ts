import type { Fault } from '../../lib/simulator/recovery/recovery-schedule.ts';
import { answer, givenWork } from '../support/own-process.ts';
import type { Replacement } from './mutant.ts';
import { replaceOnLoad } from './replace-on-load.ts';

/** Plays a fault by a library in which texts are replaced as they are loaded. Nothing is written to disk. */
export interface RecoveryMutantWork {
  readonly replacements: readonly Replacement[];
  /** What is away for half an hour. */
  readonly what: Fault['what'];
  readonly holders: number;
}

const { replacements, what, holders } = await givenWork<RecoveryMutantWork>();
const stale = replaceOnLoad(replacements);
const { playPawl } = await import('../../lib/simulator/recovery/pawl-leases.ts');
const { brokenClaims, factsOf } = await import('../../lib/simulator/recovery/recovery-verdict.ts');

async function judged(): Promise<string> {
  const [message] = stale();
  if (message !== undefined) return `stale: ${message}`;
  const schedule = {
    beginsMinute: -10,
    endsMinute: 90,
    fault: { what, fromMinute: 0, toMinute: 30 },
  };
  const broken = brokenClaims(factsOf(await playPawl(schedule, holders), schedule));
  return broken.length === 0 ? 'survived' : broken.join(' ');
}

answer(await judged());
