import { InvariantViolated } from '../plan/invariant.ts';
import type { Ledger } from './ledger.ts';

/** The same ledger for whoever only reads. @throws InvariantViolated from `append` and `putBody`, with nothing sent. */
export function readOnlyLedger(ledger: Ledger): Ledger {
  return {
    id: ledger.id,
    cells: () => ledger.cells(),
    head: (cell) => ledger.head(cell),
    events: (cell, range) => ledger.events(cell, range),
    getBody: (cell, digest) => ledger.getBody(cell, digest),
    append: async (_, { event }) => {
      throw new InvariantViolated(`whoever only reads may not append ${event.type}`);
    },
    putBody: async () => {
      throw new InvariantViolated('whoever only reads may not store a body');
    },
  };
}
