import type { RecordedEvent } from '../ledger/decider/events.ts';
import type { Ledger } from '../ledger/ledger.ts';
import type { CellName } from '../plan/names.ts';
import type { KnownLog } from './known-log.ts';
import { knownLog, newNotes, note } from './known-log.ts';
import { noteNamesAtHead } from './listed-trees.ts';

const PAGE_EVENTS = 100;
const PAGES_MAX = 1_000;

/**
 * Reads the newest part of a cell's log: what was appended since an instant and the hundred events before, on which the
 * batches of that time rest. What is older and still holds is in the state at the head: the zone, the names, the approved
 * plans, the freeze. A mark or a plan that is older than both is `unknown` here, which {@link readKnownLog} can settle.
 *
 * @param since milliseconds since 1970.
 * @throws LedgerUnavailable, LedgerUnusable.
 */
export async function readRecentLog(
  ledger: Pick<Ledger, 'id' | 'events' | 'head'>,
  cell: CellName,
  since: number,
): Promise<KnownLog> {
  const { state, number } = await ledger.head(cell);
  const events = await newestEvents(ledger, cell, { number, since });
  const notes = newNotes();
  const { fleet, owned, adopted, approved, contradicted, highest } = state;
  if (fleet !== null) notes.zones.set(fleet.zoneId, fleet.zone);
  for (const name of [...owned, ...adopted]) notes.names.add(name);
  for (const { generation, digest } of approved) notes.approved.set(generation, [{ generation, digest }]);
  if (contradicted !== null) notes.said.add(`${contradicted.number}:${contradicted.digits}`);
  notes.highest = highest;
  noteNamesAtHead(notes.logged, state);
  if (wasFrozen(events, state.frozen !== null)) notes.freezes.push({ number: 0, frozen: true });
  for (const event of events) note(notes, event);
  return knownLog(cell, ledger.id, notes);
}

/** Oldest first. */
async function newestEvents(
  ledger: Pick<Ledger, 'events'>,
  cell: CellName,
  { number, since }: { readonly number: number; readonly since: number },
): Promise<readonly RecordedEvent[]> {
  const pages: (readonly RecordedEvent[])[] = [];
  let upTo = number;
  let older = 0;
  while (upTo > 0 && older < PAGE_EVENTS && pages.length < PAGES_MAX) {
    const after = Math.max(0, upTo - PAGE_EVENTS);
    const page = await ledger.events(cell, { after, limit: upTo - after, order: 'forward' });
    pages.unshift(page);
    older += page.filter(({ at }) => at < since).length;
    upTo = after;
  }
  return pages.flat();
}

/** Whether the cell was frozen before these events: the first that says anything of it tells, or else what holds now. */
function wasFrozen(events: readonly RecordedEvent[], isFrozen: boolean): boolean {
  const first = events.find(({ event }) => event.type === 'CellFrozen' || event.type === 'CellThawed');
  return first === undefined ? isFrozen : first.event.type === 'CellThawed';
}
