/** An escape in a zone file: three decimal digits of an octet, or a character that is meant as it is (RFC 1035, 5.1). */
const ESCAPE = /\\(?:([0-9]{3})|(.))/gu;
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
  const text = (isWhole ? word.slice(0, -1) : word).replaceAll(
    ESCAPE,
    (_, decimal: string | undefined, character: string | undefined) =>
      octet(decimal === undefined ? (character ?? '') : String.fromCharCode(Number(decimal))),
  );
  if (isWhole) return text;
  if (origin === undefined) return undefined;
  return origin === '' ? text : `${text}.${origin}`;
}

function octet(character: string): string {
  if (PLAIN.test(character)) return character;
  return `\\${character.charCodeAt(0).toString(8).padStart(3, '0')}`;
}
