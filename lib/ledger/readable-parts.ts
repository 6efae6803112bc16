import type { RecordedEvent } from './decider/events.ts';
import type { Head, Ledger } from './ledger.ts';
import { LedgerUnusable } from './ledger.ts';

/** Events that can be read, oldest first, or one that cannot. */
export type ReadablePart =
  | { readonly type: 'events'; readonly events: readonly RecordedEvent[] }
  /** `says`: a sentence. */
  | { readonly type: 'unreadable'; readonly number: number; readonly says: string };

const PAGE_EVENTS = 500;

/**
 * The events of a cell up to a head, the newest part first. An event that cannot be read, because it is damaged or a
 * newer release wrote it, stands alone: it hides none of the others, as it does from whoever reads a page of them. To
 * find it takes two reads for each halving of a page.
 *
 * @throws LedgerUnavailable when the ledger cannot be reached.
 */
export async function* readableParts(ledger: Ledger, head: Head): AsyncGenerator<ReadablePart> {
  for (let upTo = head.number; upTo > 0; upTo -= PAGE_EVENTS)
    yield* partsOf(ledger, head, Math.max(0, upTo - PAGE_EVENTS), upTo);
}

async function* partsOf(
  ledger: Ledger,
  head: Head,
  after: number,
  upTo: number,
): AsyncGenerator<ReadablePart> {
  const read = await readPart(ledger, head, after, upTo);
  if (read.type === 'events' || upTo - after === 1) {
    yield read;
    return;
  }
  const middle = Math.floor((after + upTo) / 2);
  yield* partsOf(ledger, head, middle, upTo);
  yield* partsOf(ledger, head, after, middle);
}

async function readPart(ledger: Ledger, { cell }: Head, after: number, upTo: number): Promise<ReadablePart> {
  try {
    const events = await ledger.events(cell, { after, limit: upTo - after, order: 'forward' });
    return { type: 'events', events };
  } catch (error) {
    if (!(error instanceof LedgerUnusable)) throw error;
    return { type: 'unreadable', number: upTo, says: error.message };
  }
}
