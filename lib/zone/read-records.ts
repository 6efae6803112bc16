import type { DnsName } from '../plan/names.ts';
import { isWithin } from '../plan/names.ts';
import type { RecordSet } from '../plan/records.ts';
import type { RecordPage, RecordPosition, Zone } from './zone.ts';
import { ZoneUnavailable } from './zone.ts';

/** Records a page: the most that Route 53 gives (ListResourceRecordSets, API reference). */
const PAGE_RECORDS = 300;
/** The most pages of a listing: 150,000 records, fifteen times a zone's default quota. */
export const LISTING_PAGES_MAX = 500;

/** The service's pages contradict Route 53's order or never end. Records may be missing, so no decision may rest on them. */
export class UntrustworthyListing extends ZoneUnavailable {}

/** The records found, in Route 53's order, and the number of requests. Pages are not one snapshot. */
export interface Listing {
  readonly records: readonly RecordSet[];
  readonly requests: number;
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

async function readRun(
  zone: Zone,
  first: DnsName,
  belongs: (name: DnsName) => boolean,
  pageRecords: number,
): Promise<Listing> {
  const records: RecordSet[] = [];
  let position: RecordPosition = { name: first };
  for (let requests = 1; requests <= LISTING_PAGES_MAX; requests += 1) {
    const page: RecordPage = await zone.listRecords(position, pageRecords);
    const end = page.records.findIndex(({ name }) => !belongs(name));
    const inside = end < 0 ? page.records : page.records.slice(0, end);
    if (end >= 0 && page.records.slice(end).some(({ name }) => belongs(name))) {
      throw new UntrustworthyListing(`The zone ${zone.id} lists its records out of order from ${first} on.`);
    }
    for (const record of inside) records.push(record);
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

function samePosition(a: RecordPosition, b: RecordPosition): boolean {
  return a.name === b.name && a.type === b.type && a.setIdentifier === b.setIdentifier;
}
