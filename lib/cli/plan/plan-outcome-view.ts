import type { CellName } from '../../plan/names.ts';
import type { PlanOutcome } from '../../planner/planner.ts';
import { comparisonView } from '../printing/comparison-view.ts';
import { summaryText } from '../printing/event-text.ts';
import { findingsView } from '../printing/findings-view.ts';
import { moment } from '../printing/moment.ts';
import type { Paper } from '../printing/paper.ts';
import { paint, tame } from '../printing/paper.ts';
import type { PlanComparison } from '../printing/plan-comparison.ts';

/** What a run of the planner came to in one cell, beside what is the goal now. */
export interface PlannedCell {
  readonly cell: CellName;
  readonly outcome: PlanOutcome;
  readonly comparison?: PlanComparison;
}

/** What the planner would append, or has appended, a cell after the other. */
export function planOutcomeView(planned: readonly PlannedCell[], paper: Paper): string {
  if (planned.length === 0) return 'The ledger has no cells yet: run "pawl fleet push FILE".\n';
  return planned.map((each) => cellText(each, paper)).join('\n');
}

function cellText({ cell, outcome, comparison }: PlannedCell, paper: Paper): string {
  const name = paint(paper, 'strong', cell);
  switch (outcome.type) {
    case 'appended':
    case 'proposed': {
      const { plan, disposition, lane, digest, findings, summary } = outcome.proposed;
      const verb = outcome.type === 'appended' ? 'appended' : 'would be appended';
      const held = disposition === 'held' ? paint(paper, 'careful', ', held for approval') : '';
      const urgent = lane === 'urgent' ? ', urgent' : '';
      const approve =
        outcome.type === 'appended' && disposition === 'held'
          ? `"pawl plan approve ${cell}@${plan.generation} --digest ${digest.slice(0, 12)}" lets it go.\n`
          : '';
      return (
        `${name}@${plan.generation} (${digest.slice(0, 12)}) ${verb}${urgent}${held}: ${summaryText(summary)}\n` +
        (comparison === undefined ? '' : comparisonView(comparison, paper)) +
        findingsView(findings, paper) +
        approve
      );
    }
    case 'unchanged':
      return `${name}: no change, the newest plan stands.\n${findingsView(outcome.findings, paper)}`;
    case 'fatal':
      return `${name}: ${paint(paper, 'bad', 'nothing can be appended')}, the last plan stands.\n${findingsView(outcome.findings, paper)}`;
    case 'coalesced':
      return `${name}: a routine change waits until ${moment(outcome.until)}.\n`;
    case 'paused':
      return `${name}: the planner is paused (${tame(outcome.reason)}): "pawl resume ${cell}".\n`;
    case 'idle':
    case 'refused':
      return `${name}: ${tame(outcome.reason).replace(/\.$/, '')}.\n`;
    case 'lost':
      return `${name}: somebody appended first, or the answer was lost: plan again.\n`;
  }
}
