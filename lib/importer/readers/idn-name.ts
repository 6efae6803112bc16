/** True where a label has a character beyond ASCII. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are part of ASCII.
const BEYOND_ASCII = /[^\u0000-\u007f]/;

/**
 * A name with its labels as DNS has them: `müller` is `xn--mller-kva` (UTS 46, as URLs have it). A label that has no such
 * form stays as it is. Pure.
 */
export function asciiName(text: string): string {
  return text
    .split('.')
    .map((label) => (BEYOND_ASCII.test(label) ? asciiLabel(label) : label))
    .join('.');
}

function asciiLabel(label: string): string {
  const url = `http://${label}`;
  return URL.canParse(url) ? new URL(url).hostname : label;
}
