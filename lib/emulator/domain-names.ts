import type { DnsName } from '../plan/names.ts';
import { dnsNameProblem } from '../plan/names.ts';

/** Names that need no rewriting: every label of plain characters, an asterisk only as the first label. */
const CANONICAL = /^(?:\*|[a-z0-9_-]{1,63})(?:\.[a-z0-9_-]{1,63})*$/;
const TEXT_MAX = 253;
const PLAIN_OCTET = /[a-z0-9_-]/;

export type ParsedDomain = { readonly name: DnsName } | { readonly problem: string };

/**
 * Reads a name as Route 53 does: case folded, one trailing dot dropped, every octet other than a-z, 0-9,
 * `-` and `_` kept as `\ooo` (Route 53 Developer Guide, "DNS domain name format"). A leading asterisk label
 * is a wildcard and kept as `*`; any other asterisk is an ordinary octet.
 */
export function parseDomain(text: string): ParsedDomain {
  if (text.length <= TEXT_MAX && CANONICAL.test(text)) return { name: text as DnsName };
  const bare = text.endsWith('.') && !text.endsWith('\\.') ? text.slice(0, -1) : text;
  if (bare === '') return { problem: fatal('DomainNameEmpty', 'Domain name is empty', text) };
  const labels: string[] = [];
  for (const label of bare.split('.')) {
    const octets = readOctets(label);
    if (octets === undefined) {
      return { problem: fatal('UnsupportedCharacter', 'Value contains unsupported characters', text) };
    }
    if (octets.length === 0) return { problem: fatal('DomainLabelEmpty', 'Domain label is empty', text) };
    if (octets.length > 63) return { problem: fatal('DomainLabelTooLong', 'Domain label is too long', text) };
    labels.push(labels.length === 0 && octets === '*' ? '*' : writeOctets(octets));
  }
  const name = labels.join('.');
  if (dnsNameProblem(name) !== undefined) {
    return { problem: fatal('DomainNameTooLong', 'Domain name is too long', text) };
  }
  return { name: name as DnsName };
}

/** A name as Route 53 writes it in an answer: with the trailing dot, and `\052` for the wildcard's asterisk. */
export function shownName(name: DnsName): string {
  return name.startsWith('*') ? `\\052${name.slice(1)}.` : `${name}.`;
}

/** True when the name has an empty or overlong label, or cannot be a host name at all. */
export function isDomain(text: string): boolean {
  return text === '.' || 'name' in parseDomain(text);
}

function fatal(code: string, sentence: string, text: string): string {
  return `FATAL problem: ${code} (${sentence}) encountered with '${text}'`;
}

/** The label's octets as a string of one character each, or undefined for an octet that cannot be. */
function readOctets(label: string): string | undefined {
  let octets = '';
  for (let at = 0; at < label.length; at += 1) {
    const char = label.charAt(at);
    if (char === '\\') {
      const digits = label.slice(at + 1, at + 4);
      const octet = /^[0-3][0-7]{2}$/.test(digits) ? Number.parseInt(digits, 8) : Number.NaN;
      if (Number.isNaN(octet)) return undefined;
      octets += String.fromCharCode(octet).toLowerCase();
      at += 3;
    } else {
      if (char <= ' ' || char > '~') return undefined;
      octets += char.toLowerCase();
    }
  }
  return octets;
}

function writeOctets(octets: string): string {
  let label = '';
  for (const octet of octets) {
    label += PLAIN_OCTET.test(octet) ? octet : `\\${octet.charCodeAt(0).toString(8).padStart(3, '0')}`;
  }
  return label;
}
