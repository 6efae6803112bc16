/**
 * An escape in a zone file: three decimal digits of an octet, or a character that is meant as it is (RFC 1035, 5.1). Or an
 * ASCII character without one, but for the dot between labels.
 */
const CHARACTER = /\\(?:([0-9]{3})|(.))|([!-\-/-[\]-~])/gu;
/** A first label of an asterisk alone, which is a wildcard. */
const WILDCARD = /^[*](?=[.]|$)/;
const OCTET_MAX = 255;
/** Characters that a name has as they are; every other octet is written `\ooo`, as Route 53 does. */
const PLAIN = /^[a-z0-9_-]$/i;
const ORIGIN_WORD = '@';

/**
 * The whole name that a word of a zone file means, with octets as Route 53 writes them and without a full stop at its
 * end; undefined when it needs an origin and there is none.
 */
export function wholeName(word: string, origin: string | undefined): string | undefined {
  if (word === ORIGIN_WORD) return origin;
  if (word === '.') return '';
  const isWhole = /(^|[^\\])(\\\\)*[.]$/.test(word);
  const bare = isWhole ? word.slice(0, -1) : word;
  const wildcard = WILDCARD.exec(bare)?.[0] ?? '';
  const text = `${wildcard}${bare.slice(wildcard.length).replaceAll(CHARACTER, written)}`;
  if (isWhole) return text;
  if (origin === undefined) return undefined;
  return origin === '' ? text : `${text}.${origin}`;
}

/** @returns what no name can hold for a number that is no octet's. */
function written(found: string, decimal?: string, escaped?: string, plain?: string): string {
  if (decimal === undefined) return octet(escaped ?? plain ?? '');
  return Number(decimal) > OCTET_MAX ? `\\${found}` : octet(String.fromCharCode(Number(decimal)));
}

function octet(character: string): string {
  if (PLAIN.test(character)) return character;
  return `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`;
}
