import type { CellState } from '../ledger/decider/state.ts';
import type { FenceReading } from '../plan/fence.ts';
import { NO_LEDGER, NO_PLAN } from '../plan/fence.ts';
import type { CellScope } from '../plan/owned-names.ts';
import { fenceName } from '../plan/owned-names.ts';
import { shortDigest } from '../plan/plan.ts';
import type { Regression } from './auditor.ts';

/**
 * What a fence means that was read after the log. `settled`: it is at the plan that the log says is applied, so that
 * the zone must be as that plan says. `broken`: nobody but a hand can have made it so.
 */
export type Standing =
  | { readonly type: 'settled' }
  | { readonly type: 'unplanned' }
  | { readonly type: 'broken' }
  | { readonly type: 'behind'; readonly regression: Regression }
  | { readonly type: 'other-ledger'; readonly reason: string }
  | { readonly type: 'unsettled'; readonly reason: string };

/** Judges the fence against the state that was read before it. Pure. */
export function judgeFence(reading: FenceReading, state: CellState, scope: CellScope): Standing {
  const { applied } = state;
  if (reading.type !== 'fence') return { type: applied === null ? 'unplanned' : 'broken' };
  const { fence } = reading;
  if (fence.ledger !== state.ledger && fence.ledger !== NO_LEDGER) {
    return {
      type: 'other-ledger',
      reason: `The fence of cell ${state.cell} belongs to ledger ${fence.ledger}, and this is ledger ${state.ledger}: stop the one that should not write, then run "pawl adopt --cell ${state.cell}" with the other.`,
    };
  }
  if (fence.ledger === NO_LEDGER) return unsettled('a rescue made the fence without a ledger');
  if (applied === null) return { type: 'unplanned' };
  if (fence.seq < applied.seq || fence.generation < applied.generation) {
    const found = `gen=${fence.generation} seq=${fence.seq}`;
    const expected = `gen=${applied.generation} seq=${applied.seq}`;
    return { type: 'behind', regression: { what: 'fence', name: fenceName(scope), found, expected } };
  }
  if (fence.generation > applied.generation) {
    return unsettled(
      `the fence is at generation ${fence.generation}, and the log says that ${applied.generation} is applied`,
    );
  }
  if (fence.plan === shortDigest(applied.digest)) return { type: 'settled' };
  // A fence that was made anew is under no plan until the first flip after it.
  if (fence.plan === NO_PLAN)
    return unsettled('the fence was made anew, and nothing has been applied under it');
  // A rescue's plan is its own; its fence is frozen, and whoever adopts it goes on from there.
  return fence.frozen ? unsettled('a rescue is at the fence') : { type: 'broken' };
}

function unsettled(reason: string): Standing {
  return { type: 'unsettled', reason };
}
