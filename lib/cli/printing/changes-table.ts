import type { Paper } from './paper.ts';
import { counted, lines } from './paper.ts';
import type { Cell } from './table.ts';
import { table } from './table.ts';

const ROWS_MAX = 200;

/** What changes, target by target, and what is said below it. */
export interface Changes {
  /** Endpoint, change, target, type, before, after, moved. */
  readonly rows: readonly (readonly Cell[])[];
  readonly details: readonly string[];
  /** Endpoints that stay as they are. */
  readonly unchanged: number;
  /** What a person types to see rows beyond the first 200: `--json`. */
  readonly whole: string;
}

/** The first 200 rows as a table, then the details, then how many endpoints do not change. */
export function changesTable({ rows, details, unchanged, whole }: Changes, paper: Paper): string {
  const hidden = rows.length - ROWS_MAX;
  return (
    table(
      paper,
      [
        { head: 'ENDPOINT' },
        { head: 'CHANGE' },
        { head: 'TARGET' },
        { head: 'TYPE' },
        { head: 'BEFORE', align: 'right' },
        { head: 'AFTER', align: 'right' },
        { head: 'MOVED', align: 'right' },
      ],
      rows.slice(0, ROWS_MAX),
    ) +
    (hidden > 0 ? `and ${counted(hidden, 'row')} more: see ${whole}\n` : '') +
    lines(details) +
    (unchanged > 0 ? `${counted(unchanged, 'endpoint')} unchanged.\n` : '')
  );
}
