import { knownSeq } from '../cell/next-fence.ts';
import type { OwnStanding, Standing } from '../cell/standing.ts';
import { otherLedgerReason } from '../cell/standing.ts';
import type { CellState } from '../ledger/decider/state.ts';
import type { CellScope } from '../plan/owned-names.ts';
import { fenceName } from '../plan/owned-names.ts';
import type { Regression } from './auditor.ts';

/**
 * What follows for the zone from a fence that was read after the log. `settled`: the fence is at the plan that the log
 * says is applied, so the zone must be as that plan says. `broken`: only a hand can have made it so.
 */
export type FenceVerdict =
  | { readonly type: 'settled' }
  | { readonly type: 'unplanned' }
  | { readonly type: 'broken' }
  | { readonly type: 'behind'; readonly regression: Regression }
  | { readonly type: 'other-ledger'; readonly reason: string }
  | { readonly type: 'unsettled'; readonly reason: string };

/** The auditor's verdict on a cell's standing. Pure. */
export function verdictOn(standing: Standing, state: CellState, scope: CellScope): FenceVerdict {
  const { applied } = state;
  switch (standing.type) {
    case 'unreadable':
      return { type: applied === null ? 'unplanned' : 'broken' };
    case 'other-ledger':
      return { type: 'other-ledger', reason: otherLedgerReason(state, standing.fence) };
    case 'nobodys':
      return unsettled('a rescue made the fence without a ledger');
    case 'own':
      return verdictOnOwn(standing, state, scope);
  }
}

function verdictOnOwn({ fence, place }: OwnStanding, state: CellState, scope: CellScope): FenceVerdict {
  const { applied } = state;
  switch (place) {
    case 'unapplied':
      return { type: 'unplanned' };
    case 'behind': {
      const found = `gen=${fence.generation} seq=${fence.seq}`;
      const expected = `gen=${applied?.generation ?? 0} seq=${knownSeq(state)}`;
      return { type: 'behind', regression: { what: 'fence', name: fenceName(scope), found, expected } };
    }
    case 'ahead':
    case 'unrecorded':
      return unsettled(
        `the fence is at generation ${fence.generation}, and the log says that ${applied?.generation ?? 0} is applied`,
      );
    case 'applied':
      return { type: 'settled' };
    case 'fresh':
      return unsettled('the fence was made anew, and nothing has been applied under it');
    case 'altered':
      // A rescue's plan is not in the ledger, and its fence is frozen until `rescue adopt` brings the plan into the log.
      return fence.frozen ? unsettled('a rescue is at the fence') : { type: 'broken' };
  }
}

function unsettled(reason: string): FenceVerdict {
  return { type: 'unsettled', reason };
}
