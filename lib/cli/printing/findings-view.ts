import type { KeptEndpoint } from '../../ledger/decider/events.ts';
import type { RecordedFinding } from '../../ledger/decider/recorded-finding.ts';
import { recordedSentence } from '../../ledger/decider/recorded-finding.ts';
import type { Severity } from '../../plan/findings.ts';
import { severest } from '../../plan/findings.ts';
import type { CellName } from '../../plan/names.ts';
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

/**
 * One line for each endpoint that is kept back, one for each reason, and one with the command that lets it go, where a
 * person can; empty when there is none.
 */
export function keptBackView(cell: CellName, endpoints: readonly KeptEndpoint[], paper: Paper): string {
  return endpoints
    .map((endpoint) => {
      const { name, digest, findings } = endpoint;
      const next =
        severest(findings) === 'fatal'
          ? ''
          : `  "pawl plan approve ${cell} ${tame(name)} --digest ${digest}" lets it go.\n`;
      return keptBackLines([endpoint], 'is kept back: it goes on answering as it does', paper) + next;
    })
    .join('');
}

/** One line for each endpoint with what is said of it, and one for each reason. */
export function keptBackLines(endpoints: readonly KeptEndpoint[], what: string, paper: Paper): string {
  return endpoints
    .map(({ name, digest, findings }) => {
      const reasons = findingsView(findings, paper).replaceAll(/^(?=.)/gm, '  ');
      return `${tame(name)} (${digest}) ${paint(paper, 'careful', what)}\n${reasons}`;
    })
    .join('');
}
