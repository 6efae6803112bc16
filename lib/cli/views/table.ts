import Table from 'cli-table3';
import type { Paper } from './paper.ts';
import { paint, visibleLength } from './paper.ts';

export interface Column {
  readonly head: string;
  readonly align?: 'left' | 'right';
}

const COLUMN_MIN = 6;
const GAP = '  ';
/** A cell's padding and one line beside it. */
const BOX_COLUMNS = 3;

/**
 * Rows under their heads: with lines and within the width on a terminal (long cells are wrapped), as aligned columns
 * in a pipe, where a line is a row and nothing is cut.
 */
export function table(
  paper: Paper,
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
): string {
  const widths = columns.map(({ head }, index) =>
    Math.max(head.length, ...rows.map((row) => visibleLength(row[index] ?? ''))),
  );
  return paper.boxes ? boxed(paper, columns, rows, widths) : aligned(columns, rows, widths);
}

function aligned(
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  widths: readonly number[],
): string {
  const line = (cells: readonly string[]) =>
    columns
      .map(({ align }, index) => {
        const cell = cells[index] ?? '';
        const fill = ' '.repeat((widths[index] ?? 0) - visibleLength(cell));
        return align === 'right' ? fill + cell : cell + fill;
      })
      .join(GAP)
      .trimEnd();
  return [columns.map(({ head }) => head), ...rows].map((cells) => `${line(cells)}\n`).join('');
}

function boxed(
  paper: Paper,
  columns: readonly Column[],
  rows: readonly (readonly string[])[],
  widths: readonly number[],
): string {
  const fitted = narrowed(widths, paper.width - 1 - columns.length * BOX_COLUMNS);
  const made = new Table({
    head: columns.map(({ head }) => paint(paper, 'strong', head)),
    colAligns: columns.map(({ align = 'left' }) => align),
    colWidths: fitted.map((width) => width + 2),
    style: { head: [], border: [], compact: true },
    wordWrap: true,
    wrapOnWordBoundary: false,
  });
  made.push(...rows.map((row) => [...row]));
  return `${made.toString()}\n`;
}

/** The widest columns give way first, down to a least width. */
function narrowed(widths: readonly number[], room: number): readonly number[] {
  const fitted = [...widths];
  let over = fitted.reduce((sum, width) => sum + width, 0) - room;
  while (over > 0) {
    const widest = fitted.indexOf(Math.max(...fitted));
    const width = fitted[widest] ?? 0;
    if (width <= COLUMN_MIN) break;
    fitted[widest] = width - 1;
    over -= 1;
  }
  return fitted;
}
