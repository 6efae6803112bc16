import type { DnsName } from '../../plan/names.ts';
import { dnsName } from '../../plan/names.ts';
import type { AliasTarget, RecordSet } from '../../plan/records.ts';
import type { IpBlock } from '../places/ip-block.ts';
import type { PlaceTable } from '../places/places.ts';

/** A hosted zone as a name server sees it: one state, which does not change while an answer is made. */
export interface ServedZone {
  readonly id: string;
  readonly name: DnsName;
  /** The record sets exactly at `name`, without wildcards. */
  recordsAt(name: DnsName): readonly RecordSet[];
  /** True when a record set stands at `name` or below it (RFC 4592, 2.2.2: empty non-terminals exist). */
  exists(name: DnsName): boolean;
}

/** One network of a CIDR collection, and the location that it belongs to. */
export interface CidrBlock {
  readonly location: string;
  readonly block: IpBlock;
}

/**
 * The zones that the name servers answer from. They may lag behind the commits, as Route 53's name servers do while a
 * change is PENDING.
 */
export interface AnswerSource {
  /** The zone with the longest name that is `name` or above it; of several with one name, the oldest. */
  zoneFor(name: DnsName): ServedZone | undefined;
  /** The zone with this id, or undefined when this source does not have it. */
  zoneById(id: string): ServedZone | undefined;
  /** Whether a load balancer or the like exists, which an alias names in a hosted zone that this source does not have. */
  isElsewhere(target: AliasTarget): boolean;
  /** The health check's state; true for an unknown one, because a record set without a check is healthy. */
  healthOf(healthCheckId: string): boolean;
  /** Where Regions and clients are. */
  readonly places: PlaceTable;
  /** The networks of a CIDR collection; none of one that does not exist. */
  cidrBlocks(collectionId: string): readonly CidrBlock[];
}

/** The name with its first label taken away, or undefined for a single label. */
export function parentOf(name: DnsName): DnsName | undefined {
  const dot = name.indexOf('.');
  // dnsName writes an asterisk that is now the first label as `*`, however it was written before.
  return dot === -1 ? undefined : dnsName(name.slice(dot + 1));
}
