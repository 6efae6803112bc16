import type { Clock, Instant } from '../runtime/clock.ts';
import type { TrailEvent } from '../trail/trail-event.ts';
import { TrailUnreadable } from '../trail/trail-event.ts';
import type { TrailObject, TrailStore } from './trail-store.ts';
import { TrailAway } from './trail-store.ts';

/** A part of a trail that was read whole. */
export interface TrailWindow {
  /** Milliseconds since 1970: of the events from here on the window has all that were delivered by `reached`. */
  readonly from: number;
  readonly reached: number;
  /** In the order of their times. */
  readonly events: readonly TrailEvent[];
  /** Files that were read. */
  readonly objects: number;
  /** When the newest of them was delivered; undefined where there is none. */
  readonly newest: number | undefined;
  readonly unreadable: readonly { readonly object: TrailObject; readonly why: string }[];
  /** Events of before the window that were delivered since the last pass. */
  readonly late: readonly TrailEvent[];
}

/** Files of one pass, at most. */
const OBJECTS_MAX = 5_000;
/** Files that are read at once. */
const AT_ONCE = 8;
/** A file may have the minute before its delivery in its name. */
const NAMED_EARLY_MS = 300_000;

/**
 * Reads what was delivered in an interval, up to the bounds of one pass.
 *
 * @param reached where the last pass came to; undefined before the first one.
 * @throws TrailAway when the store cannot be reached, or when the bounds let no pass get any further.
 */
export async function readWindow(
  { store, clock }: { readonly store: TrailStore; readonly clock: Pick<Clock, 'now'> },
  {
    from,
    upTo,
    reached,
    deadline,
  }: {
    readonly from: number;
    readonly upTo: number;
    readonly reached: number | undefined;
    readonly deadline: Instant;
  },
): Promise<TrailWindow> {
  const objects = await store.objects(from - NAMED_EARLY_MS, upTo);
  const within = objects.slice(0, OBJECTS_MAX);
  const events: TrailEvent[] = [];
  const late: TrailEvent[] = [];
  const unreadable: { readonly object: TrailObject; readonly why: string }[] = [];
  let read = 0;
  while (read < within.length && clock.now() < deadline) {
    const some = within.slice(read, read + AT_ONCE);
    for (const { object, found } of await Promise.all(some.map((each) => eventsIn(store, each)))) {
      if (!Array.isArray(found)) {
        unreadable.push({ object, why: found.message.replace(/[.]$/, '') });
        continue;
      }
      for (const event of found) {
        if (event.at >= from) events.push(event);
        else if (reached !== undefined && object.delivered >= reached) late.push(event);
      }
    }
    read += some.length;
  }
  const next = objects[read]?.delivered;
  if (next !== undefined && next <= (reached ?? from))
    throw new TrailAway(
      `One pass does not get through the ${objects.length} files of the trail that it has to read: set trail.lookBackHours lower, or name fewer prefixes.`,
    );
  events.sort((a, b) => a.at - b.at);
  return {
    ...{ from, events, late, unreadable, objects: read },
    reached: next ?? upTo,
    newest: within[read - 1]?.delivered,
  };
}

async function eventsIn(
  store: TrailStore,
  object: TrailObject,
): Promise<{ readonly object: TrailObject; readonly found: TrailEvent[] | TrailUnreadable }> {
  try {
    return { object, found: [...(await store.events(object))] };
  } catch (error) {
    if (error instanceof TrailUnreadable) return { object, found: error };
    throw error;
  }
}
