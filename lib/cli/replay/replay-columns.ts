import type { Paper, Tone } from '../printing/paper.ts';
import { paint } from '../printing/paper.ts';

/** A line of a column: plain text, and the tone that it is painted in after it is wrapped. */
export interface ColumnLine {
  readonly text: string;
  readonly tone?: Tone | undefined;
}

/** Breaks a text at blanks into lines of at most `width` columns; a word that is longer is cut. */
export function wrappedText(text: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((each) => pieces(each, width))) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (longer.length <= width) line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
}

function pieces(word: string, width: number): readonly string[] {
  if (word.length <= width) return [word];
  return [word.slice(0, width), ...pieces(word.slice(width), width)];
}

/** Columns beside one another, each wrapped to its width, after a margin that precedes the first line. */
export function sideBySide(
  paper: Paper,
  margin: string,
  columns: readonly (readonly ColumnLine[])[],
  width: number,
): readonly string[] {
  const wrapped = columns.map((column) =>
    column.flatMap(({ text, tone }) =>
      wrappedText(text, width).map((line): ColumnLine => ({ text: line, tone })),
    ),
  );
  const height = Math.max(...wrapped.map((column) => column.length));
  const bar = paper.boxes ? ' │ ' : ' | ';
  return Array.from({ length: height }, (_, row) => {
    const isLast = (index: number) => index === wrapped.length - 1;
    const cells = wrapped.map((column, index) => {
      const { text, tone } = column[row] ?? { text: '' };
      const padding = isLast(index) ? '' : ' '.repeat(width - text.length);
      return (tone === undefined ? text : paint(paper, tone, text)) + padding;
    });
    const head = row === 0 ? margin : ' '.repeat(margin.length);
    return `${head}${cells.join(bar)}`.trimEnd();
  });
}

/** A text in a rule across the paper; lines without a rule where it is too long for one. */
export function ruledLines(text: string, paper: Paper): readonly string[] {
  const dash = paper.boxes ? '─' : '-';
  const label = `${dash.repeat(2)} ${text} `;
  const line = label.length > paper.width ? text : label + dash.repeat(paper.width - label.length);
  return wrappedText(line, paper.width).map((each) => paint(paper, 'strong', each));
}
