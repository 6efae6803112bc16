import type { Generation } from '../plan/generation.ts';
import type { CellName } from '../plan/names.ts';
import type { OperatorDeps, Outcome } from './operator.ts';
import { recordEvent } from './record-event.ts';

export interface RejectRequest {
  readonly cell: CellName;
  readonly generation: Generation;
  readonly reason: string;
}

export interface Rejection {
  readonly generation: Generation;
  /** False when the plan was rejected already. */
  readonly changed: boolean;
}

/**
 * Rejects the newest plan of a cell, if it is held: it is never enacted, and the planner does not propose it again
 * until something changes.
 *
 * @throws LedgerUnavailable when the ledger cannot be reached.
 */
export async function rejectPlan(
  deps: OperatorDeps,
  { cell, generation, reason }: RejectRequest,
): Promise<Outcome<Rejection>> {
  const outcome = await recordEvent(deps, cell, () => ({ type: 'RejectPlan', generation, reason }));
  if (outcome.type === 'refused' || outcome.type === 'unknown') return outcome;
  return { type: 'done', generation, changed: outcome.type === 'appended' };
}
