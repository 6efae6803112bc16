import type { AppendOnlyTable, WireItem } from '../../lib/emulator/dynamodb/append-only-table.ts';
import { FIRST_PREVIOUS } from '../../lib/ledger/chain.ts';
import { initialState } from '../../lib/ledger/decider/state.ts';
import {
  cellPartition,
  EVENT_NUMBER_MAX,
  eventSortKey,
  storedEvent,
  storedRow,
} from '../../lib/ledger/dynamodb/items.ts';
import type { Item } from '../../lib/ledger/dynamodb/table-access.ts';
import type { Head, Ledger } from '../../lib/ledger/ledger.ts';
import { headOf, THIS_RELEASE } from '../../lib/ledger/stored-event.ts';
import type { CellName } from '../../lib/plan/names.ts';
import type { EnvironmentLedger } from '../../lib/simulator/engine/environment.ts';

/** The table of one environment, and how many nonces were drawn for it: a copy goes on with nonces of its own. */
export interface SeatedTable {
  readonly table: AppendOnlyTable;
  nonces: number;
}

/** Lets the adapter ask while its requests go to this table. @param isCall false when a rule looks, and no workflow. */
export type AskOf = <T>(table: SeatedTable, isCall: boolean, ask: () => Promise<T>) => Promise<T>;

const heads = new WeakMap<WireItem, Head>();

/** The production ledger, which keeps nothing itself, on the table of one environment. */
export function adapterLedger(stored: Ledger, own: SeatedTable, ask: AskOf): EnvironmentLedger {
  const { id } = stored;
  const port: Ledger = {
    id,
    cells: () => ask(own, true, () => stored.cells()),
    head: (cell) => ask(own, true, () => stored.head(cell)),
    append: (head, entry) => ask(own, true, () => stored.append(head, entry)),
    events: (cell, range) => ask(own, true, () => stored.events(cell, range)),
    putBody: (cell, text) => ask(own, true, () => stored.putBody(cell, text)),
    getBody: (cell, digest) => ask(own, true, () => stored.getBody(cell, digest)),
  };
  return {
    id,
    port,
    peek: (cell) => newest(own.table, cell, id),
    getBody: (cell, digest) => ask(own, false, () => stored.getBody(cell, digest)),
    clone: () => adapterLedger(stored, { table: own.table.clone(), nonces: own.nonces }, ask),
  };
}

/** The head as it stands in the table, without a request. */
function newest(table: AppendOnlyTable, cell: CellName, id: string): Head {
  const range = [eventSortKey(1), eventSortKey(EVENT_NUMBER_MAX)] as const;
  const item = table.range(cellPartition(cell), ...range, true).at(-1);
  if (item === undefined) return { cell, number: 0, hash: FIRST_PREVIOUS, state: initialState(cell, id) };
  const known = heads.get(item);
  if (known !== undefined) return known;
  // An event has texts and numbers only, which look the same over the wire and in the client.
  const row = storedRow(item as unknown as Item, cell, true);
  const head = headOf(storedEvent(row, cell), id, THIS_RELEASE);
  heads.set(item, head);
  return head;
}
