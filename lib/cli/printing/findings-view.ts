import type { Finding, Severity } from '../../plan/findings.ts';
import type { Paper, Tone } from './paper.ts';
import { lines, paint, tame } from './paper.ts';

const TONES: Readonly<Record<Severity, Tone>> = { fatal: 'bad', held: 'careful', note: 'faint' };

/** A finding a line, as a linter prints them; nothing when there is none. */
export function findingsView(findings: readonly Finding[], paper: Paper): string {
  return lines(
    findings.map(
      ({ severity, code, message }) => `${paint(paper, TONES[severity], severity)} ${code}: ${tame(message)}`,
    ),
  );
}
