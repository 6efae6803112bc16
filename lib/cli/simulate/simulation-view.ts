import type { RunResult } from '../../simulator/random/play-run.ts';
import { formatReplay } from '../../simulator/random/replay-line.ts';
import type { SimulationProgress, SimulationReport } from '../../simulator/task.ts';
import type { Paper } from '../printing/paper.ts';
import { counted, lines, paint, tame } from '../printing/paper.ts';

const MS_A_SECOND = 1_000;

/** The progress line, which overwrites itself: runs, states, decisions a second, and the time after which all has ended. */
export function progressLine(
  { runs, states, decisions }: SimulationProgress,
  elapsedMs: number,
  totalMs: number,
): string {
  const left = Math.max(0, Math.ceil((totalMs - elapsedMs) / MS_A_SECOND));
  const rate = Math.round(decisions / Math.max(1, elapsedMs / MS_A_SECOND));
  return `${runs} runs, ${states} states, ${rate} decisions/s, at most ${left} s left`;
}

/** The outcome of a task. A broken rule has the line that replays it. */
export function reportView(report: SimulationReport, paper: Paper): string {
  const { task, runs, states, decisions, milliseconds, failure } = report;
  const rate = Math.round((decisions / Math.max(1, milliseconds)) * MS_A_SECOND);
  const what =
    task.type === 'search'
      ? `${task.scenario}, ${counted(task.faults, 'fault')}: ` +
        (report.complete ? 'every state seen' : 'not every state seen')
      : `${task.strategy} from seed ${task.firstSeed}: ${counted(runs, 'run')}, half of them of ${report.medianDecisions ?? 0} decisions or more`;
  const summary = `${what}; ${counted(states, 'state')}, ${counted(decisions, 'decision')} in ${Math.round(milliseconds / MS_A_SECOND)} s (${rate}/s)`;
  if (failure === undefined) return lines(summary);
  return lines(
    summary,
    paint(paper, 'bad', tame(failure.message)),
    `Play it again: npm run simulate -- --replay ${formatReplay(failure.line)}`,
  );
}

/** The verdict over all reports. A broken rule is in its own report. */
export function verdictView(reports: readonly SimulationReport[], paper: Paper): string {
  if (reports.some(({ failure }) => failure !== undefined))
    return lines(paint(paper, 'bad', 'A rule was broken.'));
  if (reports.some(isShort)) {
    const text = 'No rule was broken in what was seen, but not every state was: give it more --seconds.';
    return lines(paint(paper, 'careful', text));
  }
  return lines(paint(paper, 'good', 'No rule was broken.'));
}

/** Whether a search ended before it had seen every state. */
export function isShort({ task, complete }: SimulationReport): boolean {
  return task.type === 'search' && !complete;
}

/** All decisions of a run, from the first to the last. */
export function replayView(
  { violation, hash, decisions }: RunResult,
  timeline: string,
  paper: Paper,
): string {
  const verdict =
    violation === undefined
      ? paint(paper, 'good', 'No rule was broken.')
      : paint(paper, 'bad', tame(violation.message));
  return `${timeline}\n${lines(verdict, `${counted(decisions, 'decision')}, trace ${hash}`)}`;
}
