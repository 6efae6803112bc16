import type { Ledger } from '../../ledger/ledger.ts';
import { canonicalJson } from '../../plan/canonical.ts';
import type { SaysMemory } from './coroutine.ts';

/**
 * The ledger of a planner, a janitor, a freeze or a rollback, watched for the head that is read again because an append
 * has lost its place: of what was answered before, only what it says counts, and the fleet that it was said of.
 */
export function watchRetries(plain: Ledger): { readonly ledger: Ledger; readonly memory: SaysMemory } {
  let lost: string | undefined;
  return {
    ledger: {
      ...plain,
      append: async (head, entry) => {
        const outcome = await plain.append(head, entry);
        if (outcome.type === 'lost') lost = `${head.state.fleet?.digest ?? ''} ${canonicalJson(entry.event)}`;
        return outcome;
      },
    },
    memory: ({ site }) => {
      const said = lost;
      lost = undefined;
      return site === 'ledger.head' && said !== undefined ? { known: said } : undefined;
    },
  };
}
