import type { DnsName } from '../plan/names.ts';
import type { RecordSet } from '../plan/records.ts';

const TTL_S = 60;
const WEIGHT = 10;

/** A TXT record like the fence. */
export function text(name: DnsName, ...words: readonly string[]): RecordSet {
  return { name, type: 'TXT', ttl: TTL_S, values: words.map((word) => `"pawl doctor ${word}"`) };
}

/** An A record with an address of TEST-NET-1 (RFC 5737), where no host answers. */
export function address(name: DnsName, host = 1): RecordSet {
  return { name, type: 'A', ttl: TTL_S, values: [`192.0.2.${host}`] };
}

/** A weighted A record like a tree's leaf. */
export function leaf(name: DnsName, setIdentifier: string, weight = WEIGHT): RecordSet {
  return { ...address(name), setIdentifier, weight };
}

/** An alias like a root. */
export function aliasOf(name: DnsName, zoneId: string, target: DnsName, type = 'A'): RecordSet {
  return { name, type, alias: { zoneId, name: target, evaluateTargetHealth: false } };
}

export function canonical(name: DnsName, target: DnsName): RecordSet {
  return { name, type: 'CNAME', ttl: TTL_S, values: [`${target}.`] };
}
