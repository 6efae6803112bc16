import type { DnsName } from '../plan/names.ts';
import { reversedLabels } from '../plan/names.ts';
import type { RecordSet } from '../plan/records.ts';

const ESCAPE = /\\([0-3][0-7]{2})/g;

/**
 * The texts by which a service may order a name: labels reversed, each with its dot (ListResourceRecordSets, API
 * reference, "Sort order"), with a wildcard's asterisk as itself or as `\052`, or with every octet as itself. It is on no
 * public record which of them orders names that hold unusual octets; for all other names they are the same.
 */
const ORDERS: readonly ((name: DnsName) => string)[] = [
  reversedLabels,
  (name) => reversedLabels(name).replace('*', '\\052'),
  (name) =>
    reversedLabels(name).replace(ESCAPE, (_, octet) => String.fromCharCode(Number.parseInt(octet, 8))),
];

/** Takes the records of a listing one after the other, over all of its pages. */
export interface OrderWatch {
  /** Why the listing cannot be believed from this record on: a clause; undefined when the record may stand here. */
  next(record: RecordSet): string | undefined;
}

/**
 * Names never go back, by one order over the whole listing; a name's records of one type are one unbroken run; no record
 * stands twice. In which order types and set identifiers follow each other is on no public record, so any is accepted.
 * See docs/adr/0048-a-listing-is-held-against-itself.md.
 *
 * @param start the name at or after which everything must be.
 */
export function orderWatch(start: DnsName): OrderWatch {
  let last = start;
  let orders = ORDERS;
  let type: string | undefined;
  let types = new Set<string>();
  let identifiers = new Set<string>();
  return {
    next: (record) => {
      if (record.name !== last) {
        const [before, after] = [last, record.name];
        orders = orders.filter((order) => order(before) <= order(after));
        if (orders.length === 0) return `${after} follows ${before}`;
        last = after;
        type = undefined;
        types = new Set();
      }
      if (record.type !== type) {
        if (types.has(record.type)) return `${record.name} ${record.type} comes up again after another type`;
        type = record.type;
        types.add(type);
        identifiers = new Set();
      }
      const identifier = record.setIdentifier ?? '';
      if (identifiers.has(identifier))
        return `${record.name} ${record.type} ${identifier} stands there twice`;
      identifiers.add(identifier);
      return undefined;
    },
  };
}
