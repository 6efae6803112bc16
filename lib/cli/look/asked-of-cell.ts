import type { ClaimsOn } from '../../cell/claimed-names.ts';
import type { KeptEndpoint } from '../../ledger/decider/events.ts';
import type { Head, Ledger } from '../../ledger/ledger.ts';
import { BodyDamaged } from '../../ledger/ledger.ts';
import type { PlanSummary } from '../../plan/plan-summary.ts';
import { planCell } from '../../planner/plan-cell.ts';
import type { PlannerDeps, PlanOutcome } from '../../planner/planner.ts';

/**
 * What fleet, observations and orders ask of a cell now, as a planner that asks no load balancer would judge it.
 * `asks`: what the next plan would change; null when the goal is all that may be asked.
 */
export type CellAsked =
  | { readonly type: 'judged'; readonly keptBack: readonly KeptEndpoint[]; readonly asks: PlanSummary | null }
  /** No fleet was pushed, or a body of the log cannot be read. */
  | { readonly type: 'not-judged'; readonly reason: string };

/**
 * Judges a cell as its planner would, and writes nothing. The log alone does not tell whether the planner has judged
 * what was declared, observed or ordered last, because a planner that finds nothing to do appends nothing.
 *
 * @param claims one for all cells that a command shows.
 * @throws LedgerUnavailable when the ledger cannot be reached.
 */
export async function askedOfCell(planner: PlannerDeps, head: Head, claims: ClaimsOn): Promise<CellAsked> {
  const { cell } = head;
  const deps = { ...planner, ledger: ledgerAt(planner.ledger, head) };
  try {
    return askedBy(await planCell(deps, { cell, append: false, immediate: true, claims }));
  } catch (error) {
    if (error instanceof BodyDamaged) return { type: 'not-judged', reason: error.message };
    throw error;
  }
}

/** The same ledger, whose cell stays at this head: what is shown of a cell is of one moment. */
function ledgerAt(ledger: Ledger, head: Head): Ledger {
  return { ...ledger, head: async (cell) => (cell === head.cell ? head : ledger.head(cell)) };
}

function askedBy(outcome: PlanOutcome): CellAsked {
  switch (outcome.type) {
    case 'appended':
    case 'proposed': {
      const { keptBack, summary } = outcome.proposed;
      const { added, changed, removed } = summary;
      // A plan that only tries again what was refused changes nothing.
      const isChanging = added.length + changed.length + removed.length > 0;
      return { type: 'judged', keptBack, asks: isChanging ? summary : null };
    }
    case 'unchanged':
      return { type: 'judged', keptBack: outcome.keptBack, asks: null };
    case 'coalesced':
    case 'paused':
    case 'idle':
    case 'lost':
    case 'refused':
      return { type: 'not-judged', reason: 'reason' in outcome ? outcome.reason : outcome.type };
  }
}
