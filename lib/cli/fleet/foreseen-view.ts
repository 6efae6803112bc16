import { shownFindings, shownKeptBack } from '../../ledger/decider/recorded-finding.ts';
import type { ForeseenPlan } from '../../operator/foresee-push.ts';

import type { CellName } from '../../plan/names.ts';
import { looseningText } from '../../plan/stricter-policy.ts';
import { waitsForTaker } from '../../rollout/wave-verdict.ts';
import { comparisonView } from '../printing/comparison-view.ts';
import { summaryText } from '../printing/event-text.ts';
import { findingsView, keptBackLines } from '../printing/findings-view.ts';
import type { Paper } from '../printing/paper.ts';
import { paint, tame } from '../printing/paper.ts';
import { comparePlans } from '../printing/plan-comparison.ts';
import { undoneView } from './undone-view.ts';

/** What the planner would make of the fleets: what changes, what is kept back, and why. */
export function foreseenView(foreseen: readonly ForeseenPlan[], paper: Paper): string {
  return foreseen
    .map(({ cell, summary, findings, keptBack, loosening, undone, paused, base, endpoints }) => {
      const before = keptBack.filter(({ isNew }) => !isNew);
      const news = keptBack.filter(({ isNew }) => isNew);
      return (
        `The planner would then plan for ${paint(paper, 'strong', cell)}: ${summaryText(summary)}\n` +
        (base === undefined ? '' : comparisonView(comparePlans(base, { endpoints }), paper)) +
        findingsView(findings, paper) +
        keptBackLines(news, 'would be kept back', paper) +
        keptBackLines(before, 'is kept back already', paper) +
        (loosening === null ? '' : `${paint(paper, 'careful', looserText(cell, loosening))}\n`) +
        undoneView(cell, undone, paper) +
        (paused === null ? '' : pausedText(cell, paused))
      );
    })
    .join('');
}

/** A looser policy does not judge the push that declares it, nor what comes after it, before a person has accepted it. */
function looserText(cell: CellName, { fields, isNew }: NonNullable<ForeseenPlan['loosening']>): string {
  const waits = isNew ? 'would wait' : 'goes on waiting';
  return `A looser policy ${waits}, and what is stricter is in effect: ${looseningText(fields)}. "pawl plan approve ${cell} policy" lets it judge.`;
}

function pausedText(cell: CellName, { by, reason }: NonNullable<ForeseenPlan['paused']>): string {
  return `The planner of ${cell} is paused by ${tame(by)} (${tame(reason)}): it plans nothing of this before "pawl resume ${cell}".\n`;
}

/** The same for a document. */
export function foreseenDocument(foreseen: ForeseenPlan): object {
  const { cell, summary, findings, keptBack, loosening, undone } = foreseen;
  return {
    cell,
    summary,
    findings: shownFindings(findings),
    keptBack: shownKeptBack(keptBack),
    loosening,
    undone,
  };
}

/** Whether an endpoint, or a looser policy, would be kept back because of these fleets. */
export function keepsBackMore(foreseen: readonly ForeseenPlan[]): boolean {
  return foreseen.some(
    ({ keptBack, loosening }) =>
      loosening?.isNew === true || keptBack.some(({ isNew, findings }) => isNew && !waitsForTaker(findings)),
  );
}
