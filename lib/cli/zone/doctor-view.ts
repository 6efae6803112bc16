import type { CheckReport, DoctorReport } from '../../doctor/report.ts';
import type { Paper, Tone } from '../printing/paper.ts';
import { counted, lines, paint, tame } from '../printing/paper.ts';
import { table } from '../printing/table.ts';

const TONES: Readonly<Record<CheckReport['result'], Tone>> = {
  holds: 'good',
  gap: 'bad',
  unknown: 'careful',
};

const RESTING: Readonly<Record<CheckReport['severity'], string>> = {
  fence: 'the fence',
  hands: 'hands',
  note: 'nothing',
};

/** A check a line, then what every gap means and whether the endpoint can be trusted. */
export function doctorView(report: DoctorReport, paper: Paper): string {
  const { checks, leftBehind, mayStillLand } = report;
  const grid = table(
    paper,
    [{ head: 'CHECK' }, { head: 'RESULT' }, { head: 'RESTS ON IT' }, { head: 'WHAT IS ASSERTED' }],
    checks.map(({ id, result, severity, asserts }) => [
      id,
      { text: result, tone: TONES[result] },
      RESTING[severity],
      tame(asserts),
    ]),
  );
  const failed = checks.filter(({ result }) => result !== 'holds');
  return (
    grid +
    lines(
      failed.map(
        ({ id, result, detail, gapMeans }) => `${id} (${result}): ${tame(detail)}. ${tame(gapMeans)}`,
      ),
      leftBehind.map(({ name, type }) => `left behind, remove it by hand: ${name} ${type}`),
      mayStillLand.map(({ name, type }) => `may still land, look again later: ${name} ${type}`),
      verdict(report, paper),
    )
  );
}

function verdict({ verdict: found, zone, zoneId, requests }: DoctorReport, paper: Paper): string {
  const after = ` (${zone}, ${zoneId}, ${counted(requests, 'request')})`;
  switch (found) {
    case 'safe':
      return paint(paper, 'good', 'Safe: everything that the fence rests on holds') + after;
    case 'limited':
      return (
        paint(
          paper,
          'careful',
          'Good for tests: the fence holds, but a mistake made by hand is not caught as Route 53 would',
        ) + after
      );
    case 'unsafe':
      return paint(paper, 'bad', 'Not safe: Pawl must not write to this endpoint') + after;
    case 'unknown':
      return paint(paper, 'careful', 'Not known to be safe: not every check could be made') + after;
  }
}
