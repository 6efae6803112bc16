import type { FenceLinks, TrailChange, TrailContent, TrailEvent, TrailWriter } from '../trail/trail-event.ts';
import { fencesOf } from '../trail/waiting-events.ts';

/** Events on their way between threads, and while they wait: the changes of a batch stay text until somebody asks. */
export interface PackedEvents {
  /** JSON of the events: a batch without its changes, a sender by its place among the writers. */
  readonly events: string;
  /** JSON of the changes of each batch, in the order of the events. */
  readonly changes: readonly string[];
  readonly writers: readonly TrailWriter[];
}

type Batch = Extract<TrailContent, { readonly type: 'batch' }>;

interface PackedBatch extends FenceLinks {
  readonly type: 'packed';
  readonly changeId?: string;
}

interface PackedEvent extends Omit<TrailEvent, 'content' | 'who'> {
  readonly who: number;
  readonly content: PackedBatch | Exclude<TrailContent, Batch>;
}

/** Events as they go to another thread. */
export function packEvents(events: readonly TrailEvent[]): PackedEvents {
  const changes: string[] = [];
  const writers = new Map<TrailWriter, number>();
  const packed = events.map(({ who, content, ...about }): PackedEvent => {
    const place = writers.get(who) ?? writers.size;
    writers.set(who, place);
    if (content.type !== 'batch') return { ...about, who: place, content };
    const { changeId } = content;
    changes.push(JSON.stringify(content.changes));
    const named = changeId === undefined ? {} : { changeId };
    return { ...about, who: place, content: { type: 'packed', ...named, ...fencesOf({ content }) } };
  });
  return { events: JSON.stringify(packed), changes, writers: [...writers.keys()] };
}

/** The events that were packed. Each batch keeps the text of its changes, which is far smaller than they are, until somebody asks. */
export function unpackEvents({ events, changes, writers }: PackedEvents): readonly TrailEvent[] {
  let batches = 0;
  return (JSON.parse(events) as readonly PackedEvent[]).map(
    ({ id, at, zoneId, who, content }): TrailEvent => {
      const about = { id, at, zoneId, who: memberAt(writers, who) };
      if (content.type !== 'packed') return { ...about, content };
      batches += 1;
      return { ...about, content: new TextBatch(content, memberAt(changes, batches - 1)) };
    },
  );
}

function memberAt<Member>(list: readonly Member[], place: number): Member {
  const member = list[place];
  if (member === undefined) throw new Error(`packed events name member ${place} of ${list.length}`);
  return member;
}

/** A batch whose changes are text until somebody asks. */
class TextBatch {
  readonly type = 'batch';
  readonly changeId?: string;
  readonly links: FenceLinks;
  readonly #text: string;
  #changes: readonly TrailChange[] | undefined;

  constructor({ changeId, takes, leaves }: PackedBatch, text: string) {
    if (changeId !== undefined) this.changeId = changeId;
    this.links = { takes, leaves };
    this.#text = text;
  }

  get changes(): readonly TrailChange[] {
    this.#changes ??= JSON.parse(this.#text) as readonly TrailChange[];
    return this.#changes;
  }
}
