import type { RecordedEvent } from '../../ledger/decider/events.ts';
import { eventText } from '../printing/event-text.ts';
import { moment } from '../printing/moment.ts';
import type { Paper, Tone } from '../printing/paper.ts';
import { paint, tame } from '../printing/paper.ts';
import type { Cell } from '../printing/table.ts';
import { table } from '../printing/table.ts';

/** `TargetsObserved`, `EndpointAdopted`: so that what was done stands in one column. */
const LONGEST_TYPE = 15;

/** Events, oldest first, a row each. */
export function historyView(events: readonly RecordedEvent[], paper: Paper): string {
  if (events.length === 0) return 'No events.\n';
  return table(
    paper,
    [
      { head: 'TIME' },
      { head: 'CELL' },
      { head: 'NO', align: 'right' },
      { head: 'EVENT' },
      { head: 'BY' },
      { head: 'WHAT' },
    ],
    events.map((recorded) => [
      moment(recorded.at),
      recorded.cell,
      String(recorded.number),
      typeCell(recorded),
      tame(recorded.by),
      eventText(recorded.event),
    ]),
  );
}

/** One event as a line, for a log that is being followed. */
export function eventLine(recorded: RecordedEvent, paper: Paper): string {
  const { at, cell, number, by, event } = recorded;
  const gap = ' '.repeat(Math.max(0, LONGEST_TYPE - event.type.length));
  return `${paint(paper, 'faint', moment(at))}  ${cell} #${number}  ${toned(recorded, paper)}${gap}  ${tame(by)}  ${eventText(event)}\n`;
}

function toned(recorded: RecordedEvent, paper: Paper): string {
  const cell = typeCell(recorded);
  return typeof cell === 'string' ? cell : paint(paper, cell.tone, cell.text);
}

function typeCell({ event }: RecordedEvent): Cell {
  const tone = toneOf(event.type, event.type === 'PlanAppended' && event.disposition === 'held');
  return tone === undefined ? event.type : { text: event.type, tone };
}

function toneOf(type: RecordedEvent['event']['type'], held: boolean): Tone | undefined {
  if (held) return 'careful';
  switch (type) {
    case 'PlanApplied':
    case 'DriftRepaired':
    case 'CellThawed':
      return 'good';
    case 'DriftFound':
    case 'ZoneRegressed':
    case 'FenceAhead':
    case 'RescueFound':
    case 'PlanRejected':
      return 'bad';
    case 'CellFrozen':
    case 'PlannerPaused':
    case 'TargetDrained':
    case 'AzEvacuated':
      return 'careful';
    default:
      return undefined;
  }
}
