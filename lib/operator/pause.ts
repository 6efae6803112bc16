import type { CellName } from '../plan/names.ts';
import type { OperatorDeps, Outcome } from './operator.ts';
import { recordEvent } from './record-event.ts';

export interface PauseRequest {
  readonly cell: CellName;
  readonly reason: string;
}

/** `changed`: false when it was so already. */
export interface PauseChange {
  readonly changed: boolean;
}

/**
 * Stops the planner from appending plans for a cell. Enactors go on with the goal; a person may still propose, roll
 * back and approve.
 *
 * @throws LedgerUnavailable when the ledger cannot be reached.
 */
export async function pausePlanner(
  deps: OperatorDeps,
  { cell, reason }: PauseRequest,
): Promise<Outcome<PauseChange>> {
  const outcome = await recordEvent(deps, cell, () => ({ type: 'PausePlanner', reason }));
  if (outcome.type === 'refused' || outcome.type === 'unknown') return outcome;
  return { type: 'done', changed: outcome.type === 'appended' };
}

/**
 * Lets the planner go on: its next run may replace a rolled-back, edited or rescued plan.
 *
 * @throws LedgerUnavailable when the ledger cannot be reached.
 */
export async function resumePlanner(
  deps: OperatorDeps,
  { cell }: Pick<PauseRequest, 'cell'>,
): Promise<Outcome<PauseChange>> {
  const outcome = await recordEvent(deps, cell, () => ({ type: 'ResumePlanner' }));
  if (outcome.type === 'refused' || outcome.type === 'unknown') return outcome;
  return { type: 'done', changed: outcome.type === 'appended' };
}
