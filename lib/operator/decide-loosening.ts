import type { WaitingLoosening } from '../ledger/decider/loosening.ts';
import { floorsInEffect, waitingLoosening } from '../ledger/decider/loosening.ts';
import { waitingFloors } from '../plan/lowered-floors.ts';
import type { CellName } from '../plan/names.ts';
import type { KeptBackDecision } from './kept-back.ts';
import type { NotDone, OperatorDeps, Outcome } from './operator.ts';
import { refused } from './operator.ts';
import { recordEvent } from './record-event.ts';

export interface LooseningRequest {
  readonly cell: CellName;
  /** {@link WaitingLoosening.digest} of what was shown: anything else is refused. */
  readonly digest: string;
  readonly decision: KeptBackDecision;
  /** Why it is declined. */
  readonly reason: string;
}

export interface DecidedLoosening {
  /** What was decided about. */
  readonly loosening: WaitingLoosening;
  /** False when it was declined already. */
  readonly changed: boolean;
}

/**
 * Accepts what a declared policy is looser in, which then judges, or declines it: the policy in effect stays, and
 * nobody is asked again until another one is declared.
 *
 * @throws LedgerUnavailable when the ledger cannot be reached.
 */
export async function decideLoosening(
  deps: OperatorDeps,
  { cell, digest, decision, reason }: LooseningRequest,
): Promise<Outcome<DecidedLoosening>> {
  const seen: { last: WaitingLoosening | NotDone } = { last: refused(`Nothing was read of cell ${cell}.`) };
  const outcome = await recordEvent(deps, cell, ({ state }) => {
    const waiting = waitingLoosening(state);
    const { fleet, loosening } = state;
    if (waiting === null || fleet === null || loosening === null) {
      seen.last = refused(`No looser policy of cell ${cell} waits: the declared one is in effect.`);
      return undefined;
    }
    if (digest.toLowerCase() !== waiting.digest) {
      seen.last = refused(
        `The policy of cell ${cell} that waits is not what the digest ${digest.slice(0, 64)} stands for: look at it again with "pawl plan ${decision} ${cell} policy --dry-run".`,
      );
      return undefined;
    }
    seen.last = waiting;
    const lower = waitingFloors(floorsInEffect(state));
    const shown = {
      inEffect: loosening.inEffect,
      policy: fleet.policy,
      ...(Object.keys(lower).length === 0 ? {} : { floors: lower }),
    };
    return decision === 'approve'
      ? { type: 'ApproveLoosening', ...shown }
      : { type: 'RejectLoosening', ...shown, reason };
  });
  const { last } = seen;
  if ('type' in last) return last;
  if (outcome.type === 'refused' || outcome.type === 'unknown') return outcome;
  return { type: 'done', loosening: last, changed: outcome.type === 'appended' };
}
