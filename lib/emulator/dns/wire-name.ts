import type { DnsName } from '../../plan/names.ts';

const LABEL_OCTETS_MAX = 63;
const NAME_OCTETS_MAX = 255;
const PLAIN_OCTET = /^[a-z0-9_-]$/;
const ASTERISK = 0x2a;

/** A name read from a packet: where it ends, and the name folded to lower case; undefined for the root. */
export interface WireName {
  readonly name: DnsName | undefined;
  readonly end: number;
}

/**
 * Reads the uncompressed name at `start`. A compressed name is malformed here: no name before the question's could be
 * the target of its pointer.
 *
 * @returns undefined when it is compressed, too long (RFC 1035, 2.3.4) or runs past the end.
 */
export function readName(bytes: Buffer, start: number): WireName | undefined {
  const labels: string[] = [];
  let at = start;
  while (at < bytes.length && at - start < NAME_OCTETS_MAX) {
    const length = bytes.readUInt8(at);
    at += 1;
    if (length === 0)
      return { name: labels.length === 0 ? undefined : (labels.join('.') as DnsName), end: at };
    if (length > LABEL_OCTETS_MAX || at + length > bytes.length) return undefined;
    labels.push(shownLabel(bytes.subarray(at, at + length), labels.length === 0));
    at += length;
  }
  return undefined;
}

/**
 * Where the name at `start` ends, compressed or not, without reading it.
 *
 * @returns undefined when it runs past the end of the packet.
 */
export function skipName(bytes: Buffer, start: number): number | undefined {
  let at = start;
  while (at < bytes.length) {
    const length = bytes.readUInt8(at);
    if (length === 0) return at + 1;
    if (length >= 0xc0) return at + 2 <= bytes.length ? at + 2 : undefined;
    if (length > LABEL_OCTETS_MAX) return undefined;
    at += 1 + length;
  }
  return undefined;
}

/**
 * A name in presentation form, with or without the trailing dot and with `\ooo` for unusual octets, as it
 * goes on the wire.
 *
 * @returns undefined when a label is empty or over 63 octets, or the name over 255.
 */
export function nameOctets(text: string): Buffer | undefined {
  const bare = text.endsWith('.') ? text.slice(0, -1) : text;
  if (bare === '') return text === '.' ? Buffer.from([0]) : undefined;
  const parts: Buffer[] = [];
  // An escaped dot belongs to its label: "john\.doe.example.test." is a mailbox in an SOA record.
  for (const label of bare.split(/(?<!\\)\./)) {
    const octets = unescaped(label);
    if (octets.length === 0 || octets.length > LABEL_OCTETS_MAX) return undefined;
    parts.push(Buffer.from([octets.length]), octets);
  }
  parts.push(Buffer.from([0]));
  const whole = Buffer.concat(parts);
  return whole.length > NAME_OCTETS_MAX ? undefined : whole;
}

/** Text in which `\ooo` stands for an octet and a backslash keeps any other character as it is; the rest is UTF-8. */
export function unescaped(text: string): Buffer {
  if (!text.includes('\\')) return Buffer.from(text, 'utf8');
  const octets = Buffer.from(text, 'utf8').toString('latin1');
  const plain = octets.replace(/\\([0-3][0-7]{2}|.)/gs, (_, kept: string) =>
    kept.length === 3 ? String.fromCharCode(Number.parseInt(kept, 8)) : kept,
  );
  return Buffer.from(plain, 'latin1');
}

function shownLabel(octets: Buffer, isFirst: boolean): string {
  if (isFirst && octets.length === 1 && octets[0] === ASTERISK) return '*';
  let label = '';
  for (const octet of octets) {
    // Only ASCII letters fold (RFC 4343, 3).
    const char = octet < 0x80 ? String.fromCharCode(octet).toLowerCase() : '';
    label += PLAIN_OCTET.test(char) ? char : `\\${octet.toString(8).padStart(3, '0')}`;
  }
  return label;
}
