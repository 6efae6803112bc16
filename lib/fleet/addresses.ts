import { isIPv4, isIPv6 } from 'node:net';
import type { ReportMistake } from './mistakes.ts';
import type { Path } from './wording.ts';
import { quoted, subject } from './wording.ts';

type Field = 'ipv4' | 'ipv6';
type Reading = { readonly address: string } | { readonly wrong: string };

const GROUPS = 8;

/**
 * Reads an ipv4 or ipv6 field, one address or a list, into canonical texts in order; anything else is reported.
 * Equal addresses have equal texts, so that a plan's digest does not depend on how they were typed.
 */
export function readAddresses(
  given: string | readonly string[] | undefined,
  field: Field,
  path: Path,
  report: ReportMistake,
): readonly string[] {
  if (given === undefined) return [];
  const items =
    typeof given === 'string'
      ? [{ text: given, at: path }]
      : given.map((text, index) => ({ text, at: [...path, index] }));
  const addresses = new Set<string>();
  for (const { text, at } of items) {
    const reading = field === 'ipv4' ? readIpv4(text) : readIpv6(text);
    if ('wrong' in reading) report(at, `${subject(at)} is ${reading.wrong}.`);
    else if (addresses.has(reading.address)) {
      report(at, `${subject(at)} is ${quoted(text)}, which is in the list already: remove it.`);
    } else addresses.add(reading.address);
  }
  return [...addresses].sort();
}

/** The canonical text of an IPv6 address (RFC 5952), or undefined when `text` is not one. */
export function canonicalIpv6(text: string): string | undefined {
  const groups = ipv6Groups(text);
  return groups === undefined ? undefined : formatGroups(groups);
}

function readIpv4(text: string): Reading {
  if (isIPv4(text)) return { address: text };
  if (isIPv6(text)) return { wrong: `the IPv6 address ${quoted(text)}: move it to ipv6` };
  return { wrong: `${quoted(text)}: use an IPv4 address, such as 192.0.2.10` };
}

function readIpv6(text: string): Reading {
  if (isIPv4(text)) return { wrong: `the IPv4 address ${quoted(text)}: move it to ipv4` };
  const groups = ipv6Groups(text);
  if (groups === undefined) return { wrong: `${quoted(text)}: use an IPv6 address, such as 2001:db8::10` };
  const mapped = groups.slice(0, 5).every((group) => group === 0) && groups[5] === 0xffff;
  if (mapped) return { wrong: `the IPv4 address ${quoted(text)} written as IPv6: write it under ipv4` };
  return { address: formatGroups(groups) };
}

/** The eight groups of an address; undefined when it is not an address, or has a scope ("%eth0"), which no record can hold. */
function ipv6Groups(text: string): readonly number[] | undefined {
  if (!isIPv6(text) || text.includes('%')) return undefined;
  const [head = '', tail] = text.split('::');
  const before = groupsOf(head);
  if (tail === undefined) return before;
  const after = groupsOf(tail);
  const zeros = new Array<number>(GROUPS - before.length - after.length).fill(0);
  return [...before, ...zeros, ...after];
}

function groupsOf(text: string): readonly number[] {
  if (text === '') return [];
  return text.split(':').flatMap((part) => {
    if (!part.includes('.')) return [Number.parseInt(part, 16)];
    const [a = 0, b = 0, c = 0, d = 0] = part.split('.').map(Number);
    return [a * 256 + b, c * 256 + d];
  });
}

/** Lower case, no leading zeros, the first longest run of two or more zero groups as "::" (RFC 5952, section 4). */
function formatGroups(groups: readonly number[]): string {
  let best = { start: 0, length: 1 };
  for (let start = 0; start < groups.length; start++) {
    let length = 0;
    while (groups[start + length] === 0) length++;
    if (length > best.length) best = { start, length };
  }
  const text = (part: readonly number[]) => part.map((group) => group.toString(16)).join(':');
  if (best.length < 2) return text(groups);
  return `${text(groups.slice(0, best.start))}::${text(groups.slice(best.start + best.length))}`;
}
