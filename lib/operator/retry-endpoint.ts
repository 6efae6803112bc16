import type { CellName, DnsName } from '../plan/names.ts';
import type { OperatorDeps, Outcome } from './operator.ts';
import { recordEvent } from './record-event.ts';

export interface RetryRequest {
  readonly cell: CellName;
  readonly name: DnsName;
}

/**
 * Has an endpoint that Route 53 refused tried again at once, instead of after its growing wait. The planner's next plan
 * asks for it. Refused when nothing of it was refused.
 *
 * @throws LedgerUnavailable when the ledger cannot be reached.
 */
export async function retryEndpoint(
  deps: OperatorDeps,
  { cell, name }: RetryRequest,
): Promise<Outcome<{ readonly changed: boolean }>> {
  const outcome = await recordEvent(deps, cell, () => ({ type: 'RetryEndpoint', name }));
  if (outcome.type === 'refused' || outcome.type === 'unknown') return outcome;
  return { type: 'done', changed: outcome.type === 'appended' };
}
