import type { Paper } from '../printing/paper.ts';
import { counted, paint, tame } from '../printing/paper.ts';
import { table } from '../printing/table.ts';
import type { AnswerSpread } from './answer-spread.ts';

/** What `pawl resolve` has to tell. */
export interface ResolveReport {
  readonly name: string;
  readonly types: readonly string[];
  /** `use1-a@145`; absent when no applied plan has the name. */
  readonly plan?: string;
  readonly asked: number;
  readonly empty: number;
  readonly rcodes: Readonly<Record<string, number>>;
  readonly errors: Readonly<Record<string, number>>;
  readonly spread: AnswerSpread;
}

const OTHERS_MAX = 20;

/** How the answers spread over the targets, beside the planned weights. */
export function resolveView(report: ResolveReport, paper: Paper): string {
  const { name, types, plan, spread } = report;
  const planned = plan === undefined ? 'no applied plan has this name' : `planned by ${plan}`;
  return `${paint(paper, 'strong', name)} ${types.join(' ')}, ${planned}\n${targetsTable(spread, paper)}${othersTable(spread, paper)}${totals(report, paper)}`;
}

function targetsTable({ targets }: AnswerSpread, paper: Paper): string {
  if (targets.length === 0) return '';
  return table(
    paper,
    [
      { head: 'TARGET' },
      { head: 'TYPE' },
      { head: 'ANSWER' },
      { head: 'WEIGHT', align: 'right' },
      { head: 'PLANNED', align: 'right' },
      { head: 'ANSWERS', align: 'right' },
      { head: 'SHARE', align: 'right' },
    ],
    targets.map(({ target, type, answer, weight, plannedShare, answers, share }) => [
      tame(target),
      type,
      tame(answer),
      String(weight),
      percent(plannedShare),
      answers === null ? '-' : String(answers),
      share === null ? '-' : percent(share),
    ]),
  );
}

function othersTable({ targets, others }: AnswerSpread, paper: Paper): string {
  if (others.length === 0) return '';
  const title = targets.some(({ answers }) => answers === null) ? 'ANSWER OF AN ALIAS' : 'ANSWER';
  const rows = others.slice(0, OTHERS_MAX).map(({ answer, answers }) => [tame(answer), String(answers)]);
  const more = others.length - OTHERS_MAX;
  const grid = table(paper, [{ head: title }, { head: 'ANSWERS', align: 'right' }], rows);
  return more > 0 ? `${grid}and ${counted(more, 'other answer')} more\n` : grid;
}

function totals({ asked, empty, rcodes, errors }: ResolveReport, paper: Paper): string {
  const parts = [
    ...Object.entries(rcodes).map(([rcode, count]) =>
      rcode === 'NOERROR' ? `${count} ${rcode}` : paint(paper, 'bad', `${count} ${rcode}`),
    ),
    ...(empty === 0 ? [] : [paint(paper, 'bad', `${empty} without an answer`)]),
    ...Object.entries(errors).map(([error, count]) => paint(paper, 'bad', `${count} ${error}`)),
  ];
  return `${counted(asked, 'query', 'queries')}: ${parts.join(', ')}\n`;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
