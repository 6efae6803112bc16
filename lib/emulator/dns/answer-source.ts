import type { DnsName } from '../../plan/names.ts';
import { dnsName } from '../../plan/names.ts';
import type { RecordSet } from '../../plan/records.ts';

/** A hosted zone as a name server sees it: one state, that does not change under an answer being made. */
export interface ServedZone {
  readonly id: string;
  readonly name: DnsName;
  /** The record sets exactly at `name`, without wildcards. */
  recordsAt(name: DnsName): readonly RecordSet[];
  /** True when a record set stands at `name` or below it (RFC 4592, 2.2.2: empty non-terminals exist). */
  exists(name: DnsName): boolean;
}

/**
 * What the name servers answer from. It may lag behind what was committed, as Route 53's name servers do while
 * a change is PENDING.
 */
export interface AnswerSource {
  /** The zone with the longest name that is `name` or above it; of several with one name, the oldest. */
  zoneFor(name: DnsName): ServedZone | undefined;
  /** The zone with this id, or undefined when it is none of this source's. */
  zoneById(id: string): ServedZone | undefined;
  /** The health check's state; true for one that is unknown, as a record set without a check is healthy. */
  healthOf(healthCheckId: string): boolean;
}

/** The name with its first label taken away, or undefined for a single label. */
export function parentOf(name: DnsName): DnsName | undefined {
  const dot = name.indexOf('.');
  // An asterisk that comes to stand first is written `*`, whatever it was below: dnsName sees to it.
  return dot === -1 ? undefined : dnsName(name.slice(dot + 1));
}
