import { FORMATS, newestFormat } from '../../ledger/decider/formats.ts';
import type { Release } from '../../ledger/stored-event.ts';
import { THIS_RELEASE } from '../../ledger/stored-event.ts';

/**
 * Undefined for an actor of this release. The release before has the same code, and does not know the newest format.
 */
export type ActorRelease = 'before' | undefined;

const FORMATS_BEFORE = FORMATS.slice(0, -1);

/** The release before this one, as far as a ledger shows it. */
export const RELEASE_BEFORE: Release = {
  formats: FORMATS_BEFORE,
  pawl: newestFormat(FORMATS_BEFORE).release,
};

/** How an actor of that release reads and writes a ledger. */
export function releaseOf(release: ActorRelease): Release {
  return release === 'before' ? RELEASE_BEFORE : THIS_RELEASE;
}

/** The newest format that an actor of that release reads. */
export function newestReadBy(release: ActorRelease): number {
  return newestFormat(releaseOf(release).formats).number;
}
