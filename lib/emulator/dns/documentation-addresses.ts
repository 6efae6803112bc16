import { createHash } from 'node:crypto';
import type { DnsName } from '../../plan/names.ts';

/** Alias answers for a load balancer carry this time to live, in seconds (Developer Guide, "TTL" of aliases). */
export const ELSEWHERE_TTL_SECONDS = 60;

/** Reserved for documentation (RFC 5737, RFC 3849): nothing answers there, so nothing can be reached by mistake. */
const IPV4_BLOCKS = ['192.0.2', '198.51.100'] as const;
const IPV6_BLOCK = '2001:db8';

/**
 * Addresses for an alias into a hosted zone that is not the emulator's: a load balancer, a CDN. The emulator
 * has no load balancers, so it makes up two addresses from the target's name: the same at every query, other
 * ones for another name, all in blocks reserved for documentation. Other types than A and AAAA have none.
 */
export function documentationAddresses(target: DnsName, type: string): readonly string[] {
  const digest = createHash('sha256').update(target).digest();
  if (type === 'A') {
    return IPV4_BLOCKS.map((block, index) => `${block}.${1 + (digest.readUInt8(index) % 254)}`);
  }
  if (type === 'AAAA') {
    const subnet = digest.readUInt16BE(0).toString(16);
    const host = digest.readUInt16BE(2).toString(16);
    return [1, 2].map((zone) => `${IPV6_BLOCK}:${subnet}:${zone}::${host}`);
  }
  return [];
}
