import { holdsFence } from '../cell/fence-reader.ts';
import type { FenceReading } from '../plan/fence.ts';
import type { ZoneView } from '../plan/zone-view.ts';
import { zoneView } from '../plan/zone-view.ts';
import { countedRecords, UntrustworthyListing } from '../zone/read-records.ts';
import type { EnactorDeps, Run } from './enactor.ts';

/** What another listing says, which was held against the zone's own count. */
export type Confirmed =
  | { readonly type: 'counted'; readonly view: ZoneView }
  /** The fence has moved since it was read: everything must be read again. */
  | { readonly type: 'moved' }
  /** No listing has the zone's count. The log is told nothing, and what Route 53 accepts is done all the same. */
  | { readonly type: 'doubtful' };

/**
 * Lists the zone anew and holds it against its count, before the log is told of something that a listing did not show.
 * Only then: no count stands between a failed target and its removal (docs/adr/0048-a-listing-is-held-against-itself.md).
 *
 * @throws ZoneUnavailable when Route 53 cannot be read.
 */
export async function confirmZone(
  { writer, telemetry }: EnactorDeps,
  run: Run,
  reading: FenceReading,
): Promise<Confirmed> {
  const { zone, scope } = writer;
  try {
    const { records } = await countedRecords(zone, scope.zone);
    const view = zoneView(records);
    return holdsFence(view, reading, scope) ? { type: 'counted', view } : { type: 'moved' };
  } catch (error) {
    if (!(error instanceof UntrustworthyListing)) throw error;
    run.doubted = error;
    telemetry.note('zone not counted', { cell: scope.cell, reason: error.message });
    return { type: 'doubtful' };
  }
}

/** Counts a decision that rested on a wrong listing: the next pass lists the zone again, a few times at most. */
export function countWrongListing(run: Run): void {
  run.lost += 1;
  run.lostReason = 'a listing left out records that the zone has';
  run.readZone = true;
}
