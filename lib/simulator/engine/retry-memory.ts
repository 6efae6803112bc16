import type { Ledger } from '../../ledger/ledger.ts';
import { canonicalJson } from '../../plan/canonical.ts';
import type { SaysMemory } from './coroutine.ts';

/**
 * The ledger of a planner, a janitor, a freeze or a rollback, watched for the read of the head after a lost append.
 * There the workflow remembers of its earlier answers only the event that it tried to append, and the fleet that the
 * event rests on.
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
