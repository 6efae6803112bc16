import type { Intervention } from '../../operator/interventions.ts';
import type { CellName } from '../../plan/names.ts';
import { comparePlans } from '../plan-comparison.ts';
import { comparisonView } from './comparison-view.ts';
import { summaryText } from './event-text.ts';
import { findingsView } from './findings-view.ts';
import type { Paper } from './paper.ts';
import { paint } from './paper.ts';

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
