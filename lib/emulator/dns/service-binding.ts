import { isIPv4, isIPv6 } from 'node:net';
import { encode } from 'dns-packet';
import { nameOctets, unescaped } from './wire-name.ts';

/** Numbers of the IANA registry "Service Parameter Keys" (RFC 9460, 14.3.2); any other is written `keyNNNNN`. */
const KEYS: Readonly<Record<string, number>> = {
  mandatory: 0,
  alpn: 1,
  'no-default-alpn': 2,
  port: 3,
  ipv4hint: 4,
  ech: 5,
  ipv6hint: 6,
};
const NUMBERED = /^key(0|[1-9]\d{0,4})$/;
const U16_MAX = 65_535;
/** The octets of a record's data in dns-packet's answer for the root: header, name, type, class, TTL, length. */
const DATA_OFFSET = 12 + 1 + 2 + 2 + 4 + 2;
/** A word, or a word with its quoted part: `alpn="h2,h3"`. */
const FIELD = /(?:[^\s"]|"(?:[^"\\]|\\.)*")+/g;

interface Parameter {
  readonly key: number;
  readonly value: Buffer;
}

/**
 * The data of an SVCB or HTTPS record on the wire (RFC 9460, 2.2): a priority, a target name, and parameters in the
 * order of their keys.
 *
 * @returns undefined when the value is not one.
 */
export function serviceBinding(text: string): Buffer | undefined {
  const [priority = '', target = '', ...fields] = text.match(FIELD) ?? [];
  const number = u16(priority);
  const name = nameOctets(target);
  const parameters = fields.map(parameterOf);
  const known = parameters.filter((one) => one !== undefined).toSorted((a, b) => a.key - b.key);
  const isTwice = known.some(({ key }, index) => key === known[index - 1]?.key);
  if (number === undefined || name === undefined || known.length < fields.length || isTwice) return undefined;
  const written = known.map(({ key, value }) =>
    Buffer.concat([octets16(key), octets16(value.length), value]),
  );
  return Buffer.concat([number, name, ...written]);
}

/** Whether the text is a value of SVCB or HTTPS. */
export function isServiceBinding(text: string): boolean {
  return serviceBinding(text) !== undefined;
}

function parameterOf(field: string): Parameter | undefined {
  const [, name = '', quoted, bare] = /^([a-z0-9-]+)(?:=(?:"(.*)"|(.*)))?$/s.exec(field) ?? [];
  const key = keyNumber(name);
  const value = key === undefined ? undefined : parameterValue(name, quoted ?? bare);
  return key === undefined || value === undefined ? undefined : { key, value };
}

function keyNumber(name: string): number | undefined {
  if (Object.hasOwn(KEYS, name)) return KEYS[name];
  const [, digits] = NUMBERED.exec(name) ?? [];
  return digits !== undefined && Number(digits) <= U16_MAX ? Number(digits) : undefined;
}

function parameterValue(name: string, text: string | undefined): Buffer | undefined {
  if (name === 'no-default-alpn') return text === undefined ? Buffer.alloc(0) : undefined;
  if (text === undefined) return NUMBERED.test(name) ? Buffer.alloc(0) : undefined;
  switch (name) {
    case 'mandatory':
      return mandatoryKeys(text);
    case 'alpn':
      return listOf(text, (item) =>
        item.length === 0 || item.length > 255 ? undefined : Buffer.from([item.length, ...Buffer.from(item)]),
      );
    case 'port':
      return u16(text);
    case 'ipv4hint':
      return listOf(text, (item) => (isIPv4(item) ? address('A', item) : undefined));
    case 'ipv6hint':
      return listOf(text, (item) =>
        isIPv6(item) && !item.includes('%') ? address('AAAA', item) : undefined,
      );
    case 'ech':
      return /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/.test(text)
        ? Buffer.from(text, 'base64')
        : undefined;
    default:
      return unescaped(text);
  }
}

/** In the order of their numbers, whatever order they are written in (RFC 9460, 8). */
function mandatoryKeys(text: string): Buffer | undefined {
  const keys = text.split(',').map(keyNumber);
  const known = keys.filter((key) => key !== undefined);
  if (known.length < keys.length) return undefined;
  return Buffer.concat(known.toSorted((a, b) => a - b).map(octets16));
}

function listOf(text: string, item: (item: string) => Buffer | undefined): Buffer | undefined {
  const items = text.split(',').map(item);
  const known = items.filter((one) => one !== undefined);
  return known.length === items.length ? Buffer.concat(known) : undefined;
}

function address(type: 'A' | 'AAAA', data: string): Buffer {
  return encode({ type: 'response', answers: [{ type, name: '.', data }] }).subarray(DATA_OFFSET);
}

function u16(text: string): Buffer | undefined {
  return /^\d{1,5}$/.test(text) && Number(text) <= U16_MAX ? octets16(Number(text)) : undefined;
}

function octets16(number: number): Buffer {
  const octets = Buffer.alloc(2);
  octets.writeUInt16BE(number);
  return octets;
}
