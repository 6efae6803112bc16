import type { RecordedEvent } from './decider/events.ts';
import type { Head, Ledger } from './ledger.ts';

const PAGE_EVENTS = 500;

/**
 * The events of a cell up to a head, the newest page first and each page oldest first: people mostly ask about recent
 * events.
 */
export async function* newestPages(
  ledger: Ledger,
  { cell, number }: Pick<Head, 'cell' | 'number'>,
): AsyncGenerator<readonly RecordedEvent[]> {
  // Each page ends where the one before it began.
  for (let upTo = number; upTo > 0; upTo -= PAGE_EVENTS) {
    const after = Math.max(0, upTo - PAGE_EVENTS);
    yield await ledger.events(cell, { after, limit: upTo - after, order: 'forward' });
  }
}

/**
 * The newest event that matches; undefined when none does.
 *
 * @param pagesMax pages of 500 events that are read at most; all unless given.
 */
export async function newestEvent(
  ledger: Ledger,
  head: Pick<Head, 'cell' | 'number'>,
  isMeant: (event: RecordedEvent) => boolean,
  pagesMax = Number.POSITIVE_INFINITY,
): Promise<RecordedEvent | undefined> {
  let pages = 0;
  for await (const page of newestPages(ledger, head)) {
    pages += 1;
    const found = page.findLast(isMeant);
    if (found !== undefined || pages >= pagesMax) return found;
  }
  return undefined;
}
