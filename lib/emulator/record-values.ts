import { isIPv4, isIPv6 } from 'node:net';
import { isServiceBinding } from './dns/service-binding.ts';
import { isDomain } from './domain-names.ts';

/** The types that ChangeResourceRecordSets knows (API reference, RRType). */
export const RECORD_TYPES: ReadonlySet<string> = new Set([
  'SOA',
  'A',
  'TXT',
  'NS',
  'CNAME',
  'MX',
  'NAPTR',
  'PTR',
  'SRV',
  'SPF',
  'AAAA',
  'CAA',
  'DS',
  'TLSA',
  'SSHFP',
  'SVCB',
  'HTTPS',
]);

const CHARACTER_STRING_MAX = 255;
const QUOTED = '"(?:[^"\\\\]|\\\\.)*"';
const CHARACTER_STRINGS = new RegExp(`^${QUOTED}(?:[ \\t]*${QUOTED})*$`);
const EACH_STRING = new RegExp(QUOTED, 'g');
const CAA = new RegExp(`^(\\d{1,3}) [A-Za-z0-9]+ (${QUOTED}|[^\\s"]+)$`);
const NAPTR = new RegExp(`^(\\d{1,5}) (\\d{1,5}) ${QUOTED} ${QUOTED} ${QUOTED} (\\S+)$`);

/**
 * Why `value` is not a value of `type` in presentation form, in Route 53's words, or undefined when it is
 * one (Route 53 Developer Guide, "Supported DNS record types").
 */
export function valueProblem(type: string, value: string): string | undefined {
  const found = problemOf(type, value);
  if (found === undefined) return undefined;
  const [code, sentence] = found;
  return `Invalid Resource Record: 'FATAL problem: ${code} (${sentence}) encountered with '${value}''`;
}

type Problem = readonly [code: string, sentence: string];

const BAD_FIELDS: Problem = ['RRDATANotValid', 'The value does not have the fields of its type'];
const BAD_DOMAIN: Problem = ['RRDATADomainNotValid', 'Value is not a valid domain name'];

function problemOf(type: string, value: string): Problem | undefined {
  switch (type) {
    case 'A':
      return isIPv4(value) ? undefined : ['ARRDATAIllegalIPv4Address', 'Value is not a valid IPv4 address'];
    case 'AAAA':
      return isIPv6(value) && !value.includes('%')
        ? undefined
        : ['AAAARRDATAIllegalIPv6Address', 'Value is not a valid IPv6 address'];
    case 'CNAME':
    case 'NS':
    case 'PTR':
      return isDomain(value) ? undefined : BAD_DOMAIN;
    case 'TXT':
    case 'SPF':
      return textProblem(value);
    case 'MX':
      return fields(value, [U16, DOMAIN]);
    case 'SRV':
      return fields(value, [U16, U16, U16, DOMAIN]);
    case 'SOA':
      return fields(value, [DOMAIN, DOMAIN, U32, U32, U32, U32, U32]);
    case 'CAA':
      return octet(CAA.exec(value)?.[1]) ? undefined : BAD_FIELDS;
    case 'NAPTR':
      return NAPTR.test(value) ? undefined : BAD_FIELDS;
    case 'DS':
      return fields(value, [U16, U8, U8, HEX]);
    case 'TLSA':
      return fields(value, [U8, U8, U8, HEX]);
    case 'SSHFP':
      return fields(value, [U8, U8, HEX]);
    default:
      // SVCB and HTTPS.
      return isServiceBinding(value) ? undefined : BAD_FIELDS;
  }
}

type FieldCheck = (field: string) => boolean;

const U8: FieldCheck = (field) => octet(field);
const U16: FieldCheck = (field) => number(field, 65_535);
const U32: FieldCheck = (field) => number(field, 4_294_967_295);
const DOMAIN: FieldCheck = (field) => isDomain(field);
const HEX: FieldCheck = (field) => /^[0-9a-fA-F]+$/.test(field);

function fields(value: string, checks: readonly FieldCheck[]): Problem | undefined {
  const parts = value.trim().split(/\s+/);
  const fits = parts.length === checks.length && checks.every((check, index) => check(parts[index] ?? ''));
  return fits ? undefined : BAD_FIELDS;
}

function octet(field: string | undefined): boolean {
  return field !== undefined && number(field, 255);
}

function number(field: string, max: number): boolean {
  return /^\d{1,10}$/.test(field) && Number(field) <= max;
}

function textProblem(value: string): Problem | undefined {
  if (/[^\x20-\x7e\t]/.test(value)) {
    return ['UnsupportedCharacter', 'Value contains unsupported characters'];
  }
  if (!CHARACTER_STRINGS.test(value)) {
    return ['InvalidCharacterString', 'Value should be enclosed in quotation marks'];
  }
  for (const string of value.match(EACH_STRING) ?? []) {
    const octets = string.slice(1, -1).replace(/\\(?:[0-7]{3}|.)/g, '?');
    if (octets.length > CHARACTER_STRING_MAX) return ['CharacterStringTooLong', 'Value is too long'];
  }
  return undefined;
}
