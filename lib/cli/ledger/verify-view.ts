import type { LedgerReport } from '../../ledger/verify.ts';
import type { Paper } from '../printing/paper.ts';
import { counted, lines, tame } from '../printing/paper.ts';
import { table } from '../printing/table.ts';

/** A cell a line, then everything that is wrong. */
export function verifyView({ cells }: LedgerReport, paper: Paper): string {
  if (cells.length === 0) return 'The ledger has no cells yet.\n';
  const grid = table(
    paper,
    [{ head: 'CELL' }, { head: 'EVENTS', align: 'right' }, { head: 'VERDICT' }],
    cells.map(({ cell, events, problems }) => [
      tame(cell),
      String(events),
      problems.length === 0
        ? { text: 'intact', tone: 'good' }
        : { text: counted(problems.length, 'problem'), tone: 'bad' },
    ]),
  );
  return (
    grid +
    lines(cells.flatMap(({ cell, problems }) => problems.map(({ what }) => `${tame(cell)}: ${tame(what)}.`)))
  );
}
