import { formatReplay } from '../../simulator/replay-line.ts';
import type { RunResult } from '../../simulator/run.ts';
import type { SimulationProgress, SimulationReport } from '../../simulator/task.ts';
import type { Paper } from './paper.ts';
import { counted, lines, paint, tame } from './paper.ts';

const MS_A_SECOND = 1_000;

/** One line that is written over itself: runs, states, decisions a second, time left. */
export function progressLine(
  { runs, states, decisions }: SimulationProgress,
  elapsedMs: number,
  totalMs: number,
): string {
  const left = Math.max(0, Math.ceil((totalMs - elapsedMs) / MS_A_SECOND));
  const rate = Math.round(decisions / Math.max(1, elapsedMs / MS_A_SECOND));
  return `${runs} runs, ${states} states, ${rate} decisions/s, ${left} s left`;
}

/** What every task came to, and the first failure with the line that plays it again. */
export function simulationView(reports: readonly SimulationReport[], paper: Paper): string {
  const told = reports.map((report) => {
    const { task, runs, states, decisions, milliseconds } = report;
    const rate = Math.round((decisions / Math.max(1, milliseconds)) * MS_A_SECOND);
    const what =
      task.type === 'search'
        ? `${task.scenario}, ${counted(task.faults, 'fault')}: ` +
          (report.complete ? 'every state seen' : 'not every state seen')
        : `${task.strategy} from seed ${task.firstSeed}: ${counted(runs, 'run')}, half of them of ${report.medianDecisions ?? 0} decisions or more`;
    return `${what}; ${counted(states, 'state')}, ${counted(decisions, 'decision')} in ${Math.round(milliseconds / MS_A_SECOND)} s (${rate}/s)`;
  });
  const failed = reports.find(({ failure }) => failure !== undefined)?.failure;
  if (failed === undefined) return lines(told, verdict(reports, paper));
  return lines(
    told,
    paint(paper, 'bad', tame(failed.message)),
    `Play it again: npm run simulate -- --replay ${formatReplay(failed.line)}`,
  );
}

function verdict(reports: readonly SimulationReport[], paper: Paper): string {
  const doubt = reports.find((report) => report.doubt !== undefined)?.doubt;
  if (doubt === undefined) return paint(paper, 'good', 'No rule was broken.');
  const text = `Nothing is proven: there was no time to find out whether anything leads to where ${tame(doubt)}`;
  return paint(paper, 'careful', text);
}

/** A run told from its first decision to its last. */
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
