import { shownFindings, shownKeptBack } from '../../ledger/decider/recorded-finding.ts';
import type { ForeseenPlan } from '../../operator/foresee-push.ts';
import { comparisonView } from '../printing/comparison-view.ts';
import { summaryText } from '../printing/event-text.ts';
import { findingsView, keptBackLines } from '../printing/findings-view.ts';
import type { Paper } from '../printing/paper.ts';
import { paint } from '../printing/paper.ts';
import { comparePlans } from '../printing/plan-comparison.ts';

/** What the planner would make of the fleets: what changes, what is kept back, and why. */
export function foreseenView(foreseen: readonly ForeseenPlan[], paper: Paper): string {
  return foreseen
    .map(({ cell, summary, findings, keptBack, base, endpoints }) => {
      const before = keptBack.filter(({ isNew }) => !isNew);
      const news = keptBack.filter(({ isNew }) => isNew);
      return (
        `The planner would then plan for ${paint(paper, 'strong', cell)}: ${summaryText(summary)}\n` +
        (base === undefined ? '' : comparisonView(comparePlans(base, { endpoints }), paper)) +
        findingsView(findings, paper) +
        keptBackLines(news, 'would be kept back', paper) +
        keptBackLines(before, 'is kept back already', paper)
      );
    })
    .join('');
}

/** The same for a document. */
export function foreseenDocument({ cell, summary, findings, keptBack }: ForeseenPlan): object {
  return { cell, summary, findings: shownFindings(findings), keptBack: shownKeptBack(keptBack) };
}

/** Whether an endpoint would be kept back because of these fleets. */
export function keepsBackMore(foreseen: readonly ForeseenPlan[]): boolean {
  return foreseen.some(({ keptBack }) => keptBack.some(({ isNew }) => isNew));
}
