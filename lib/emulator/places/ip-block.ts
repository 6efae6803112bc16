import { isIPv4, isIPv6 } from 'node:net';

/** An IP address as a number. `family` and `bits` as EDNS client subnet has them: 1 and 32, or 2 and 128 (RFC 7871, 6). */
export interface IpAddress {
  readonly family: 1 | 2;
  readonly number: bigint;
}

/** A network: the addresses whose first `prefix` bits are those of `number`. A single address is one too. */
export interface IpBlock extends IpAddress {
  readonly prefix: number;
}

const BITS = { 1: 32, 2: 128 } as const;
const MAPPED = 0xffffn;

/** The number of bits of an address of the family. */
export function bitsOf(family: 1 | 2): number {
  return BITS[family];
}

/**
 * Reads `192.0.2.1`, `2001:db8::1`, or either with a prefix length. Bits below the prefix are cleared, and an IPv4
 * address that is mapped into IPv6 counts as IPv4, as a socket of both families gives it.
 *
 * @returns undefined when the text is neither.
 */
export function ipBlock(text: string): IpBlock | undefined {
  const [, written = '', length] = /^([^/%]+)(?:\/(\d{1,3}))?$/.exec(text) ?? [];
  const address = ipAddress(written);
  if (address === undefined) return undefined;
  const prefix = length === undefined ? BITS[address.family] : Number(length);
  return prefix > BITS[address.family] ? undefined : truncated(address, prefix);
}

/** The text of an address: `192.0.2.1`, `2001:db8::1`. */
export function addressText({ family, number }: IpAddress): string {
  const parts = family === 1 ? 4 : 8;
  const width = BigInt(BITS[family] / parts);
  const values = Array.from({ length: parts }, (_, index) =>
    Number((number >> (width * BigInt(parts - 1 - index))) & ((1n << width) - 1n)),
  );
  if (family === 1) return values.join('.');
  const text = values.map((value) => value.toString(16)).join(':');
  return text.replace(/(?:^|:)0(?::0)+(?::|$)/, '::');
}

/** The network of this prefix length that holds the address. */
export function truncated({ family, number }: IpAddress, prefix: number): IpBlock {
  const below = BigInt(BITS[family] - prefix);
  return { family, number: (number >> below) << below, prefix };
}

/** Whether the whole of `inner` is in `outer`. */
export function holds(outer: IpBlock, inner: IpBlock): boolean {
  if (outer.family !== inner.family || outer.prefix > inner.prefix) return false;
  return truncated(inner, outer.prefix).number === outer.number;
}

function ipAddress(text: string): IpAddress | undefined {
  if (isIPv4(text)) return { family: 1, number: numberOf(text.split('.').map(Number), 8n) };
  if (!isIPv6(text)) return undefined;
  const number = numberOf(groups(text), 16n);
  return number >> 32n === MAPPED ? { family: 1, number: number & 0xffffffffn } : { family: 2, number };
}

function numberOf(parts: readonly number[], bits: bigint): bigint {
  return parts.reduce((number, part) => (number << bits) | BigInt(part), 0n);
}

/** The eight groups of an IPv6 address, whose last two may be written as an IPv4 address (RFC 4291, 2.2). */
function groups(text: string): readonly number[] {
  const [before = '', after] = text.split('::');
  const head = before === '' ? [] : before.split(':').flatMap(group);
  if (after === undefined) return head;
  const tail = after === '' ? [] : after.split(':').flatMap(group);
  return [...head, ...Array.from({ length: 8 - head.length - tail.length }, () => 0), ...tail];
}

function group(text: string): readonly number[] {
  if (!text.includes('.')) return [Number.parseInt(text, 16)];
  const [a = 0, b = 0, c = 0, d = 0] = text.split('.').map(Number);
  return [a * 256 + b, c * 256 + d];
}
