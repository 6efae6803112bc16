import type { FenceReading } from '../plan/fence.ts';
import { readFenceRecords } from '../plan/fence.ts';
import type { CellScope } from '../plan/owned-names.ts';
import { fenceName } from '../plan/owned-names.ts';
import { recordsAt } from '../zone/read-records.ts';
import type { Zone } from '../zone/zone.ts';

/** More than a well-formed fence needs, so that whatever else stands at its name is seen in the same request. */
const FENCE_PAGE_RECORDS = 20;

/**
 * Reads the fence: one request. What is decided on it is only good for as long as everything else that was read
 * after it; never read the fence again alone and keep the rest.
 *
 * @throws ZoneUnavailable when Route 53 cannot be read.
 */
export async function readFence(zone: Zone, scope: CellScope): Promise<FenceReading> {
  const { records } = await recordsAt(zone, fenceName(scope), FENCE_PAGE_RECORDS);
  return readFenceRecords(records);
}
