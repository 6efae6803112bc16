import type { FenceReading } from '../plan/fence.ts';
import { readFenceRecords } from '../plan/fence.ts';
import type { CellScope } from '../plan/owned-names.ts';
import { fenceName } from '../plan/owned-names.ts';
import { sameRecords } from '../plan/records.ts';
import type { ZoneView } from '../plan/zone-view.ts';
import { recordsAtName } from '../plan/zone-view.ts';
import { recordsAt } from '../zone/read-records.ts';
import type { Zone } from '../zone/zone.ts';

/** More than a well-formed fence needs, so that whatever else stands at its name is seen in the same request. */
const FENCE_PAGE_RECORDS = 20;

/**
 * Reads the fence in one request. A decision rests on one reading of the fence and on what was read after it: never
 * read the fence again alone and keep the rest.
 *
 * @throws ZoneUnavailable when Route 53 cannot be read.
 */
export async function readFence(zone: Zone, scope: CellScope): Promise<FenceReading> {
  const { records } = await recordsAt(zone, fenceName(scope), FENCE_PAGE_RECORDS);
  return readFenceRecords(records);
}

/**
 * Whether the fence among a zone's records is the one that was read: pages are not one snapshot, and every write but
 * staging moves the fence to a value that never stood before.
 */
export function holdsFence(view: ZoneView, reading: FenceReading, scope: CellScope): boolean {
  return sameRecords(recordsAtName(view, fenceName(scope)), reading.records);
}
