import { isIPv4, isIPv6 } from 'node:net';
import type { Answer } from 'dns-packet';
import { encode } from 'dns-packet';
import type { RecordType } from '../../plan/records.ts';
import { serviceBinding } from './service-binding.ts';
import { nameOctets, unescaped } from './wire-name.ts';

const STRING_OCTETS_MAX = 255;
/** The octets before the data: header, the root as owner name, type, class, time to live and length. */
const DATA_OFFSET = 12 + 1 + 2 + 2 + 4 + 2;
const TOKEN = /"((?:[^"\\]|\\.)*)"|(\S+)/gs;

/**
 * Encodes a record's value, in Route 53's presentation form (Developer Guide, "Supported DNS record types"), for the
 * wire.
 *
 * @returns undefined when the value is not one of its type, or the type is not put on the wire here.
 */
export function rdataOf(type: RecordType, value: string): Buffer | undefined {
  switch (type) {
    case 'A':
      return isIPv4(value) ? encoded({ type: 'A', name: '.', data: value }) : undefined;
    case 'AAAA':
      // Node accepts a zone index in an address; DNS has none.
      return isIPv6(value) && !value.includes('%')
        ? encoded({ type: 'AAAA', name: '.', data: value })
        : undefined;
    case 'NS':
    case 'CNAME':
    case 'PTR':
      return nameOctets(value);
    case 'TXT':
    case 'SPF':
      return strings(value);
    case 'HINFO':
      return strings(value);
    default:
      return rdataOfFields(type, value);
  }
}

function rdataOfFields(type: RecordType, value: string): Buffer | undefined {
  const fields = tokens(value);
  switch (type) {
    case 'MX':
      return fields.length === 2 ? joined([numbers(fields, 0, [2]), nameOctets(fields[1] ?? '')]) : undefined;
    case 'SRV':
      return fields.length === 4
        ? joined([numbers(fields, 0, [2, 2, 2]), nameOctets(fields[3] ?? '')])
        : undefined;
    case 'SOA':
      return fields.length === 7
        ? joined([
            nameOctets(fields[0] ?? ''),
            nameOctets(fields[1] ?? ''),
            numbers(fields, 2, [4, 4, 4, 4, 4]),
          ])
        : undefined;
    case 'CAA':
      return fields.length === 3 ? caa(fields) : undefined;
    case 'NAPTR':
      return fields.length === 6
        ? joined([
            numbers(fields, 0, [2, 2]),
            text(fields[2] ?? ''),
            text(fields[3] ?? ''),
            text(fields[4] ?? ''),
            nameOctets(fields[5] ?? ''),
          ])
        : undefined;
    case 'DS':
      return joined([numbers(fields, 0, [2, 1, 1]), hex(fields.slice(3))]);
    case 'TLSA':
      return joined([numbers(fields, 0, [1, 1, 1]), hex(fields.slice(3))]);
    case 'SSHFP':
      return joined([numbers(fields, 0, [1, 1]), hex(fields.slice(2))]);
    case 'SVCB':
    case 'HTTPS':
      return serviceBinding(value);
    default:
      return undefined;
  }
}

/** The data that dns-packet writes for a record. */
function encoded(record: Answer): Buffer {
  return encode({ type: 'response', answers: [record] }).subarray(DATA_OFFSET);
}

function caa(fields: readonly string[]): Buffer | undefined {
  const [, tag = '', value = ''] = fields;
  const flags = numbers(fields, 0, [1]);
  if (flags === undefined || !/^[a-z0-9]{1,15}$/i.test(tag)) return undefined;
  return joined([flags, text(tag), unescaped(value)]);
}

/** One or more character strings, quoted or bare. */
function strings(value: string): Buffer | undefined {
  const parts = tokens(value);
  return parts.length === 0 ? undefined : joined(parts.map(text));
}

function text(content: string): Buffer | undefined {
  const octets = unescaped(content);
  return octets.length > STRING_OCTETS_MAX
    ? undefined
    : Buffer.concat([Buffer.from([octets.length]), octets]);
}

/** Words, or what stands between quotes; escapes are left in place. */
function tokens(value: string): readonly string[] {
  return [...value.matchAll(TOKEN)].map((match) => match[1] ?? match[2] ?? '');
}

/** Unsigned numbers of the given widths in octets, from the fields that begin at `from`. */
function numbers(fields: readonly string[], from: number, widths: readonly number[]): Buffer | undefined {
  const parts: Buffer[] = [];
  for (const [index, width] of widths.entries()) {
    const field = fields[from + index] ?? '';
    const number = Number(field);
    if (!/^\d{1,10}$/.test(field) || number >= 2 ** (8 * width)) return undefined;
    const part = Buffer.alloc(width);
    part.writeUIntBE(number, 0, width);
    parts.push(part);
  }
  return Buffer.concat(parts);
}

function hex(fields: readonly string[]): Buffer | undefined {
  const digits = fields.join('');
  return /^([0-9a-f]{2})+$/i.test(digits) ? Buffer.from(digits, 'hex') : undefined;
}

function joined(parts: readonly (Buffer | undefined)[]): Buffer | undefined {
  const present = parts.filter((part) => part !== undefined);
  return present.length === parts.length ? Buffer.concat(present) : undefined;
}
