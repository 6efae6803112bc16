import type { RecordedEvent } from './decider/events.ts';
import type { Head, Ledger } from './ledger.ts';

const PAGE_EVENTS = 500;

/**
 * The events of a cell up to a head, the newest page first and each page oldest first: people mostly ask about recent
 * events.
 */
export async function* newestPages(
  ledger: Ledger,
  { cell, number }: Head,
): AsyncGenerator<readonly RecordedEvent[]> {
  // Each page ends where the one before it began.
  for (let upTo = number; upTo > 0; upTo -= PAGE_EVENTS) {
    const after = Math.max(0, upTo - PAGE_EVENTS);
    yield await ledger.events(cell, { after, limit: upTo - after, order: 'forward' });
  }
}

/** The newest event that matches; undefined when none does. */
export async function newestEvent(
  ledger: Ledger,
  head: Head,
  isMeant: (event: RecordedEvent) => boolean,
): Promise<RecordedEvent | undefined> {
  for await (const page of newestPages(ledger, head)) {
    const found = page.findLast(isMeant);
    if (found !== undefined) return found;
  }
  return undefined;
}
