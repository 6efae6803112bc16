import { InvalidValue, invariant } from '../plan/invariant.ts';
import type { Entry, EventRange } from './ledger.ts';
import { EntryTooLarge } from './ledger.ts';

/** A body's UTF-8 octets at most: 10 MB. */
const BODY_BYTES_MAX = 10 * 1_024 * 1_024;
/** An event's own JSON, UTF-8 octets. */
const EVENT_BYTES_MAX = 256_000;
/**
 * An event with the state after it, UTF-8 octets. Their item has less than 3,000 octets besides, and so it stays below
 * DynamoDB's 400 KB (409,600 octets, names of attributes included). Beside the largest state there is room for an event
 * of more than 130,000 octets; the largest plan of 120 endpoints has fewer.
 */
const ITEM_BYTES_MAX = 404_000;
/** A writer's name: `enactor-b`, `operator:ana`. */
const WRITER_CHARS_MAX = 200;
/** Events that one read may ask for. */
const EVENTS_LIMIT_MAX = 1_000;

/** @throws EntryTooLarge when the text has more than 10 MB. */
export function checkBodySize(text: string): void {
  const bytes = Buffer.byteLength(text, 'utf8');
  if (bytes > BODY_BYTES_MAX) {
    throw new EntryTooLarge(
      `A body of ${bytes} bytes is more than the ledger takes, ${BODY_BYTES_MAX}: split the cell.`,
    );
  }
}

/**
 * Checks what is about to be appended, with the state after it.
 *
 * @param charsMax the bound of the state.
 * @throws EntryTooLarge when the event, the state or both together would not fit their bounds.
 * @throws InvariantViolated when the time or the writer's name is not valid.
 */
export function checkEntry({ event, at, by }: Entry, state: string, charsMax: number): void {
  invariant(Number.isSafeInteger(at) && at >= 0, `${at} is not a time for an event.`);
  invariant(by.length >= 1 && by.length <= WRITER_CHARS_MAX, `"${by}" is not a writer of events.`);
  const bytes = Buffer.byteLength(JSON.stringify(event), 'utf8');
  if (bytes > EVENT_BYTES_MAX) {
    throw new EntryTooLarge(
      `${event.type} has ${bytes} bytes, more than ${EVENT_BYTES_MAX}, and was not appended: do it in parts.`,
    );
  }
  if (state.length > charsMax) {
    throw new EntryTooLarge(
      `The state after ${event.type} would have ${state.length} characters, more than ${charsMax}, so it was not appended: let the janitor retire trees, or split the cell.`,
    );
  }
  const together = bytes + Buffer.byteLength(state, 'utf8');
  if (together > ITEM_BYTES_MAX) {
    throw new EntryTooLarge(
      `${event.type} and the state after it have ${together} bytes, more than ${ITEM_BYTES_MAX}, and were not appended: let the janitor retire trees, or split the cell.`,
    );
  }
}

/** @throws InvalidValue when the range is outside its bounds. */
export function checkRange({ after, limit }: EventRange): void {
  if (!Number.isSafeInteger(after) || after < 0)
    throw new InvalidValue(`${after} is not an event's number: use 0 or more.`);
  if (!Number.isSafeInteger(limit) || limit < 1 || limit > EVENTS_LIMIT_MAX) {
    throw new InvalidValue(`${limit} is not a number of events to read: use 1 to ${EVENTS_LIMIT_MAX}.`);
  }
}
