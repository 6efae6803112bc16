/** A part of a sentence: text, or a command that can be copied as it stands. */
export type SentencePart = { readonly text: string } | { readonly command: string };

const COMMAND = /"(pawl [^"]+)"/g;
/** `TARGET`, `FILE`: what a person puts in themselves. */
const PLACEHOLDER = /\b[A-Z]{3,}\b/;

/**
 * A sentence with its commands apart, each ready to be typed for this world. Pure.
 *
 * @param place what names the world on a command line: `--stack pawl`; empty for the default one.
 */
export function sentenceParts(sentence: string, place: string): readonly SentencePart[] {
  const parts: SentencePart[] = [];
  let from = 0;
  for (const { 0: quoted, 1: line = '', index } of sentence.matchAll(COMMAND)) {
    if (PLACEHOLDER.test(line)) continue;
    parts.push({ text: sentence.slice(from, index) }, { command: typed(line, place) });
    from = index + quoted.length;
  }
  parts.push({ text: sentence.slice(from) });
  return parts.filter((part) => !('text' in part) || part.text !== '');
}

/** A command of Pawl's as a person types it for this world. Pure. */
export function typed(line: string, place: string): string {
  return `npx ${line}${place === '' ? '' : ` ${place}`}`;
}
