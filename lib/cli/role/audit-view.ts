import type { AuditOutcome, AuditReport } from '../../auditor/auditor.ts';
import type { CellName } from '../../plan/names.ts';
import { some } from '../printing/event-text.ts';
import type { Paper, Tone } from '../printing/paper.ts';
import { counted, lines, paint, tame } from '../printing/paper.ts';
import { table } from '../printing/table.ts';

const TONES: Readonly<Record<AuditOutcome['type'], Tone>> = {
  clean: 'good',
  drift: 'bad',
  regressed: 'bad',
  unanswered: 'bad',
  'other-ledger': 'bad',
  frozen: 'careful',
  unplanned: 'careful',
  unsettled: 'careful',
  idle: 'careful',
};

/** One cell and what its audit came to, with everything that was found. */
export interface AuditedCell {
  readonly cell: CellName;
  readonly outcome: AuditOutcome;
}

/** A cell a line, then what is wrong, a line each, then what is only worth knowing. */
export function auditView(cells: readonly AuditedCell[], paper: Paper): string {
  if (cells.length === 0) return 'The ledger has no cells yet.\n';
  const grid = table(
    paper,
    [
      { head: 'CELL' },
      { head: 'VERDICT' },
      { head: 'APPLIED', align: 'right' },
      { head: 'RECORDS', align: 'right' },
      { head: 'DRIFT', align: 'right' },
      { head: 'DANGLING', align: 'right' },
      { head: 'EMPTY', align: 'right' },
      { head: 'ORPHANS', align: 'right' },
    ],
    cells.map(({ cell, outcome }) => row(cell, outcome, paper)),
  );
  return grid + lines(cells.flatMap(({ cell, outcome }) => remarks(cell, outcome)));
}

function row(cell: CellName, outcome: AuditOutcome, paper: Paper): readonly string[] {
  const verdict = paint(paper, TONES[outcome.type], outcome.type);
  if (outcome.type === 'idle') return [cell, verdict, '', '', '', '', '', ''];
  const { applied, facts, drift, dangling, empty, asked, orphans } = outcome.report;
  return [
    cell,
    verdict,
    applied === undefined ? '' : `@${applied.generation}`,
    `${facts.records} of ${facts.recordLimit}`,
    String(drift.length),
    String(dangling.length),
    asked === 0 ? 'not asked' : `${empty.length} of ${asked}`,
    String(orphans.length),
  ];
}

function remarks(cell: CellName, outcome: AuditOutcome): readonly string[] {
  const said = (text: string) => `${cell}: ${tame(text).replace(/\.$/, '')}.`;
  if (outcome.type === 'idle') return [said(outcome.reason)];
  const reason = outcome.type === 'unsettled' || outcome.type === 'other-ledger' ? [outcome.reason] : [];
  return [...reason, ...wrong(outcome.report), ...worthKnowing(outcome.report)].map(said);
}

function wrong({ regressions, drift, obstacle, dangling, empty }: AuditReport): readonly string[] {
  return [
    ...regressions.map(
      ({ what, name, found, expected }) =>
        `the ${what} ${name} went back: found ${found}, expected ${expected}`,
    ),
    ...drift.map(({ name, what }) => `${name} (${what}) is not as planned`),
    ...(obstacle === undefined ? [] : [`no enactor can repair it: ${obstacle}`]),
    ...dangling.map(({ name, type, target }) => `${name} ${type} points at ${target}, where nothing stands`),
    ...empty.map(({ name, type }) => `${name} ${type} is answered with nothing`),
  ];
}

function worthKnowing({
  frozenBy,
  unanswered,
  asked,
  facts,
  strays,
  recorded,
}: AuditReport): readonly string[] {
  return [
    ...(frozenBy === undefined ? [] : [`frozen by ${frozenBy}`]),
    ...(unanswered === 0 ? [] : [`${unanswered} of ${counted(asked, 'question')} had no reply`]),
    ...(facts.conflicts.length === 0
      ? []
      : [`not Pawl's yet, and in the way of a plan: ${some(facts.conflicts)}; "pawl adopt" takes them over`]),
    ...(strays.length === 0 ? [] : [`the janitor will delete what is nobody's: ${some(strays)}`]),
    ...(recorded.length === 0 ? [] : [`recorded: ${recorded.join(', ')}`]),
  ];
}
