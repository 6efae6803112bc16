import { shownFindings } from '../../ledger/decider/recorded-finding.ts';
import type { KeptBackDecision, KeptBackShown } from '../../operator/kept-back.ts';
import { isFatal } from '../../plan/choose-answers.ts';
import type { CellName } from '../../plan/names.ts';
import { comparisonView } from './comparison-view.ts';
import { findingsView } from './findings-view.ts';
import { duration } from './moment.ts';
import type { Paper } from './paper.ts';
import { paint, tame } from './paper.ts';
import type { PlanComparison } from './plan-comparison.ts';
import { comparePlans } from './plan-comparison.ts';

/** One endpoint that is kept back: what would change, what stands against it, and the command that decides about it. */
export function waitingView(
  cell: CellName,
  decision: KeptBackDecision,
  waiting: KeptBackShown,
  now: number,
  paper: Paper,
): string {
  const { name, digest, since, findings, rejected } = waiting;
  const lasting = since === null ? '' : ` for ${duration(now - since)}`;
  const declined = rejected === null ? '' : `Declined by ${tame(rejected.by)} (${tame(rejected.reason)}).\n`;
  const next =
    decision === 'approve' && isFatal(waiting)
      ? 'No approval lets it go.\n'
      : `"pawl plan ${decision} ${cell} ${name} --digest ${digest}" ${decision === 'approve' ? 'lets it go' : 'declines it'}.\n`;
  return (
    `${paint(paper, 'strong', name)} (${digest}) is kept back${lasting}. What waits:\n` +
    comparisonView(comparisonOf(waiting), paper) +
    findingsView(findings, paper) +
    declined +
    next
  );
}

/** The same for a document. */
export function waitingDocument(waiting: KeptBackShown): object {
  const { name, digest, since, rejected, findings } = waiting;
  return {
    name,
    digest,
    since,
    rejected,
    approvable: !isFatal(waiting),
    findings: shownFindings(findings),
    ...comparisonOf(waiting),
  };
}

function comparisonOf({ before, after }: KeptBackShown): PlanComparison {
  return comparePlans(
    { endpoints: before === undefined ? [] : [before] },
    { endpoints: after === undefined ? [] : [after] },
  );
}
