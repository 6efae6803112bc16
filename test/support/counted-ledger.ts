import type { Ledger } from '../../lib/ledger/ledger.ts';

/** The same ledger, which counts its calls by verb. */
export function countedLedger(ledger: Ledger): {
  readonly counted: Ledger;
  readonly calls: Map<string, number>;
} {
  const calls = new Map<string, number>();
  const counting =
    <Args extends readonly unknown[], Answer>(verb: string, call: (...args: Args) => Answer) =>
    (...args: Args): Answer => {
      calls.set(verb, (calls.get(verb) ?? 0) + 1);
      return call(...args);
    };
  const counted: Ledger = {
    id: ledger.id,
    cells: counting('cells', ledger.cells),
    head: counting('head', ledger.head),
    append: counting('append', ledger.append),
    events: counting('events', ledger.events),
    putBody: counting('putBody', ledger.putBody),
    getBody: counting('getBody', ledger.getBody),
  };
  return { counted, calls };
}
