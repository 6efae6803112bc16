import { withSentences } from '../../ledger/decider/recorded-finding.ts';
import type { Intervention } from '../../operator/interventions.ts';
import type { Outcome } from '../../operator/operator.ts';
import { isFatal } from '../../plan/choose-answers.ts';
import type { CellName } from '../../plan/names.ts';
import type { ExitCode } from '../command/exit-codes.ts';
import { EXIT } from '../command/exit-codes.ts';
import { Refused } from '../command/failures.ts';
import type { CommandResult, Session } from '../command/session.ts';
import { confirm } from '../command/session.ts';
import { comparisonView } from '../printing/comparison-view.ts';
import { some, summaryText } from '../printing/event-text.ts';
import { findingsView, keptBackView } from '../printing/findings-view.ts';
import type { Paper } from '../printing/paper.ts';
import { paint } from '../printing/paper.ts';
import { comparePlans } from '../printing/plan-comparison.ts';

/** An operator's order for some cells. */
export interface Order {
  readonly cells: readonly CellName[];
  /** `Evacuate az1 in use1-a and euw1-a?` */
  readonly question: string;
  /** The text for each cell that it was done in: `az1 is evacuated`. */
  readonly said: string;
  readonly carryOut: (cell: CellName, apply: boolean) => Promise<Outcome<Intervention>>;
}

export interface OrderFlags {
  readonly yes?: boolean;
  readonly dryRun?: boolean;
}

interface CellOutcome {
  readonly cell: CellName;
  readonly outcome: Outcome<Intervention>;
}

/**
 * Shows what an order would change in every cell, asks once, and carries it out in each.
 *
 * @throws Refused, with nothing written, when any of the cells would refuse.
 */
export async function intervene(session: Session, order: Order, flags: OrderFlags): Promise<CommandResult> {
  const shown: CellOutcome[] = [];
  for (const cell of order.cells) shown.push({ cell, outcome: await order.carryOut(cell, false) });
  for (const { cell, outcome } of shown) {
    if (outcome.type === 'done') session.say(interventionView(cell, outcome, session.paper));
  }
  const refusals = shown.flatMap(({ cell, outcome }) =>
    outcome.type === 'done' ? [] : [order.cells.length === 1 ? outcome.reason : `${cell}: ${outcome.reason}`],
  );
  if (refusals.length > 0) throw new Refused(refusals.join(' '));
  if (flags.dryRun === true) return { exit: EXIT.done, document: { cells: shown.map(documentOf) } };
  await confirm(session, order.question, flags.yes);
  const carriedOut: CellOutcome[] = [];
  for (const cell of order.cells) {
    const outcome = await order.carryOut(cell, true);
    carriedOut.push({ cell, outcome });
    session.say(
      outcome.type === 'done' ? doneText(cell, outcome, order.said) : `${cell}: ${outcome.reason}\n`,
    );
  }
  return { exit: exitOf(carriedOut), document: { cells: carriedOut.map(documentOf) } };
}

function doneText(cell: CellName, { change, keptBack }: Intervention, said: string): string {
  if (change === 'already') return `${cell}: it was so already.\n`;
  if (keptBack.length === 0) return `${cell}: ${said}; the planner takes it from here.\n`;
  const { approvable, fatal } = Object.groupBy(keptBack, (each) => (isFatal(each) ? 'fatal' : 'approvable'));
  const waiting = approvable === undefined ? '' : ` "pawl plan approve ${cell}" shows what waits.`;
  const never = fatal === undefined ? '' : ` No approval lets ${some(fatal.map(({ name }) => name))} go.`;
  return `${cell}: ${said}, but not for ${some(keptBack.map(({ name }) => name))}, as shown above.${waiting}${never}\n`;
}

function exitOf(outcomes: readonly CellOutcome[]): ExitCode {
  if (outcomes.some(({ outcome }) => outcome.type === 'unknown')) return EXIT.unknown;
  return outcomes.every(({ outcome }) => outcome.type === 'done' && outcome.keptBack.length === 0)
    ? EXIT.done
    : EXIT.refused;
}

function documentOf({ cell, outcome }: CellOutcome): unknown {
  if (outcome.type !== 'done') return { cell, outcome: outcome.type, reason: outcome.reason };
  const { change, findings, summary, lane, keptBack } = withSentences(outcome);
  return { cell, outcome: outcome.type, change, lane, findings, summary, keptBack };
}

/** The plan that the planner would append in one cell because of an order. */
function interventionView(cell: CellName, intervention: Intervention, paper: Paper): string {
  const { base, endpoints, findings, summary, lane, keptBack } = intervention;
  const urgent = lane === 'urgent' ? ' (urgent)' : '';
  return (
    `${paint(paper, 'strong', cell)}${urgent}: ${summaryText(summary)}\n` +
    comparisonView(comparePlans(base, { endpoints }), paper) +
    findingsView(findings, paper) +
    keptBackView(cell, keptBack, paper)
  );
}
