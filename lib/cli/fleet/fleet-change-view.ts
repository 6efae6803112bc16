import type { Paper } from '../printing/paper.ts';
import { counted, lines, paint, tame } from '../printing/paper.ts';
import type { FleetChange } from './fleet-change.ts';
import { isSame } from './fleet-change.ts';

const SHOWN_MAX = 40;

/** What a push would change, a cell after the other, as a list with `+`, `-` and `~`. */
export function fleetChangeView(changes: readonly FleetChange[], paper: Paper): string {
  return lines(changes.flatMap((change) => cellLines(change, paper)));
}

function cellLines(change: FleetChange, paper: Paper): readonly string[] {
  const { cell, zone, isFirst, endpoints, targets, fields } = change;
  const head = `${paint(paper, 'strong', cell)} (${zone}):`;
  if (isSame(change)) return [`${head} unchanged`];
  if (isFirst)
    return [`${head} new, ${counted(endpoints.count, 'endpoint')}, ${counted(targets.count, 'target')}`];
  const body = [
    ...endpoints.added.map((name) => paint(paper, 'good', `  + endpoint ${name}`)),
    ...endpoints.removed.map((name) => paint(paper, 'bad', `  - endpoint ${name}`)),
    ...targets.added.map((id) => paint(paper, 'good', `  + target ${id}`)),
    ...targets.removed.map((id) => paint(paper, 'bad', `  - target ${id}`)),
    ...fields.map(({ subject, field, before, after }) =>
      paint(paper, 'careful', `  ~ ${subject} ${field}: ${tame(before)} -> ${tame(after)}`),
    ),
  ];
  const more = body.length - SHOWN_MAX;
  return [head, ...body.slice(0, SHOWN_MAX), ...(more > 0 ? [`  and ${more} more`] : [])];
}
