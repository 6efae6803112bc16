import type { DnsName } from '../../plan/names.ts';
import { isWithin } from '../../plan/names.ts';
import type { CellScope } from '../../plan/owned-names.ts';
import { fenceName, ownedSubtree } from '../../plan/owned-names.ts';
import type { RecordSet } from '../../plan/records.ts';
import type { Restrictions } from '../checkers/zone-obstacles.ts';
import type { ListingFault } from '../ports/faulty-listing.ts';
import type { Hindrance } from './hindrance.ts';

/** Draws whole numbers from 0 to `below` - 1, from whatever decides the run. */
export type Choose = (below: number) => number;

/**
 * One change by hand: the records to delete and the records to create, or something else that stands in the way of the
 * cell. When Route 53 refuses it, nothing has changed.
 */
export interface Tampering {
  readonly what: string;
  readonly deletes: readonly RecordSet[];
  readonly creates: readonly RecordSet[];
  readonly hindrance?: Hindrance;
}

export interface TamperingInput {
  /** The cell whose records the hand reaches for. */
  readonly scope: CellScope;
  /** The other cells of the zone; absent where it is alone. */
  readonly others?: readonly CellScope[];
  readonly records: readonly RecordSet[];
  /** The names of the fleet's endpoints. */
  readonly endpoints: readonly DnsName[];
  /** The ledger's identity. */
  readonly ledger: string;
  /** Absent: a hand changes records, and puts nothing in the way that Pawl cannot remove. */
  readonly surroundings?: ZoneSurroundings;
}

/** What a hand may change besides records. */
export interface ZoneSurroundings extends Restrictions {
  /** The number of record sets that the zone may hold while nobody restricts it. */
  readonly ownLimit: number;
  /** Ids of the fleet's targets. */
  readonly targets: readonly string[];
  /** Those that do not serve. */
  readonly failed: ReadonlySet<string>;
  /** How listings of the zone are wrong now. */
  readonly listingFault: ListingFault | undefined;
}

/** One of these; undefined when there is none. */
export function pick<T>(items: readonly T[], choose: Choose): T | undefined {
  return items.length === 0 ? undefined : items[choose(items.length)];
}

/** Pawl's records, without the fence. */
export function pawls(input: TamperingInput): readonly RecordSet[] {
  const fence = fenceName(input.scope);
  return input.records.filter((record) => isPawls(record, input) && record.name !== fence);
}

/** Whether a record is the cell's: in its subtree, or a root's at the name of an endpoint. */
export function isPawls({ name, type }: RecordSet, { scope, endpoints }: TamperingInput): boolean {
  return (
    isWithin(name, ownedSubtree(scope)) || (endpoints.includes(name) && ['A', 'AAAA', 'CNAME'].includes(type))
  );
}
