import type { CellConvergence } from '../../local/convergence.ts';
import type { WorldFacts } from '../../wiring/world-file.ts';
import type { Paper } from '../printing/paper.ts';
import { counted, generationText, lines, paint, tame } from '../printing/paper.ts';
import { table } from '../printing/table.ts';

export interface Welcome {
  readonly facts: WorldFacts;
  /** Where Prometheus finds metrics; undefined where it was given no port. */
  readonly metrics?: string | undefined;
  /** The world's folder as a person must type it; undefined for the default folder. */
  readonly folder: string | undefined;
  readonly fleetFile: string;
  readonly cells: readonly CellConvergence[];
  /** A sentence for each thing that waits, as "pawl status" prints them. */
  readonly waiting: readonly string[];
}

/** Where the world's servers are, and three things to try in another terminal. */
export function startWelcome(
  { facts, metrics, folder, fleetFile, cells, waiting }: Welcome,
  paper: Paper,
): string {
  const { host, port } = facts.dns;
  const name = nameToTry(cells);
  const where = folder === undefined ? '' : ` --folder ${folder}`;
  const rows: readonly (readonly [string, string])[] = [
    ['DNS', `${host}:${port} (UDP and TCP)`],
    ['Route 53', facts.route53],
    ['DynamoDB', `${facts.dynamodb} (table ${facts.table})`],
    ...(metrics === undefined ? [] : [['Metrics', metrics] as const]),
  ];
  return lines(
    '',
    stateText(cells, paper),
    waiting,
    '',
    rows.map(([what, address]) => `  ${what.padEnd(9)} ${address}`),
    '',
    'Try, in another terminal:',
    `  npx pawl resolve ${name} --count 1000${where}`,
    `  dig @${host} -p ${port} ${name}`,
    `  npx pawl fleet push ${fleetFile}${where}   (after changing a target's health or capacity in it)`,
    '',
    'Ctrl-C ends this world; the next start goes on where it stopped.',
    '',
  );
}

/** Whether every cell is at its goal, and if not, which is on its way and which waits. */
function stateText(cells: readonly CellConvergence[], paper: Paper): string {
  const names = (some: readonly CellConvergence[]): string => some.map(({ cell }) => cell).join(', ');
  const behind = cells.filter(({ converged, waits }) => !converged && !waits);
  const waits = cells.filter((each) => each.waits);
  if (behind.length > 0) {
    const why = behind.map(({ cell, remark }) => `${cell} (${tame(remark)})`).join(', ');
    return paint(paper, 'careful', `${counted(behind.length, 'cell')} not at the goal yet: ${why}.`);
  }
  return waits.length > 0
    ? paint(paper, 'careful', `Not all that is asked can be done (${names(waits)}):`)
    : paint(paper, 'good', `Every cell is at its goal (${names(cells)}).`);
}

/** The shortest name that is neither a wildcard nor a zone's apex. */
function nameToTry(cells: readonly CellConvergence[]): string {
  const names = cells.flatMap(({ names: owned, zone }) =>
    owned.filter((name) => !name.includes('*') && name !== zone),
  );
  const [shortest] = names.sort((a, b) => a.length - b.length || (a < b ? -1 : 1));
  return shortest ?? cells[0]?.zone ?? 'example.test';
}

/** A row for each cell: its progress, and why it is not at its goal; then a sentence for each thing that waits. */
export function startSummary(
  cells: readonly CellConvergence[],
  waiting: readonly string[],
  paper: Paper,
): string {
  const grid = table(
    paper,
    [
      { head: 'CELL' },
      { head: 'ZONE' },
      { head: 'STATE' },
      { head: 'GOAL', align: 'right' },
      { head: 'APPLIED', align: 'right' },
      { head: 'SEQ', align: 'right' },
      { head: 'ENDPOINTS', align: 'right' },
      { head: 'REMARK' },
    ],
    cells.map(({ cell, zone, converged, waits, goal, applied, seq, names, remark }) => [
      cell,
      zone,
      converged
        ? paint(paper, 'good', 'converged')
        : paint(paper, 'careful', waits ? 'waits' : 'not converged'),
      generationText(goal),
      generationText(applied),
      seq === undefined ? '-' : String(seq),
      String(names.length),
      tame(remark),
    ]),
  );
  return grid + lines(waiting);
}
