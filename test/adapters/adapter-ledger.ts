import type { AppendOnlyTable, WireItem } from '../../lib/emulator/dynamodb/append-only-table.ts';
import { FIRST_PREVIOUS } from '../../lib/ledger/chain.ts';
import { initialState } from '../../lib/ledger/decider/state.ts';
import { EVENT_NUMBER_MAX, eventSortKey, storedEvent, storedRow } from '../../lib/ledger/dynamodb/items.ts';
import { cellPartition } from '../../lib/ledger/dynamodb/partitions.ts';
import type { Item } from '../../lib/ledger/dynamodb/table-access.ts';
import type { Head, Ledger } from '../../lib/ledger/ledger.ts';
import type { Winners } from '../../lib/ledger/memory-ledger.ts';
import type { Release } from '../../lib/ledger/stored-event.ts';
import { headOf, THIS_RELEASE } from '../../lib/ledger/stored-event.ts';
import type { CellName } from '../../lib/plan/names.ts';
import type { WrittenBy } from '../../lib/plan/stored-format.ts';
import type { EnvironmentLedger } from '../../lib/simulator/engine/environment.ts';
import type { WireFault } from './wire-faults.ts';

/** The table of one environment, and the number of nonces drawn for it. A copy draws nonces of its own. */
export interface SeatedTable {
  readonly table: AppendOnlyTable;
  /** Whether the answer to a refused put contains the item that stands there. */
  readonly winners: Winners;
  nonces: number;
}

/** Calls the adapter while its requests go to this table. @param possible what may happen to one of the requests. */
export type AskOf = <T>(
  table: SeatedTable,
  possible: readonly WireFault[],
  ask: () => Promise<T>,
) => Promise<T>;

/** The faults that an adapter hides from its caller. */
const FAULTS: readonly WireFault[] = ['throttled', 'request lost', 'answer lost'];

/** The newest event of a table, and its writer. */
interface Newest {
  readonly head: Head;
  readonly written: WrittenBy;
}

const newests = new WeakMap<WireItem, Newest>();

/**
 * The production ledger on the table of one environment. It keeps nothing itself.
 *
 * @param openedBy the ledger as a release has opened it.
 */
export function adapterLedger(
  openedBy: (release: Release) => Ledger,
  own: SeatedTable,
  ask: AskOf,
): EnvironmentLedger {
  const stored = openedBy(THIS_RELEASE);
  const { id } = stored;
  return {
    id,
    port: portOn(stored, own, ask),
    seenBy: (release) => portOn(openedBy(release), own, ask),
    peek: (cell) =>
      newest(own.table, cell, id)?.head ?? {
        ...{ cell, number: 0, hash: FIRST_PREVIOUS },
        state: initialState(cell, id),
      },
    // A table is read by its port alone.
    peekBody: () => undefined,
    written: (cell) => newest(own.table, cell, id)?.written,
    getBody: (cell, digest) => ask(own, [], () => stored.getBody(cell, digest)),
    clone: (winners) => adapterLedger(openedBy, { ...own, table: own.table.clone(), winners }, ask),
  };
}

function portOn(stored: Ledger, own: SeatedTable, ask: AskOf): Ledger {
  return {
    id: stored.id,
    cells: () => ask(own, FAULTS, () => stored.cells()),
    head: (cell) => ask(own, FAULTS, () => stored.head(cell)),
    append: (head, entry) => ask(own, faultsOfAppend(own, head), () => stored.append(head, entry)),
    events: (cell, range) => ask(own, FAULTS, () => stored.events(cell, range)),
    putBody: (cell, text) => ask(own, FAULTS, () => stored.putBody(cell, text)),
    getBody: (cell, digest) => ask(own, FAULTS, () => stored.getBody(cell, digest)),
  };
}

/**
 * After a lost answer the adapter reads whose event stands there, and not which event won. Where winners are given, its
 * caller sees the difference.
 */
function faultsOfAppend({ table, winners }: SeatedTable, { cell, number }: Head): readonly WireFault[] {
  if (winners === 'withheld') return FAULTS;
  const isTaken = table.get({ pk: cellPartition(cell), sk: eventSortKey(number + 1) }, true) !== undefined;
  return isTaken ? ['throttled'] : FAULTS;
}

/** The end of the log in the table, read without a request. */
function newest(table: AppendOnlyTable, cell: CellName, id: string): Newest | undefined {
  const range = [eventSortKey(1), eventSortKey(EVENT_NUMBER_MAX)] as const;
  const item = table.range(cellPartition(cell), ...range, true).at(-1);
  if (item === undefined) return undefined;
  const known = newests.get(item);
  if (known !== undefined) return known;
  // An event has only texts and numbers, and they have the same form on the wire and in the client.
  const written = storedEvent(storedRow(item as unknown as Item, cell, true), cell);
  const made = { head: headOf(written, id, THIS_RELEASE), written };
  newests.set(item, made);
  return made;
}
