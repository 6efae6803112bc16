import type { DnsName } from '../plan/names.ts';
import { reversedLabels } from '../plan/names.ts';
import type { RecordSet, RecordType } from '../plan/records.ts';

/** The record sets of one name, ordered by type, then set identifier. */
interface Owner {
  readonly order: string;
  readonly records: readonly RecordSet[];
}

interface Listing {
  readonly records: readonly RecordSet[];
  /** The listing order of each record's name, beside `records`. */
  readonly orders: readonly string[];
}

/**
 * Everything that a zone holds at one commit. Immutable: a batch makes a new one that shares the names it did not
 * touch, so that an old version (for a name server that lags, or a simulator's branch) costs nothing to keep.
 */
export interface ZoneContents {
  readonly owners: ReadonlyMap<DnsName, Owner>;
  /** Record sets in all. */
  readonly count: number;
  /** Filled on the first listing; a function of `owners` alone. */
  readonly cache: { listing?: Listing };
}

const EMPTY_ZONE: ZoneContents = { owners: new Map(), count: 0, cache: {} };
const NO_RECORDS: readonly RecordSet[] = [];

/** The record sets at `name`, by type, then set identifier. */
export function recordsAt(contents: ZoneContents, name: DnsName): readonly RecordSet[] {
  return contents.owners.get(name)?.records ?? NO_RECORDS;
}

/** A copy in which each of the names holds the records given; an empty list removes the name. */
export function withNames(
  contents: ZoneContents,
  changed: ReadonlyMap<DnsName, readonly RecordSet[]>,
): ZoneContents {
  const owners = new Map(contents.owners);
  let count = contents.count;
  for (const [name, records] of changed) {
    const before = owners.get(name);
    count += records.length - (before?.records.length ?? 0);
    if (records.length === 0) owners.delete(name);
    else owners.set(name, { order: before?.order ?? reversedLabels(name), records: inTypeOrder(records) });
  }
  return { owners, count, cache: {} };
}

/** Contents made of any records, in any order. */
export function contentsOf(records: readonly RecordSet[]): ZoneContents {
  const byName = new Map<DnsName, RecordSet[]>();
  for (const record of records) {
    const there = byName.get(record.name);
    if (there === undefined) byName.set(record.name, [record]);
    else there.push(record);
  }
  return withNames(EMPTY_ZONE, byName);
}

/** All record sets in Route 53's order: reversed labels, then type, then set identifier. */
export function allRecords(contents: ZoneContents): readonly RecordSet[] {
  return listing(contents).records;
}

export interface ListingPosition {
  readonly name: DnsName;
  readonly type?: RecordType | undefined;
  readonly setIdentifier?: string | undefined;
}

/** At most `limit` record sets from the first at or after `start`, and the one after them when there is one. */
export function listFrom(
  contents: ZoneContents,
  start: ListingPosition | undefined,
  limit: number,
): { readonly records: readonly RecordSet[]; readonly next?: RecordSet | undefined } {
  const { records } = listing(contents);
  const from = start === undefined ? 0 : firstAtOrAfter(contents, start);
  const next = records[from + limit];
  return { records: records.slice(from, from + limit), next };
}

function firstAtOrAfter(contents: ZoneContents, start: ListingPosition): number {
  const { records, orders } = listing(contents);
  const order = reversedLabels(start.name);
  let low = 0;
  let high = records.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const record = records[middle];
    const at = orders[middle];
    if (record !== undefined && at !== undefined && isBefore(record, at, start, order)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function isBefore(record: RecordSet, at: string, start: ListingPosition, order: string): boolean {
  if (at !== order) return at < order;
  if (start.type === undefined || record.type !== start.type) return record.type < (start.type ?? '');
  return (record.setIdentifier ?? '') < (start.setIdentifier ?? '');
}

function listing(contents: ZoneContents): Listing {
  const cached = contents.cache.listing;
  if (cached !== undefined) return cached;
  const owners = [...contents.owners.values()].sort((a, b) => (a.order < b.order ? -1 : 1));
  const records: RecordSet[] = [];
  const orders: string[] = [];
  for (const owner of owners) {
    for (const record of owner.records) {
      records.push(record);
      orders.push(owner.order);
    }
  }
  const made = { records, orders };
  contents.cache.listing = made;
  return made;
}

function inTypeOrder(records: readonly RecordSet[]): readonly RecordSet[] {
  if (records.length < 2) return records;
  return [...records].sort((a, b) => {
    if (a.type !== b.type) return a.type < b.type ? -1 : 1;
    return (a.setIdentifier ?? '') < (b.setIdentifier ?? '') ? -1 : 1;
  });
}
