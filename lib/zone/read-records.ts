import type { DnsName } from '../plan/names.ts';
import { isWithin } from '../plan/names.ts';
import type { RecordSet } from '../plan/records.ts';
import { orderWatch } from './listing-order.ts';
import type { RecordPage, RecordPosition, Zone } from './zone.ts';
import { ZoneUnavailable } from './zone.ts';

/** Records a page: the most that Route 53 gives (ListResourceRecordSets, API reference). */
const PAGE_RECORDS = 300;
/** Listings of a whole zone that are held against its count before it is not believed. */
export const COUNTED_LISTINGS_MAX = 3;
/** The most pages of a listing: 150,000 records, fifteen times a zone's default quota. */
export const LISTING_PAGES_MAX = 500;

/**
 * The service's pages contradict Route 53's order, its own count of the zone, or never end. Records may be missing, so no
 * decision may rest on them.
 */
export class UntrustworthyListing extends ZoneUnavailable {}

/** The records found, in Route 53's order, and the number of requests. Pages are not one snapshot. */
export interface Listing {
  readonly records: readonly RecordSet[];
  readonly requests: number;
}

/** A listing of a whole zone, with what the zone says of itself. */
export interface CountedListing extends Listing {
  readonly private: boolean;
}

/**
 * Every record set at exactly `name`, of every type and set identifier.
 * One request as long as fewer than `pageRecords` stand there.
 *
 * @param pageRecords 1 to 300; a small page is a small answer.
 * @throws UntrustworthyListing when the listing does not end or is out of order.
 */
export function recordsAt(zone: Zone, name: DnsName, pageRecords = PAGE_RECORDS): Promise<Listing> {
  return readRun(zone, name, (found) => found === name, pageRecords);
}

/**
 * Every record set at `suffix` and below it.
 *
 * Route 53 sorts names as text with the labels reversed and a trailing dot (`com.example.a.`, API reference of
 * ListResourceRecordSets). Everything below a name begins with the name's own text, so it is one unbroken run that
 * begins with the name itself, although `com.example.a-b.` sorts before `com.example.a.`. The first record outside
 * ends it.
 *
 * @throws UntrustworthyListing when the listing does not end or is out of order.
 */
export function recordsUnder(zone: Zone, suffix: DnsName, pageRecords = PAGE_RECORDS): Promise<Listing> {
  return readRun(zone, suffix, (found) => isWithin(found, suffix), pageRecords);
}

/** Every record set of the zone, in one request more than {@link recordsUnder} the apex: it first reads the apex's name. */
export async function allRecords(zone: Zone): Promise<Listing> {
  const { name } = await zone.describe();
  const { records, requests } = await recordsUnder(zone, name);
  return { records, requests: requests + 1 };
}

/**
 * Every record set of the zone, of as many as the zone itself counts. A record that a listing leaves out looks like one
 * that is not there, and a tree that such a root points at looks unneeded. Somebody may write between a count and a
 * listing, so each listing is held against the count before it and the count after it, and made again if it is neither.
 *
 * @param apex the zone's own name.
 * @throws UntrustworthyListing when {@link COUNTED_LISTINGS_MAX} listings in a row do not have the zone's count.
 */
export async function countedRecords(zone: Zone, apex: DnsName): Promise<CountedListing> {
  let { recordCount, private: isPrivate } = await zone.describe();
  let requests = 1;
  for (let listing = 1; ; listing += 1) {
    const read = await recordsUnder(zone, apex);
    requests += read.requests;
    const found = read.records.length;
    if (found === recordCount) return { records: read.records, requests, private: isPrivate };
    ({ recordCount, private: isPrivate } = await zone.describe());
    requests += 1;
    if (found === recordCount) return { records: read.records, requests, private: isPrivate };
    if (listing === COUNTED_LISTINGS_MAX) {
      throw new UntrustworthyListing(
        `The zone ${zone.id} lists ${found} records and counts ${recordCount}, in ${listing} listings: what is missing is not known, so nothing is decided on them.`,
      );
    }
  }
}

async function readRun(
  zone: Zone,
  first: DnsName,
  belongs: (name: DnsName) => boolean,
  pageRecords: number,
): Promise<Listing> {
  const records: RecordSet[] = [];
  const order = orderWatch(first);
  let position: RecordPosition = { name: first };
  for (let requests = 1; requests <= LISTING_PAGES_MAX; requests += 1) {
    const page: RecordPage = await zone.listRecords(position, pageRecords);
    const end = page.records.findIndex(({ name }) => !belongs(name));
    const inside = end < 0 ? page.records : page.records.slice(0, end);
    if (end >= 0 && page.records.slice(end).some(({ name }) => belongs(name))) {
      throw outOfOrder(zone, first, 'what belongs together is not one run');
    }
    for (const record of inside) {
      const problem = order.next(record);
      if (problem !== undefined) throw outOfOrder(zone, first, problem);
      records.push(record);
    }
    if (end >= 0 || page.next === undefined || !belongs(page.next.name)) return { records, requests };
    if (samePosition(page.next, position)) {
      throw new UntrustworthyListing(
        `The zone ${zone.id} lists the same page again and again from ${first} on.`,
      );
    }
    position = page.next;
  }
  throw new UntrustworthyListing(
    `The zone ${zone.id} lists more than ${LISTING_PAGES_MAX} pages from ${first} on.`,
  );
}

function outOfOrder({ id }: Zone, first: DnsName, problem: string): UntrustworthyListing {
  return new UntrustworthyListing(
    `The zone ${id} lists its records out of order from ${first} on: ${problem}.`,
  );
}

function samePosition(a: RecordPosition, b: RecordPosition): boolean {
  return a.name === b.name && a.type === b.type && a.setIdentifier === b.setIdentifier;
}
