import type { RecoveredRun, Recovery } from '../../simulator/recovery/recovery.ts';
import { TOLD_MINUTES } from '../../simulator/recovery/recovery-schedule.ts';
import type { MeasureId } from '../../simulator/recovery/recovery-series.ts';
import type { Paper } from '../printing/paper.ts';
import { lines, paint } from '../printing/paper.ts';
import { measureText } from './measure-text.ts';
import { ruledLines, sideBySide, wrappedText } from './replay-columns.ts';

const MINUTE_COLUMNS = 6;
const CELL_COLUMNS = 8;
/** The width between two runs: a bar with a blank on each side. */
const BAR_COLUMNS = 3;

/** The columns of a run; on narrow paper the last are left out. */
const COLUMNS: readonly MeasureId[] = ['leased', 'heard', 'capacity', 'queueAge', 'wasted', 'written'];

/**
 * A recovery as text: a line for each minute that tells something, with the reference and Pawl side by side where the
 * paper is wide enough, else one below the other. What came of each run stands below.
 */
export function recoveryTimelineView(recovery: Recovery, paper: Paper): string {
  // The reference with people is told by its result alone.
  const told = recovery.runs.filter(({ id }) => id !== 'people');
  const whole = MINUTE_COLUMNS + told.length * (COLUMNS.length * CELL_COLUMNS + BAR_COLUMNS) - BAR_COLUMNS;
  const isWide = whole <= paper.width;
  return lines(
    wrappedText(recovery.title, paper.width).map((line) => paint(paper, 'strong', line)),
    wrappedText(recovery.about, paper.width),
    (isWide ? [told] : told.map((run) => [run])).flatMap((runs) => [
      '',
      ...tableLines(recovery, runs, paper),
    ]),
    recovery.runs.flatMap(({ title, verdict }) => [
      '',
      ...sideBySide(
        paper,
        '',
        [[{ text: `${title}: ${verdict.text}`, tone: verdict.good ? 'good' : 'bad' }]],
        Math.max(1, paper.width),
      ),
    ]),
    '',
    wrappedText(
      'Leased: inside the time of its lease. Heard: within the last two periods. Queue: how long its oldest request has waited. Wasted: work for callers that had gone, writes that changed nothing. Writes: a second, the mean of the minute; all others are as at its end.',
      paper.width,
    ).map((line) => paint(paper, 'faint', line)),
  );
}

function tableLines(recovery: Recovery, runs: readonly RecoveredRun[], paper: Paper): readonly string[] {
  const { measures, events, schedule } = recovery;
  const room = Math.floor((paper.width - MINUTE_COLUMNS) / runs.length / CELL_COLUMNS);
  const columns = COLUMNS.slice(0, Math.max(1, room)).flatMap((id) =>
    measures.filter((measure) => measure.id === id),
  );
  const bar = paper.boxes ? ' │ ' : ' | ';
  const row = (minute: string, cellsOf: (run: RecoveredRun) => readonly string[]) => {
    const cells = runs.map((run) => cellsOf(run).map((cell) => cell.padStart(CELL_COLUMNS)));
    return `${minute.padStart(MINUTE_COLUMNS)}${cells.map((each) => each.join('')).join(bar)}`;
  };
  return [
    ...titleLines(runs, columns.length * CELL_COLUMNS, paper),
    row('minute', () => columns.map(({ short }) => short)),
    ...TOLD_MINUTES.flatMap((minute) => [
      ...events.flatMap((event) => (event.minute === minute ? ruledLines(event.text, paper) : [])),
      row(String(minute), ({ series }) =>
        columns.map(({ id, unit }) => measureText(unit, series[id][minute - schedule.beginsMinute] ?? 0)),
      ),
    ]),
  ];
}

/** The titles of the runs, each over its columns. */
function titleLines(runs: readonly RecoveredRun[], columns: number, paper: Paper): readonly string[] {
  const [first, ...others] = runs.map(({ title }) => title.toUpperCase());
  const beside = others.map((title) => `${' '.repeat(BAR_COLUMNS)}${title}`).join('');
  const text = `${' '.repeat(MINUTE_COLUMNS)}${first?.padEnd(columns)}${beside}`;
  const all = others.length > 0 ? [text] : wrappedText(first ?? '', paper.width);
  return all.map((line) => paint(paper, 'strong', line.trimEnd()));
}
