import { isIPv4, SocketAddress } from 'node:net';
import type { DecodedPacket, PacketOpt } from 'dns-packet';

type ClientSubnetOpt = Extract<PacketOpt, { readonly ip: string | undefined }>;

/** Bits of an address of either family (RFC 7871, 6). */
const BITS = { 1: 32, 2: 128 } as const;

/**
 * The EDNS client subnet option of a query that is asked for the client at `address`, an IPv4 or IPv6 address. It carries
 * the whole address: who asks names the client, and a network would be a guess about who answers alike.
 */
export function clientOption(address: string): ClientSubnetOpt {
  const family = isIPv4(address) ? 1 : 2;
  return {
    code: 8,
    type: 'CLIENT_SUBNET',
    family,
    sourcePrefixLength: BITS[family],
    scopePrefixLength: 0,
    ip: address,
  };
}

/** How many bits of the client's address an answer is for, or that its server did not look at the client. */
export type AnswerScope = number | 'none';

/**
 * The scope that came back with a reply: 0 when everybody has the same answer (RFC 7871, 7.2.1). `other` when the reply is
 * for another client than the one that was named; such a reply is dropped (7.3).
 */
export function scopeOf({ additionals = [] }: DecodedPacket, address: string): AnswerScope | 'other' {
  const options = additionals.flatMap((record) => (record.type === 'OPT' ? record.options : []));
  const reply = options.find((option): option is ClientSubnetOpt => option.type === 'CLIENT_SUBNET');
  if (reply === undefined) return 'none';
  const asked = clientOption(address);
  const isSame =
    reply.family === asked.family &&
    reply.sourcePrefixLength === asked.sourcePrefixLength &&
    written(reply.ip ?? '') === written(address);
  return isSame ? (reply.scopePrefixLength ?? 0) : 'other';
}

/** An address in one form; the same one may be written in several (RFC 5952). */
function written(address: string): string {
  return new SocketAddress({ address, family: isIPv4(address) ? 'ipv4' : 'ipv6' }).address;
}
