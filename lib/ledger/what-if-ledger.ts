import { canonicalJson, sha256 } from '../plan/canonical.ts';
import type { CellName } from '../plan/names.ts';
import type { LedgerEvent, RecordedEvent } from './decider/events.ts';
import { evolve } from './decider/evolve.ts';
import type { Head, Ledger } from './ledger.ts';

/**
 * A ledger for a run that shows what it would do: it reads what is there, and keeps every append and body in memory.
 *
 * @param appended is called with every event that would have been appended, in order.
 */
export function whatIfLedger(ledger: Ledger, appended: (cell: CellName, event: LedgerEvent) => void): Ledger {
  const heads = new Map<CellName, Head>();
  const events = new Map<CellName, readonly RecordedEvent[]>();
  const bodies = new Map<string, string>();
  const head = async (cell: CellName): Promise<Head> => heads.get(cell) ?? ledger.head(cell);
  return {
    id: ledger.id,
    cells: () => ledger.cells(),
    head,
    append: async (read, { event, at, by }) => {
      const { cell, number } = read;
      if ((await head(cell)).number !== number) return { type: 'lost' };
      const unhashed = { cell, number: number + 1, at, by, event, previous: read.hash };
      // Not the hash that the real event would have: nobody stores it.
      const last = { ...unhashed, hash: sha256(canonicalJson(unhashed)) };
      const next: Head = {
        cell,
        number: last.number,
        hash: last.hash,
        state: evolve(read.state, event, { at, by }),
        last,
      };
      heads.set(cell, next);
      events.set(cell, [...(events.get(cell) ?? []), last]);
      appended(cell, event);
      return { type: 'appended', head: next };
    },
    events: async (cell, range) => {
      const own = (events.get(cell) ?? []).filter(({ number }) => number > range.after);
      const stored = await ledger.events(cell, range);
      const all = range.order === 'forward' ? [...stored, ...own] : [...own.toReversed(), ...stored];
      return all.slice(0, range.limit);
    },
    putBody: async (cell, text) => {
      const digest = sha256(text);
      bodies.set(`${cell} ${digest}`, text);
      return digest;
    },
    getBody: async (cell, digest) => bodies.get(`${cell} ${digest}`) ?? ledger.getBody(cell, digest),
  };
}
