import type { RecordSet } from '../plan/records.ts';
import type { TrailChange, TrailContent, TrailEvent, TrailWriter } from '../trail/trail-event.ts';

/**
 * Events on their way between threads. A trail says nearly every record twice, as it comes and as it goes: it goes over once,
 * and is the same object both times.
 */
export interface PackedEvents {
  /** JSON of the events, each as {@link Row}. */
  readonly events: string;
  /** JSON of the records that have not gone over yet. */
  readonly records: string;
  /** Whether places of records are counted anew with these. */
  readonly isAnew: boolean;
  /** The changes of all batches in their order, two numbers each: the places of the action and of the record. */
  readonly changes: Uint32Array<ArrayBuffer>;
  readonly actions: readonly Action[];
  readonly writers: readonly TrailWriter[];
}

type Batch = Extract<TrailContent, { readonly type: 'batch' }>;

/** An event: of a batch the number of its changes, and of its sender the place among the writers. */
type Row = readonly [
  id: string,
  at: number,
  zoneId: string,
  who: number,
  content: number | Exclude<TrailContent, Batch>,
  changeId?: string,
];

type Action = TrailChange['action'];

/** With so many records their places are counted anew. */
const RECORDS_MAX = 20_000;

/** What packs the events of a trail, a piece at a time. */
export function eventPacker(): (events: readonly TrailEvent[]) => PackedEvents {
  /** The places of records, by their JSON. */
  const places = new Map<string, number>();
  return (events) => {
    const isAnew = places.size >= RECORDS_MAX;
    if (isAnew) places.clear();
    const records: string[] = [];
    const changes: number[] = [];
    const actions: Action[] = [];
    const placeOfAction = (action: Action): number => {
      const place = actions.indexOf(action);
      return place < 0 ? actions.push(action) - 1 : place;
    };
    const placeOf = (record: RecordSet): number => {
      const text = JSON.stringify(record);
      const known = places.get(text);
      if (known !== undefined) return known;
      const place = places.size;
      places.set(text, place);
      records.push(text);
      return place;
    };
    const writers = new Map<TrailWriter, number>();
    const rows = events.map(({ id, at, zoneId, who, content }): Row => {
      const place = writers.get(who) ?? writers.size;
      writers.set(who, place);
      if (content.type !== 'batch') return [id, at, zoneId, place, content];
      for (const { action, record } of content.changes) changes.push(placeOfAction(action), placeOf(record));
      const size = content.changes.length;
      const { changeId } = content;
      return changeId === undefined ? [id, at, zoneId, place, size] : [id, at, zoneId, place, size, changeId];
    });
    return {
      ...{ events: JSON.stringify(rows), records: `[${records.join()}]`, isAnew },
      ...{ changes: Uint32Array.from(changes), actions, writers: [...writers.keys()] },
    };
  };
}

/** What unpacks what one packer has packed, in the same order. */
export function eventUnpacker(): (packed: PackedEvents) => readonly TrailEvent[] {
  const records: RecordSet[] = [];
  return ({ events, records: fresh, isAnew, changes, actions, writers }) => {
    if (isAnew) records.length = 0;
    for (const record of JSON.parse(fresh) as readonly RecordSet[]) records.push(record);
    let read = 0;
    const next = (): TrailChange => {
      const [action, record] = [memberAt(changes, read), memberAt(changes, read + 1)];
      read += 2;
      return { action: memberAt(actions, action), record: memberAt(records, record) };
    };
    return (JSON.parse(events) as readonly Row[]).map(
      ([id, at, zoneId, place, content, changeId]): TrailEvent => {
        const who = memberAt(writers, place);
        if (typeof content !== 'number') return { id, at, zoneId, who, content };
        const all: TrailChange[] = [];
        while (all.length < content) all.push(next());
        const batch: Batch = { type: 'batch', changes: all };
        return { id, at, zoneId, who, content: changeId === undefined ? batch : { ...batch, changeId } };
      },
    );
  };
}

function memberAt<Member>(list: Readonly<ArrayLike<Member>>, place: number): Member {
  const member = list[place];
  if (member === undefined) throw new Error(`packed events name member ${place} of ${list.length}`);
  return member;
}
