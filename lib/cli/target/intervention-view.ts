import type { Intervention } from '../../operator/interventions.ts';
import type { CellName } from '../../plan/names.ts';
import { comparisonView } from '../printing/comparison-view.ts';
import { summaryText } from '../printing/event-text.ts';
import { findingsView } from '../printing/findings-view.ts';
import type { Paper } from '../printing/paper.ts';
import { paint } from '../printing/paper.ts';
import { comparePlans } from '../printing/plan-comparison.ts';

/** What an order would make the planner append in one cell. */
export function interventionView(cell: CellName, intervention: Intervention, paper: Paper): string {
  const { base, endpoints, findings, summary, lane } = intervention;
  const urgent = lane === 'urgent' ? ' (urgent)' : '';
  return (
    `${paint(paper, 'strong', cell)}${urgent}: ${summaryText(summary)}\n` +
    comparisonView(comparePlans(base, { endpoints }), paper) +
    findingsView(findings, paper)
  );
}
