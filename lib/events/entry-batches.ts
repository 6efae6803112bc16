import type { ToldEvent } from './told-event.ts';

/** Entries of one request at most ("PutEvents", EventBridge API reference). */
const BATCH_ENTRIES_MAX = 10;
/** UTF-8 octets of all entries of one request at most: 256 KB (same page). */
export const BATCH_BYTES_MAX = 262_144;

/** The time of an entry counts so many octets ("Calculating PutEvents event entry size", EventBridge User Guide). */
const TIME_BYTES = 14;

/** How large an event is as an entry, by EventBridge's own count. */
export function entryBytes(event: ToldEvent): number {
  const texts = [event.source, event['detail-type'], JSON.stringify(event.detail)];
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text, 'utf8'), TIME_BYTES);
}

/** The events in their order, in as few requests as PutEvents takes them in. Pure. */
export function entryBatches(events: readonly ToldEvent[]): readonly (readonly ToldEvent[])[] {
  const batches: ToldEvent[][] = [];
  let bytes = 0;
  for (const event of events) {
    const more = entryBytes(event);
    const open = batches.at(-1);
    if (open === undefined || open.length >= BATCH_ENTRIES_MAX || bytes + more > BATCH_BYTES_MAX) {
      batches.push([event]);
      bytes = more;
    } else {
      open.push(event);
      bytes += more;
    }
  }
  return batches;
}
