import type { PersonsPlan } from '../../operator/append-plan.ts';
import { comparisonView } from './comparison-view.ts';
import { summaryText } from './event-text.ts';
import { findingsView, keptBackView } from './findings-view.ts';
import type { Paper } from './paper.ts';
import { paint } from './paper.ts';
import { comparePlans } from './plan-comparison.ts';

/** The changes that a person's plan would make. */
export function personsPlanView(draft: PersonsPlan, paper: Paper): string {
  const { plan, base, origin, lane, disposition, findings, summary, keptBack } = draft;
  const held = disposition === 'held' ? paint(paper, 'careful', ', held for approval') : '';
  const urgent = lane === 'urgent' ? ', urgent' : '';
  const name = paint(paper, 'strong', `${plan.cell}@${plan.generation}`);
  return (
    `${name} (${origin}${urgent}${held}): ${summaryText(summary)}\n` +
    comparisonView(comparePlans(base, plan), paper) +
    findingsView(findings, paper) +
    keptBackView(plan.cell, keptBack, paper)
  );
}
