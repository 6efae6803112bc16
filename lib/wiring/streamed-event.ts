import { z } from 'zod';
import type { RecordedEvent } from '../ledger/decider/events.ts';
import { storedRow } from '../ledger/dynamodb/items.ts';
import { parsedEventOf, THIS_RELEASE } from '../ledger/stored-event.ts';
import type { CellName } from '../plan/names.ts';

/** An attribute of an item as a stream shows it; the ledger has texts and numbers alone. */
const attribute = z.union([z.object({ S: z.string() }), z.object({ N: z.string() })]);
const itemShape = z.record(z.string(), attribute);

/** What the state after an event says of the zone; null before the first fleet. */
const stateShape = z.object({ fleet: z.object({ zone: z.string() }).nullable() });

/** An event as the stream shows it, with the zone of its cell; or what it lacks, and whether only a newer release reads it. */
export type StreamedEvent =
  | { readonly type: 'event'; readonly recorded: RecordedEvent; readonly zone: string | null }
  | { readonly type: 'newer' | 'damaged'; readonly what: string };

/** Reads an item of the ledger's stream. Total. */
export function streamedEvent(item: unknown, cell: CellName): StreamedEvent {
  const shaped = itemShape.safeParse(item);
  if (!shaped.success) return { type: 'damaged', what: z.prettifyError(shaped.error) };
  const row = storedRow(shaped.data, cell, true);
  if (row.type === 'unreadable') return { type: 'damaged', what: row.what };
  const parsed = parsedEventOf(row.stored, THIS_RELEASE);
  if (parsed.type !== 'event') return parsed;
  const { number, at, by, previous, hash } = row.stored;
  const recorded = { cell, number, at, by, event: parsed.event, previous, hash };
  return { type: 'event', recorded, zone: zoneOf(row.stored.stateText) };
}

/** Nothing rests on the zone of a message, so a state that says none has none. */
function zoneOf(stateText: string): string | null {
  try {
    return stateShape.parse(JSON.parse(stateText)).fleet?.zone ?? null;
  } catch {
    return null;
  }
}
