import { shownFindings, shownKeptBack } from '../../ledger/decider/recorded-finding.ts';
import type { ForeseenPlan } from '../../operator/foresee-push.ts';

import type { EndpointMove } from '../../operator/moved-endpoints.ts';
import type { CellName } from '../../plan/names.ts';
import { looseningText } from '../../plan/stricter-policy.ts';
import { waitsForTaker } from '../../rollout/wave-verdict.ts';
import { comparisonView } from '../printing/comparison-view.ts';
import { summaryText } from '../printing/event-text.ts';
import { findingsView, keptBackLines } from '../printing/findings-view.ts';
import type { Paper } from '../printing/paper.ts';
import { paint, tame } from '../printing/paper.ts';
import { comparePlans } from '../printing/plan-comparison.ts';
import type { ForeseenTraffic } from './foreseen-traffic.ts';
import { foreseenTraffic } from './foreseen-traffic.ts';
import { trafficView } from './traffic-view.ts';
import { undoneView } from './undone-view.ts';

/** What the planner would make of the fleets: what changes, what is kept back, and why. */
export function foreseenView(
  foreseen: readonly ForeseenPlan[],
  paper: Paper,
  { withShares, moves }: { readonly withShares: boolean; readonly moves: readonly EndpointMove[] },
): string {
  return foreseen
    .map((each) => {
      const { cell, summary, findings, keptBack, loosening, undone, paused, frozen, base, endpoints } = each;
      const traffic = withShares
        ? trafficView(foreseenTraffic(each, foreseen, moves), paper)
        : base === undefined
          ? ''
          : comparisonView(comparePlans(base, { endpoints }), paper);
      const before = keptBack.filter(({ isNew }) => !isNew);
      const news = keptBack.filter(({ isNew }) => isNew);
      return (
        `The planner would then plan for ${paint(paper, 'strong', cell)}: ${summaryText(summary)}\n` +
        traffic +
        findingsView(findings, paper) +
        keptBackLines(news, 'would be kept back', paper) +
        keptBackLines(before, 'is kept back already', paper) +
        (loosening === null ? '' : `${paint(paper, 'careful', looserText(cell, loosening))}\n`) +
        undoneView(cell, undone, paper) +
        (frozen === null ? '' : `${frozenText(cell, frozen)}\n`) +
        (paused === null ? '' : `${pausedText(cell, paused)}\n`)
      );
    })
    .join('');
}

/** A looser policy does not judge the push that declares it, nor what comes after it, before a person has accepted it. */
export function looserText(
  cell: CellName,
  { fields, isNew }: NonNullable<ForeseenPlan['loosening']>,
): string {
  const waits = isNew ? 'would wait' : 'goes on waiting';
  return `A looser policy ${waits}, and what is stricter is in effect: ${looseningText(fields)}. "pawl plan approve ${cell} policy" lets it judge.`;
}

export function pausedText(
  cell: CellName,
  { by, reason }: Pick<NonNullable<ForeseenPlan['paused']>, 'by' | 'reason'>,
): string {
  return `The planner of ${cell} is paused by ${tame(by)} (${tame(reason)}): it plans nothing of this before "pawl resume ${cell}".`;
}

export function frozenText(cell: CellName, { by, reason }: NonNullable<ForeseenPlan['frozen']>): string {
  const how = by === '' ? tame(reason) : `frozen by ${tame(by)} (${tame(reason)})`;
  return `Cell ${cell} is ${how}: nothing of this reaches its zone before "pawl thaw ${cell}".`;
}

/** What the planner would make of one cell, for a program. */
export interface ForeseenDocument
  extends Pick<
    ForeseenPlan,
    'cell' | 'summary' | 'findings' | 'keptBack' | 'loosening' | 'undone' | 'paused' | 'frozen'
  > {
  readonly traffic: ForeseenTraffic;
}

/** The same for a document. Pure. */
export function foreseenDocuments(
  foreseen: readonly ForeseenPlan[],
  moves: readonly EndpointMove[],
): readonly ForeseenDocument[] {
  return foreseen.map((each) => foreseenDocument(each, foreseenTraffic(each, foreseen, moves)));
}

function foreseenDocument(foreseen: ForeseenPlan, traffic: ForeseenTraffic): ForeseenDocument {
  const { cell, summary, findings, keptBack, loosening, undone, paused, frozen } = foreseen;
  return {
    cell,
    summary,
    traffic,
    findings: shownFindings(findings),
    keptBack: shownKeptBack(keptBack),
    loosening,
    undone,
    paused,
    frozen,
  };
}

/** Whether an endpoint, or a looser policy, would be kept back because of these fleets. */
export function keepsBackMore(foreseen: readonly ForeseenPlan[]): boolean {
  return foreseen.some(
    ({ keptBack, loosening }) =>
      loosening?.isNew === true || keptBack.some(({ isNew, findings }) => isNew && !waitsForTaker(findings)),
  );
}
