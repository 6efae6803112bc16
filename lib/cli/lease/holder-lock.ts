import { join } from 'node:path';
import type { HoldRequest } from '../../lease/holder.ts';
import type { FolderLock, LockDeps } from '../../local/folder-lock.ts';
import { FolderLocked, lockFolder } from '../../local/folder-lock.ts';
import { Refused } from '../command/failures.ts';

/**
 * Keeps a second process of this name out, as far as both see the folder: a holder takes a row of its own name over at
 * once, so that two of them would act at the same time (docs/adr/0068-leases-that-recover-by-themselves.md).
 *
 * @throws Refused when a live process holds the group by this name.
 */
export async function lockHolder(
  folder: string,
  { zone, group, by }: Pick<HoldRequest, 'zone' | 'group' | 'by'>,
  deps: LockDeps,
): Promise<FolderLock> {
  try {
    return await lockFolder(join(folder, ['pawl-lease', zone.cell, zone.az, group, by].join('.')), deps);
  } catch (error) {
    if (!(error instanceof FolderLocked)) throw error;
    throw new Refused(
      `Process ${error.pid} of this machine holds ${group} as ${by} already: end it first, or give another --by.`,
      { cause: error },
    );
  }
}
