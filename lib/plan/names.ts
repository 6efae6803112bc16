import { InvalidValue } from './invariant.ts';

declare const brand: unique symbol;

/**
 * A DNS name in canonical form: lower case, no trailing dot, a leading asterisk label written `*`, any other
 * unusual octet as Route 53 writes it (`\ooo`). At most 63 octets a label, 255 in all (RFC 1035, 2.3.4).
 */
export type DnsName = string & { readonly [brand]: 'DnsName' };

/** A cell's name: one DNS label of `a-z`, `0-9` and `-`, 1 to 32 characters. */
export type CellName = string & { readonly [brand]: 'CellName' };

/**
 * A hosted zone's id, without `/hostedzone/` in front: at most 32 characters (ResourceId of Route 53's API). Those of
 * AWS begin with Z today; that is written nowhere, and emulators draw theirs from all letters and digits.
 */
export const HOSTED_ZONE_ID = /^[A-Z0-9]{1,32}$/;

const LABEL_MAX = 63;
/** 255 octets on the wire are 253 characters of text: every label costs a length octet, and the root one more. */
export const NAME_TEXT_MAX = 253;
const CELL_NAME = /^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$/;
const ESCAPE = /\\([0-3][0-7]{2})/g;

/** Characters that Route 53 shows as themselves; every other octet is shown as `\ooo`. */
const PLAIN_LABEL = /^(?:[a-z0-9_-]|\\[0-3][0-7]{2})+$/;

/**
 * Parses a DNS name in any case, with or without the trailing dot, `*` or `\052`.
 * Route 53 folds case and shows `*` as `\052` (Route 53 Developer Guide, "DNS domain name format").
 *
 * @throws InvalidValue when a label is empty or longer than 63 octets, or the name is longer than 255.
 */
export function dnsName(text: string): DnsName {
  const problem = dnsNameProblem(text);
  if (problem !== undefined) throw new InvalidValue(`"${clip(text)}" is not a DNS name: ${problem}.`);
  return canonicalText(text) as DnsName;
}

/** Why `text` is not a DNS name, or undefined when it is one. */
export function dnsNameProblem(text: string): string | undefined {
  const name = canonicalText(text);
  if (name === '') return 'it is empty';
  const characters = nameCharacters(name);
  if (characters > NAME_TEXT_MAX) return `it has ${characters} characters, more than ${NAME_TEXT_MAX}`;
  for (const [index, label] of name.split('.').entries()) {
    if (label === '') return 'it has an empty label';
    const length = nameCharacters(label);
    if (length > LABEL_MAX)
      return `the label "${clip(label)}" has ${length} characters, more than ${LABEL_MAX}`;
    if (label === '*' && index === 0) continue;
    // Elsewhere an asterisk is an octet like another, which Route 53 shows as `\052`.
    if (label === '*') return 'a "*" can only be the first label';
    if (!PLAIN_LABEL.test(label)) {
      return `the label "${clip(label)}" has a character that a name cannot hold as it is`;
    }
  }
  return undefined;
}

/** Characters of a name or label, an escaped octet counted once. */
export function nameCharacters(text: string): number {
  return text.replace(ESCAPE, '?').length;
}

/** Whether {@link cellName} takes a text. */
export function isCellName(text: string): boolean {
  return CELL_NAME.test(text);
}

/**
 * Parses a cell's name.
 *
 * @throws InvalidValue when it is not one label of `a-z`, `0-9`, `-`, 1 to 32 characters.
 */
export function cellName(text: string): CellName {
  if (!CELL_NAME.test(text)) {
    throw new InvalidValue(
      `"${clip(text)}" is not a cell name: use 1 to 32 of a-z, 0-9 and "-", not at an end ("use1-a").`,
    );
  }
  return text as CellName;
}

/** True when `name` is `ancestor` or lies below it. */
export function isWithin(name: DnsName, ancestor: DnsName): boolean {
  return name === ancestor || name.endsWith(`.${ancestor}`);
}

/** True when a wildcard owner name (`*.x`) could answer for `name`. */
export function wildcardCovers(wildcard: DnsName, name: DnsName): boolean {
  return wildcard.startsWith('*.') && name !== wildcard && name.endsWith(wildcard.slice(1));
}

/**
 * The key by which Route 53 orders names: labels reversed, each with its dot, compared as ASCII. The dot counts:
 * `a-b.x` comes before `a.x`, because `-` comes before `.` (ListResourceRecordSets, API reference, "Sort order").
 */
export function reversedLabels(name: DnsName): string {
  return `${name.split('.').reverse().join('.')}.`;
}

function canonicalText(text: string): string {
  const lower = text.toLowerCase();
  const bare = lower.endsWith('.') ? lower.slice(0, -1) : lower;
  return bare.startsWith('\\052.') || bare === '\\052' ? `*${bare.slice(4)}` : bare;
}

/** At most 80 characters of a name, for a sentence. */
export function clip(text: string): string {
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
