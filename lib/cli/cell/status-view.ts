import { duration } from '../printing/moment.ts';
import type { Paper, Tone } from '../printing/paper.ts';
import { lines, tame } from '../printing/paper.ts';
import { table } from '../printing/table.ts';
import type { CellCondition, CellStatus } from './cell-status.ts';

const TONES: Readonly<Record<CellCondition, Tone>> = {
  frozen: 'careful',
  rescued: 'bad',
  unreachable: 'bad',
  'other-ledger': 'bad',
  'no-fleet': 'faint',
  'no-plan': 'faint',
  drifted: 'bad',
  behind: 'careful',
  held: 'careful',
  converged: 'good',
};

/** A cell a line, then a sentence for whatever wants somebody's attention. */
export function statusView(cells: readonly CellStatus[], now: number, paper: Paper): string {
  if (cells.length === 0) return 'The ledger has no cells yet: run "pawl fleet push FILE".\n';
  const rows = cells.map((status) => [
    status.cell,
    status.zone ?? '-',
    { text: status.condition, tone: TONES[status.condition] },
    generation(status.goal),
    generation(status.applied?.generation),
    String(status.lag),
    status.fence === null ? '-' : String(status.fence.seq),
    tame(status.fence?.by ?? '-'),
    status.drift === null ? '-' : String(status.drift.count),
    since(status, now),
  ]);
  const grid = table(
    paper,
    [
      { head: 'CELL' },
      { head: 'ZONE' },
      { head: 'STATE' },
      { head: 'GOAL', align: 'right' },
      { head: 'APPLIED', align: 'right' },
      { head: 'LAG', align: 'right' },
      { head: 'SEQ', align: 'right' },
      { head: 'BY' },
      { head: 'DRIFT', align: 'right' },
      { head: 'SINCE' },
    ],
    rows,
  );
  return grid + lines(cells.flatMap((status) => remarks(status, now)));
}

function generation(value: number | null | undefined): string {
  return value === null || value === undefined ? '-' : `@${value}`;
}

/** How long a cell has been as its state says. */
function since(status: CellStatus, now: number): string {
  const at = {
    frozen: status.frozen?.at,
    behind: status.behindSince,
    drifted: status.drift?.at,
    converged: status.applied?.at,
    held: status.applied?.at,
    rescued: status.frozen?.at,
    unreachable: undefined,
    'other-ledger': undefined,
    'no-fleet': undefined,
    'no-plan': undefined,
  }[status.condition];
  return at === null || at === undefined ? '-' : duration(now - at);
}

function remarks(status: CellStatus, now: number): readonly string[] {
  const { cell, held, frozen, paused, fenceProblem, drained, evacuated, condition } = status;
  const problem = condition === 'no-fleet' || condition === 'no-plan' ? null : fenceProblem;
  return [
    ...(frozen === null
      ? []
      : [
          `${cell} is frozen by ${tame(frozen.by)}${ago(frozen.at, now)} (${tame(frozen.reason)}): "pawl thaw ${cell}" lets it go on.`,
        ]),
    ...(held === null
      ? []
      : [
          `${cell}@${held.generation} waits for approval: "pawl plan show ${cell}@${held.generation}", then "pawl plan approve ${cell}@${held.generation} --digest ${held.digest.slice(0, 12)}".`,
        ]),
    ...(paused === null
      ? []
      : [
          `${cell}: the planner is paused by ${tame(paused.by)}${ago(paused.at, now)} (${tame(paused.reason)}): "pawl resume ${cell}".`,
        ]),
    ...(problem === null ? [] : [`${cell}: ${tame(problem).replace(/\.$/, '')}.`]),
    ...(drained.length === 0 ? [] : [`${cell}: drained ${drained.join(', ')}.`]),
    ...(evacuated.length === 0 ? [] : [`${cell}: evacuated ${evacuated.join(', ')}.`]),
  ];
}

function ago(at: number | null, now: number): string {
  return at === null ? '' : ` for ${duration(now - at)}`;
}
