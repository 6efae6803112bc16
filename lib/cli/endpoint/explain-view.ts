import { eventText } from '../printing/event-text.ts';
import { duration, moment } from '../printing/moment.ts';
import type { Paper } from '../printing/paper.ts';
import { lines, paint, tame } from '../printing/paper.ts';
import { table } from '../printing/table.ts';
import type { Explanation } from './explanation.ts';

/** The chain of one endpoint from its root to its leaves. */
export function explainView(explanation: Explanation, now: number, paper: Paper): string {
  const { name, cell, kind, ttl, targets } = explanation;
  const rows = targets.flatMap(({ target, az, records, why }) =>
    records.length === 0
      ? [[tame(target), tame(az), '', '-', '', tame(why)]]
      : records.map(({ type, answer, weight }) => [
          tame(target),
          tame(az),
          type,
          String(weight),
          tame(answer),
          tame(why),
        ]),
  );
  return (
    lines(
      `${paint(paper, 'strong', name)}: ${kind} endpoint of cell ${cell}, TTL ${ttl} s`,
      chain(explanation, now, paper),
    ) +
    table(
      paper,
      [
        { head: 'TARGET' },
        { head: 'AZ' },
        { head: 'TYPE' },
        { head: 'WEIGHT', align: 'right' },
        { head: 'ANSWER' },
        { head: 'WHY' },
      ],
      rows,
    )
  );
}

function chain(explanation: Explanation, now: number, paper: Paper): readonly string[] {
  const { root, rootIsAsPlanned, rollback, tree, made, applied, cell } = explanation;
  const drift = rootIsAsPlanned ? '' : paint(paper, 'bad', ' (not as planned)');
  const condition = tree.condition === 'intact' ? 'intact' : paint(paper, 'bad', tree.condition);
  return [
    ...rootLines('root', root, drift),
    `tree      ${tree.name}, ${condition}`,
    ...(made === null
      ? []
      : [`made by   event ${made.number}, ${moment(made.at)}, ${tame(made.by)}: ${eventText(made.event)}`]),
    ...(applied === null
      ? []
      : [
          `live by   ${cell}@${applied.generation}, applied ${moment(applied.at)} (${duration(now - applied.at)} ago) by ${tame(applied.by)}, fence seq ${applied.seq}`,
        ]),
    ...rootLines('rollback', rollback, ''),
  ];
}

function rootLines(what: string, records: Explanation['root'], remark: string): readonly string[] {
  if (records.length === 0) return [`${what.padEnd(9)} nothing stands there${remark}`];
  return records.map(({ type, answer }) => `${what.padEnd(9)} ${type} ${answer}${remark}`);
}
