/** An attribute as it goes over the wire: `{"S":"text"}`, `{"N":"1"}`, `{"B":"base64"}`. */
export type WireItem = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Where an item stands. */
export interface ItemKey {
  readonly pk: string;
  readonly sk: string;
}

/** A read that is not strongly consistent may miss recent writes. Here it always misses this many. */
const STALE_WRITES = 3;

interface Stored {
  readonly key: ItemKey;
  readonly item: WireItem;
  /** The number of the write that put it there, from 1. */
  readonly written: number;
}

/** A table with the key `pk` and `sk` in which items are created, and never changed or deleted. */
export interface AppendOnlyTable {
  /** False when something stands there already; then nothing was written. */
  create(key: ItemKey, item: WireItem): boolean;
  get(key: ItemKey, consistent: boolean): WireItem | undefined;
  /** The items of a partition in order of their sort keys, both bounds included. */
  range(pk: string, low: string, high: string, consistent: boolean): readonly WireItem[];
  /** Every item, in order of partition and sort key. */
  all(consistent: boolean): readonly WireItem[];
  /** An independent copy: one small map is copied, no item. */
  clone(): AppendOnlyTable;
}

/** @param partitions the items of each partition in order of their sort keys; a list is replaced, never changed. */
export function appendOnlyTable(
  partitions: Map<string, readonly Stored[]> = new Map(),
  writes = 0,
): AppendOnlyTable {
  let count = writes;
  const seen = (stored: readonly Stored[], consistent: boolean): readonly Stored[] =>
    consistent ? stored : stored.filter(({ written }) => written <= count - STALE_WRITES);
  const inPartition = (pk: string): readonly Stored[] => partitions.get(pk) ?? [];
  return {
    create: (key, item) => {
      const there = inPartition(key.pk);
      const place = placeOf(there, key.sk);
      if (there[place]?.key.sk === key.sk) return false;
      count += 1;
      const added: Stored = { key, item, written: count };
      partitions.set(key.pk, [...there.slice(0, place), added, ...there.slice(place)]);
      return true;
    },
    get: ({ pk, sk }, consistent) => {
      const there = inPartition(pk);
      const found = there[placeOf(there, sk)];
      return found?.key.sk === sk ? seen([found], consistent)[0]?.item : undefined;
    },
    range: (pk, low, high, consistent) =>
      seen(inPartition(pk), consistent)
        .filter(({ key }) => key.sk >= low && key.sk <= high)
        .map(({ item }) => item),
    all: (consistent) =>
      [...partitions.keys()]
        .sort()
        .flatMap((pk) => seen(inPartition(pk), consistent).map(({ item }) => item)),
    clone: () => appendOnlyTable(new Map(partitions), count),
  };
}

/** The index of the first item that does not come before this sort key. Keys are ASCII: characters order as octets do. */
function placeOf(stored: readonly Stored[], sk: string): number {
  const place = stored.findIndex(({ key }) => key.sk >= sk);
  return place < 0 ? stored.length : place;
}
