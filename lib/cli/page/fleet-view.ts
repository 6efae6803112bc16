import type { RecordedEvent } from '../../ledger/decider/events.ts';
import type { Head, Ledger } from '../../ledger/ledger.ts';
import { LedgerUnusable } from '../../ledger/ledger.ts';
import type { PageLook } from '../../page/page-views.ts';
import type { CellName } from '../../plan/names.ts';
import { eachAtOnce } from '../../runtime/at-once.ts';
import { CONDITION_TONES, cellRemarks, conditionSince } from '../look/cell-remarks.ts';
import type { KnownPrivacy, ShownCell } from '../look/look-at-cells.ts';
import { lookAtCells } from '../look/look-at-cells.ts';
import { inOrder, newestEvents } from '../look/newest-log.ts';
import { eventText, eventTone } from '../printing/event-text.ts';
import { keptBackApart } from '../printing/seen-obstacles.ts';
import { sentenceParts } from './page-sentences.ts';
import type { PageWorld } from './page-world.ts';
import { regionOf } from './region-names.ts';

/** Events of a cell that the first look reads, and the most that a later one does. */
const FIRST_EVENTS = 20;
const EVENTS_MAX = 100;
const CELLS_AT_ONCE = 16;

/** What is remembered from one look to the next. */
export interface LookMemory {
  /** The number of the newest event that was told, by cell. */
  readonly told: Map<CellName, number>;
  /** Since when a cell's zone, or what is asked of it, cannot be read. Milliseconds since 1970. */
  readonly blindSince: Map<CellName, number>;
  readonly privacy: KnownPrivacy;
}

/** One look at all cells, with the events since the look before. @throws what the ledger throws. */
export async function lookAtFleet(world: PageWorld, memory: LookMemory, place: string): Promise<PageLook> {
  const ledger = await world.ledger();
  const { heads, ledger: remembering } = rememberedHeads(ledger);
  const names = [...(await ledger.cells())].sort();
  const shown = await lookAtCells(world, remembering, names, memory.privacy);
  const now = world.clock.now();
  const cells = shown.map((status) => cellCard(status, heads.get(status.cell), memory, { now, place }));
  return { cells, events: await newEvents(ledger, [...heads.values()], memory.told) };
}

/** The same ledger, and the head of each cell as it was read. */
function rememberedHeads(ledger: Ledger): { readonly heads: Map<CellName, Head>; readonly ledger: Ledger } {
  const heads = new Map<CellName, Head>();
  const head = async (cell: CellName): Promise<Head> => {
    const read = await ledger.head(cell);
    heads.set(cell, read);
    return read;
  };
  return { heads, ledger: { ...ledger, head } };
}

interface CardContext {
  readonly now: number;
  readonly place: string;
}

function cellCard(
  status: ShownCell,
  head: Head | undefined,
  { blindSince }: LookMemory,
  { now, place }: CardContext,
) {
  const { cell, zone, condition, goal, applied, lag, fence, frozen, paused, blind, awaitedRoom } = status;
  if (condition !== 'unreachable') blindSince.delete(cell);
  else if (!blindSince.has(cell)) blindSince.set(cell, now);
  return {
    ...{
      cell,
      zone,
      condition,
      tone: CONDITION_TONES[condition],
      goal,
      lag,
      frozen,
      paused,
      blind,
      awaitedRoom,
    },
    region: regionOf(cell),
    applied: applied === null ? null : { generation: applied.generation, at: applied.at, by: applied.by },
    fence: fence === null ? null : { seq: fence.seq, by: fence.by, frozen: fence.frozen },
    since: condition === 'unreachable' ? (blindSince.get(cell) ?? null) : conditionSince(status),
    keptBack: keptBackApart(status)
      .filter(({ rejected }) => rejected === null)
      .map(({ name }) => name),
    refused: status.refused.map(({ name }) => name),
    endpoints: head?.state.owned.length ?? 0,
    privateZone: status.privateZone,
    remarks: cellRemarks(status, now).map((sentence) => sentenceParts(withoutCell(sentence, cell), place)),
    // Whoever shows the cell in detail reads it again when this is another one.
    version: [head?.number, fence?.seq, fence?.by, condition].join(' '),
  };
}

/** A sentence without the name of the cell that it begins with: it stands with its cell. */
function withoutCell(sentence: string, cell: CellName): string {
  const begins = `${cell}: `;
  return sentence.startsWith(begins) ? sentence.slice(begins.length) : sentence;
}

/** The events since those that were told. Most often there is one, and it came with the head. */
async function newEvents(
  ledger: Ledger,
  heads: readonly Head[],
  told: Map<CellName, number>,
): Promise<PageLook['events']> {
  const read = await eachAtOnce(heads, CELLS_AT_ONCE, async (head) => {
    const after = Math.max(told.get(head.cell) ?? head.number - FIRST_EVENTS, head.number - EVENTS_MAX, 0);
    return eventsAfter(ledger, head, after);
  });
  // Not before all were read: what a look that fails has read is read again.
  for (const { cell, number } of heads) told.set(cell, number);
  return inOrder(read).map(eventDocument);
}

async function eventsAfter(ledger: Ledger, head: Head, after: number): Promise<readonly RecordedEvent[]> {
  const { cell, number, last } = head;
  if (after >= number) return [];
  if (after === number - 1 && last !== undefined) return [last];
  try {
    return await ledger.events(cell, { after, limit: number - after, order: 'forward' });
  } catch (error) {
    if (!(error instanceof LedgerUnusable)) throw error;
    // One of them is damaged: it hides none of the others.
    const { events } = await newestEvents(ledger, head, { limit: number - after });
    return events.filter((event) => event.number > after);
  }
}

/** An event as the page shows it. */
export function eventDocument({ cell, number, at, by, event }: RecordedEvent) {
  return { cell, number, at, by, type: event.type, tone: eventTone(event), text: eventText(event) };
}
