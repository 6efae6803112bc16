import { parentPort, workerData } from 'node:worker_threads';
import type { Fault } from '../../lib/simulator/recovery/recovery-schedule.ts';
import type { Replacement } from './mutant.ts';
import { replaceOnLoad } from './replace-on-load.ts';

/** Plays a fault by a library in which texts are replaced as they are loaded. Nothing is written to disk. */
export interface RecoveryMutantWork {
  readonly replacements: readonly Replacement[];
  /** What is away for half an hour. */
  readonly what: Fault['what'];
  readonly holders: number;
}

const { replacements, what, holders } = workerData as RecoveryMutantWork;
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

parentPort?.postMessage(await judged());
