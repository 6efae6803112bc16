import type { RecordedFinding } from '../../ledger/decider/recorded-finding.ts';
import { recordedSentence } from '../../ledger/decider/recorded-finding.ts';
import type { Severity } from '../../plan/findings.ts';
import type { Paper, Tone } from './paper.ts';
import { lines, paint, tame } from './paper.ts';

const TONES: Readonly<Record<Severity, Tone>> = { fatal: 'bad', held: 'careful', note: 'faint' };

/** One line for each finding, as a linter prints them; empty when there is none. */
export function findingsView(findings: readonly RecordedFinding[], paper: Paper): string {
  return lines(
    findings.map(
      (finding) =>
        `${paint(paper, TONES[finding.severity], finding.severity)} ${tame(`${finding.code}: ${recordedSentence(finding)}`)}`,
    ),
  );
}
