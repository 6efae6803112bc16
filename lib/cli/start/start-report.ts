import type { LedgerEvent } from '../../ledger/decider/events.ts';
import type { FleetReport, Report } from '../../local/reports.ts';
import { eventText, eventTone, some } from '../printing/event-text.ts';
import { duration } from '../printing/moment.ts';
import type { Paper } from '../printing/paper.ts';
import { counted, paint, tame } from '../printing/paper.ts';

const TIME_COLUMNS = 8;
const CELL_COLUMNS = 9;

/** A report of a local world as one line: the time, the cell, what happened, and who did it. */
export function startReportLine(report: Report, now: number, paper: Paper): string {
  switch (report.type) {
    case 'event': {
      const { cell, at, by, event } = report.event;
      const who = namesItsWriter(event) ? '' : paint(paper, 'faint', ` (${tame(by)})`);
      return line(at, cell, `${paint(paper, eventTone(event), eventText(event))}${who}`, paper);
    }
    case 'fleet':
      return line(now, '', fleetText(report.file, report.fleet), paper);
    case 'lost':
      return line(
        now,
        report.cell,
        paint(paper, 'careful', `${report.role} lost the fence to ${tame(report.to)}`),
        paper,
      );
    case 'refused':
      return line(
        now,
        report.cell,
        paint(paper, 'bad', `${report.role} refuses: ${tame(report.reason)}`),
        paper,
      );
    case 'found':
      return line(now, report.cell, paint(paper, 'bad', `${report.role} found: ${tame(report.what)}`), paper);
    case 'over': {
      const often = report.times === 1 ? 'once' : `${report.times} times in ${duration(report.ms)}`;
      return line(now, report.cell ?? '', `${report.role} works again; it failed ${often}`, paper);
    }
    case 'trouble': {
      const again = report.waitMs > 0 ? ` (again in ${duration(report.waitMs)})` : '';
      const text = `${report.role}: ${tame(report.reason.replaceAll(/\s*\n\s*/g, ' '))}${again}`;
      return line(now, report.cell ?? '', paint(paper, 'bad', text), paper);
    }
  }
}

function line(at: number, cell: string, text: string, paper: Paper): string {
  const time = new Date(at).toISOString().slice(11, 11 + TIME_COLUMNS);
  return `${paint(paper, 'faint', time)}  ${cell.padEnd(CELL_COLUMNS)} ${text}\n`;
}

function fleetText(file: string, fleet: FleetReport): string {
  switch (fleet.type) {
    case 'pushed':
      return `fleet ${file} pushed: ${counted(fleet.cells.length, 'cell')} changed (${some(fleet.cells)})${fleet.without === undefined ? '' : ', at once and not in its waves, because a first fleet has nothing to bake against'}`;
    case 'waits':
      return `fleet ${file} has changed (${some(fleet.cells)}) and goes in waves, which a start does not wait for: going on with the fleets that stand; "pawl fleet push ${file}" carries the waves out`;
    case 'unchanged':
      return `fleet ${file} is what the ledger has: going on where this world stopped`;
    case 'kept':
      return `fleet ${file} has not changed since it was pushed, and another was pushed since (${some(fleet.cells)}): going on with that one`;
  }
}

/** True for an event whose text names its writer already: an applied plan. */
function namesItsWriter(event: LedgerEvent): boolean {
  return event.type === 'PlanApplied' || (event.type === 'PlanAppended' && event.origin === 'planner');
}
