import type { CellName, DnsName } from './names.ts';
import type { CellScope } from './owned-names.ts';
import { endpointOfLabels, offerName, parseOwnedName } from './owned-names.ts';
import type { RecordSet } from './records.ts';
import type { ZoneView } from './zone-view.ts';
import { recordsAtName } from './zone-view.ts';

// See docs/adr/0072-an-endpoint-is-handed-over.md.

/** That a cell lets another cell of the zone take an endpoint: one TXT record below its own subtree. */
export interface Offer {
  /** The endpoint. */
  readonly name: DnsName;
  readonly to: CellName;
  /** The identity of the other cell's ledger, 8 hexadecimal digits: two ledgers may each have a cell of that name. */
  readonly ledger: string;
}

/** Seconds. It is read through the API, never resolved, so its TTL serves people with `dig` only. */
const OFFER_TTL_S = 5;

/** The offer as a record of the cell in `scope`, which makes it. */
export function offerRecord({ name, to, ledger }: Offer, scope: CellScope): RecordSet {
  const values = [`"v1 to=${to} ledger=${ledger}"`];
  return { name: offerName(name, scope), type: 'TXT', ttl: OFFER_TTL_S, values };
}

/** Whether this is exactly the record that makes the offer. */
export function isOffer(record: RecordSet, offer: Offer, scope: CellScope): boolean {
  const { name, type, values, setIdentifier } = offerRecord(offer, scope);
  const [value, ...more] = record.values ?? [];
  return (
    record.name === name &&
    record.type === type &&
    record.setIdentifier === setIdentifier &&
    more.length === 0 &&
    value === values?.[0]
  );
}

/** Every record at the name of an offer of this cell, by endpoint. A name that stands for no endpoint is left out. */
export function recordsOfOffers(
  view: ZoneView,
  scope: CellScope,
): ReadonlyMap<DnsName, readonly RecordSet[]> {
  const found = new Map<DnsName, readonly RecordSet[]>();
  for (const [name, records] of view) {
    const owned = parseOwnedName(name, scope);
    if (owned?.kind === 'offer') found.set(endpointOfLabels(owned.endpoint, scope), records);
  }
  return found;
}

/** Compares the offers in the zone with those that the log wants there. Pure. */
export function planOffers(
  wanted: readonly Offer[],
  view: ZoneView,
  scope: CellScope,
): { readonly deletes: readonly RecordSet[]; readonly creates: readonly RecordSet[] } {
  const asked = new Map(wanted.map((offer) => [offer.name, offer]));
  const deletes: RecordSet[] = [];
  for (const [name, records] of recordsOfOffers(view, scope)) {
    const offer = asked.get(name);
    deletes.push(...records.filter((record) => offer === undefined || !isOffer(record, offer, scope)));
  }
  const creates = wanted.flatMap((offer) => {
    const there = recordsAtName(view, offerName(offer.name, scope));
    return there.some((record) => isOffer(record, offer, scope)) ? [] : [offerRecord(offer, scope)];
  });
  return { deletes, creates };
}
