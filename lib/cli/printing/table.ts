import Table from 'cli-table3';
import type { Paper, Tone } from './paper.ts';
import { paint } from './paper.ts';

export interface Column {
  readonly head: string;
  readonly align?: 'left' | 'right';
}

/** A cell's plain text, or the text with its tone. A long text is wrapped before it is coloured. */
export type Cell = string | { readonly text: string; readonly tone: Tone };

type Rows = readonly (readonly Cell[])[];

const GAP = '  ';
/** A cell's padding and one line beside it. */
const BOX_COLUMNS = 3;

/**
 * Rows under their heads. On a terminal the table has lines and fits the width: long cells are wrapped between words,
 * and where the words themselves are too wide every row becomes a list, so that no name is cut in two. In a pipe the columns are aligned, a line is a row, and nothing is cut.
 */
export function table(paper: Paper, columns: readonly Column[], rows: Rows): string {
  const natural = columns.map(({ head }, index) =>
    Math.max(head.length, ...rows.map((row) => textOf(row[index]).length)),
  );
  if (!paper.boxes) return aligned(paper, columns, rows, natural);
  const room = paper.width - 1 - columns.length * BOX_COLUMNS;
  const widths = narrowed(leastWidths(columns, rows), natural, room);
  return widths === undefined ? listed(paper, columns, rows) : boxed(paper, columns, rows, widths);
}

function aligned(paper: Paper, columns: readonly Column[], rows: Rows, widths: readonly number[]): string {
  const line = (cells: readonly Cell[]) =>
    columns
      .map(({ align }, index) => {
        const cell = cells[index];
        const fill = ' '.repeat((widths[index] ?? 0) - textOf(cell).length);
        const text = painted(paper, cell, textOf(cell));
        return align === 'right' ? fill + text : text + fill;
      })
      .join(GAP)
      .trimEnd();
  return [columns.map(({ head }) => head), ...rows].map((cells) => `${line(cells)}\n`).join('');
}

function boxed(paper: Paper, columns: readonly Column[], rows: Rows, widths: readonly number[]): string {
  const made = new Table({
    head: columns.map(({ head }) => paint(paper, 'strong', head)),
    colAligns: columns.map(({ align = 'left' }) => align),
    colWidths: widths.map((width) => width + 2),
    style: { head: [], border: [], compact: true },
  });
  const cellOf = (cell: Cell | undefined, width: number) =>
    wrapped(textOf(cell), width)
      .map((line) => painted(paper, cell, line))
      .join('\n');
  made.push(...rows.map((row) => widths.map((width, index) => cellOf(row[index], width))));
  return `${made.toString()}\n`;
}

/** Row by row, with a line for each cell. */
function listed(paper: Paper, columns: readonly Column[], rows: Rows): string {
  const width = Math.max(...columns.map(({ head }) => head.length));
  const lineOf = (head: string, cell: Cell | undefined, part: string): string =>
    `${paint(paper, 'strong', head.padEnd(width))} ${painted(paper, cell, part)}`.trimEnd();
  const block = (row: readonly Cell[]) =>
    columns
      .flatMap(({ head }, index) =>
        wrapped(textOf(row[index]), paper.width - width - 1).map((part, line) =>
          lineOf(line === 0 ? head : '', row[index], part),
        ),
      )
      .map((line) => `${line}\n`)
      .join('');
  return rows.map(block).join('\n');
}

/** The width of the longest word of each column, its head among them. */
function leastWidths(columns: readonly Column[], rows: Rows): readonly number[] {
  return columns.map(({ head }, index) =>
    Math.max(
      head.length,
      ...rows.flatMap((row) => textOf(row[index]).split(' ')).map(({ length }) => length),
    ),
  );
}

/** Narrows the widest columns first, down to the longest word of each; undefined when that is not enough. */
function narrowed(
  least: readonly number[],
  natural: readonly number[],
  room: number,
): readonly number[] | undefined {
  const widths = [...natural];
  let over = widths.reduce((sum, width) => sum + width, 0) - room;
  while (over > 0) {
    const slack = widths.map((width, index) => (width > (least[index] ?? 0) ? width : 0));
    const widest = slack.indexOf(Math.max(...slack));
    const width = slack[widest] ?? 0;
    if (width === 0) return undefined;
    widths[widest] = width - 1;
    over -= 1;
  }
  return widths;
}

/** Lines of at most `width`, broken at spaces alone: a longer word is a line of its own. */
function wrapped(text: string, width: number): readonly string[] {
  const found: string[] = [];
  let rest = text.length > width ? text.trimStart() : text;
  while (rest.length > width) {
    const before = rest.lastIndexOf(' ', width);
    const end = before > 0 ? before : rest.indexOf(' ', width);
    if (end < 0) break;
    found.push(rest.slice(0, end));
    rest = rest.slice(end).trimStart();
  }
  return [...found, rest];
}

function textOf(cell: Cell | undefined): string {
  if (cell === undefined) return '';
  return typeof cell === 'string' ? cell : cell.text;
}

function painted(paper: Paper, cell: Cell | undefined, text: string): string {
  return cell === undefined || typeof cell === 'string' ? text : paint(paper, cell.tone, text);
}
