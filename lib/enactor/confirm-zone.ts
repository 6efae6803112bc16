import { holdsFence, readFence } from '../cell/fence-reader.ts';
import type { FenceReading } from '../plan/fence.ts';
import { sameRecords } from '../plan/records.ts';
import type { ZoneView } from '../plan/zone-view.ts';
import { zoneView } from '../plan/zone-view.ts';
import { countedRecords, UntrustworthyListing } from '../zone/read-records.ts';
import type { EnactorDeps, Run } from './enactor.ts';
import { knownUnder } from './known-zone.ts';

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
 * The fence is read once more after the count. A late batch that deletes a record between the listing and the count would
 * make the count right of a listing that left another record out; every batch that deletes moves the fence.
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
    const after = await readFence(zone, scope);
    const stood = sameRecords(after.records, reading.records);
    if (!stood || !holdsFence(view, reading, scope)) return { type: 'moved' };
    run.known = knownUnder(reading, view);
    return { type: 'counted', view };
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
  run.known = undefined;
}
