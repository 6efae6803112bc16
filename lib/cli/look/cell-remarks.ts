import { halfFrozenText } from '../../cell/freeze-halves.ts';
import { NEWEST_LEDGER_FORMAT } from '../../plan/stored-format.ts';
import { dampedLines } from '../printing/damped-targets.ts';
import { summaryText } from '../printing/event-text.ts';
import { duration } from '../printing/moment.ts';
import { obstacleLines } from '../printing/obstacle-lines.ts';
import type { Tone } from '../printing/paper.ts';
import { answersNotAsked, clause, counted, tame } from '../printing/paper.ts';
import type { CellCondition, CellStatus } from './cell-status.ts';
import { handoverLines } from './handover-lines.ts';
import type { ShownCell } from './look-at-cells.ts';

/** The first format that holds what stands in an endpoint's way. */
const FORMAT_WITH_OBSTACLES = 3;

/** How much attention a condition needs. */
export const CONDITION_TONES: Readonly<Record<CellCondition, Tone>> = {
  rescued: 'bad',
  frozen: 'careful',
  unreachable: 'bad',
  'other-ledger': 'bad',
  'no-fleet': 'faint',
  'no-plan': 'faint',
  refused: 'bad',
  behind: 'careful',
  drifted: 'bad',
  blind: 'bad',
  'kept-back': 'careful',
  'handing-over': 'careful',
  held: 'careful',
  paused: 'careful',
  pending: 'careful',
  converged: 'good',
};

/** Since when a cell has been in its condition, milliseconds since 1970; null where nobody knows. Pure. */
export function conditionSince(status: CellStatus): number | null {
  const { keptBack, refused, blind, frozen } = status;
  const waiting = keptBack.filter(({ rejected }) => rejected === null).map((each) => each.since);
  const at: Readonly<Record<CellCondition, number | null | undefined>> = {
    rescued: frozen?.at,
    frozen: frozen?.at,
    unreachable: null,
    'other-ledger': null,
    'no-fleet': null,
    'no-plan': null,
    refused: earliest(refused.map((each) => each.since)),
    behind: status.behindSince,
    drifted: status.drift?.at,
    blind: earliest([...blind.map((each) => each.since), ...waiting]),
    'kept-back': earliest(waiting),
    'handing-over': earliest([...status.offers, ...status.awaited].map((each) => each.at)),
    held: earliest([status.held?.at ?? null, status.loosening?.since ?? null]),
    paused: status.paused?.at,
    pending: null,
    converged: status.applied?.at,
  };
  return at[status.condition] ?? null;
}

function earliest(moments: readonly (number | null)[]): number | null {
  const known = moments.flatMap((at) => at ?? []);
  return known.length === 0 ? null : Math.min(...known);
}

/** A sentence for each thing of a cell that needs attention, with the next command in double quotes. Pure. */
export function cellRemarks(status: ShownCell, now: number): readonly string[] {
  const { cell, paused, fenceProblem, drained, condition, asks, notJudged } = status;
  const problem = condition === 'no-fleet' || condition === 'no-plan' ? null : fenceProblem;
  return [
    ...frozenLine(status, now),
    ...obstacleLines(cell, status, now),
    ...dampedLines(cell, status.damped),
    ...roomLine(status),
    ...(paused === null
      ? []
      : [
          `${cell}: the planner is paused by ${tame(paused.by)}${ago(paused.at, now)} (${tame(paused.reason)}): "pawl resume ${cell}".`,
        ]),
    ...(asks === null || condition === 'no-plan'
      ? []
      : [
          `${cell}: the planner has yet to append: ${summaryText(asks)}. "pawl plan --cell ${cell}" shows it.`,
        ]),
    ...(status.privateZone === true ? [`${cell}: ${answersNotAsked()}.`] : []),
    ...(notJudged === null ? [] : [`${cell}: what is asked of it is not known: ${clause(notJudged)}.`]),
    ...(problem === null ? [] : [`${cell}: ${clause(problem)}.`]),
    ...(drained.length === 0 ? [] : [`${cell}: drained ${drained.join(', ')}.`]),
    ...evacuatedLines(status),
    ...handoverLines(status, now),
    ...(status.format >= NEWEST_LEDGER_FORMAT || condition === 'no-fleet' ? [] : [formatLine(status)]),
  ];
}

function evacuatedLines({ cell, evacuated, evacuatedBranches }: ShownCell): readonly string[] {
  return [
    ...(evacuated.length === 0 ? [] : [`${cell}: evacuated ${evacuated.join(', ')}.`]),
    ...(evacuatedBranches.length === 0
      ? []
      : [
          `${cell}: evacuated the branch${evacuatedBranches.length === 1 ? '' : 'es'} ${evacuatedBranches.join(', ')}.`,
        ]),
  ];
}

function roomLine({ cell, awaitedRoom: room }: ShownCell): readonly string[] {
  if (room === null) return [];
  const { generation, needs, free } = room;
  return [
    `${cell}: @${generation} waits for room: it needs ${counted(needs, 'record')}, ${free} are free by the last survey. A janitor makes room by what is only retained; "pawl retire ${cell}" does it at once.`,
  ];
}

function frozenLine({ cell, frozen, frozenHalf }: CellStatus, now: number): readonly string[] {
  const since = ago(frozen?.at ?? null, now);
  if (frozenHalf !== null) return [tame(halfFrozenText(cell, { half: frozenHalf, frozen }, since))];
  if (frozen === null) return [];
  const { by, reason } = frozen;
  return [`${cell} is frozen by ${tame(by)}${since} (${tame(reason)}): "pawl thaw ${cell}" lets it go on.`];
}

function formatLine({ cell, format }: CellStatus): string {
  const lacks =
    format < FORMAT_WITH_OBSTACLES
      ? ', which does not record what is kept back, refused or not observed, and since when'
      : '';
  return `${cell} is written in format ${format} of ${NEWEST_LEDGER_FORMAT}${lacks}: "pawl upgrade ${cell}" once every function is of this release.`;
}

function ago(at: number | null, now: number): string {
  return at === null ? '' : ` for ${duration(now - at)}`;
}
