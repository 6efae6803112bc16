import { isIP } from 'node:net';
import type { DnsName } from '../plan/names.ts';
import { dnsName, dnsNameProblem } from '../plan/names.ts';
import type { ReportMistake } from './mistakes.ts';
import type { Path } from './wording.ts';
import { oneLine, quoted, subject } from './wording.ts';

/**
 * Why a text cannot be a name in a fleet file, or undefined when it can. Stricter than DNS: a backslash escape could
 * hide that two names are the same to Route 53 ("\141pi" is "api"), so only a leading "\052" is accepted.
 */
export function nameProblem(text: string, wildcard: 'allowed' | 'refused'): string | undefined {
  const problem = dnsNameProblem(text);
  if (problem !== undefined) {
    const ascii = asciiName(text);
    return ascii === undefined ? oneLine(problem) : `DNS holds it as ${ascii}`;
  }
  const [first = '', ...others] = dnsName(text).split('.');
  if (first === '*' && wildcard === 'refused') return 'a wildcard cannot stand here';
  if (others.includes('*')) return 'a "*" can only be the first label';
  if ([first, ...others].some((label) => label.includes('\\'))) return 'it has a backslash';
  return undefined;
}

/** How DNS holds an international name (IDNA); undefined for what is none. */
function asciiName(text: string): string | undefined {
  if (!/^[\p{L}\p{M}\p{N}._-]+$/u.test(text) || !URL.canParse(`http://${text}`)) return undefined;
  const { hostname } = new URL(`http://${text}`);
  return hostname.includes('xn--') && dnsNameProblem(hostname) === undefined ? hostname : undefined;
}

/** Reads the name of a destination of traffic; reports it and returns undefined when it is not a name. */
export function readDestination(text: string, path: Path, report: ReportMistake): DnsName | undefined {
  const bare = text.endsWith('.') ? text.slice(0, -1) : text;
  if (isIP(bare) !== 0) {
    report(path, `${subject(path)} is the address ${quoted(text)}: write it under ipv4 or ipv6.`);
    return undefined;
  }
  const problem = nameProblem(text, 'refused');
  if (problem === undefined) return dnsName(text);
  report(
    path,
    `${subject(path)} is ${quoted(text)}, which is not a DNS name (${problem}): use one such as lb.example.net.`,
  );
  return undefined;
}

/** Reads the name of a cell's zone; reports it and returns undefined when it is not a name. */
export function readZone(text: string, path: Path, report: ReportMistake): DnsName | undefined {
  const problem = nameProblem(text, 'refused');
  if (problem === undefined) return dnsName(text);
  report(
    path,
    `${subject(path)} is ${quoted(text)}, which is not a DNS name (${problem}): use one such as example.test.`,
  );
  return undefined;
}
