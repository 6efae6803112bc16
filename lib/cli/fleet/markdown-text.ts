import { tame } from '../printing/paper.ts';

/** GitHub shows 65,536 characters of a comment, and a workflow adds a few words of its own. */
const PAGE_MAX = 60_000;

/** Text as code: nothing in it is markup, a link or a mention, also in a cell of a table. */
export function codeText(text: string): string {
  return `\`${tame(text).replaceAll('`', "'").replaceAll('|', '\\|')}\``;
}

/** Text in a sentence, of which nothing is markup. A name after an @ is code, so that nobody is told of it. */
export function proseText(text: string): string {
  return tame(text)
    .replaceAll(/[\\*_[\]<>|#~`]/g, '\\$&')
    .replaceAll(/\B@[\w-]+/g, (mention) => `\`${mention}\``);
}

/** Text between tags. */
function tagText(text: string): string {
  return tame(text).replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

/** A table as GitHub and GitLab read it; the cells are Markdown. */
export function tableText(heads: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |\n`;
  return [line(heads), line(heads.map(() => '---')), ...rows.map(line)].join('');
}

/** A part that a reader opens. */
export function folded(title: string, body: string): string {
  return `<details><summary>${tagText(title)}</summary>\n\n${body}\n</details>\n`;
}

/** Parts under each other, with as many details as a comment holds; what is left out is said. */
export function withinPage(head: readonly string[], details: readonly string[], foot: string): string {
  const kept: string[] = [];
  let room = PAGE_MAX - head.join('\n').length - foot.length;
  for (const part of details) {
    if (part.length + 1 > room) continue;
    kept.push(part);
    room -= part.length + 1;
  }
  const left = details.length - kept.length;
  const more =
    left === 0 ? [] : [`Too long for a comment: ${left} folded parts, which "--format json" has.\n`];
  return [...head, ...kept, ...more, foot].join('\n');
}
