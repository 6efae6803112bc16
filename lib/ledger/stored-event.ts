import { invariant } from '../plan/invariant.ts';
import type { CellName } from '../plan/names.ts';
import { storedHash } from './chain.ts';
import type { ParsedEvent } from './decider/event-shape.ts';
import { parseEvent } from './decider/event-shape.ts';
import type { RecordedEvent } from './decider/events.ts';
import type { KnownFormats, LedgerFormat } from './decider/formats.ts';
import { FORMATS, formatOfEvent, newestFormat, readableAs } from './decider/formats.ts';
import { stateCharsMax } from './decider/state.ts';
import { parseState } from './decider/state-json.ts';
import { checkEntry } from './entry-limits.ts';
import type { Entry, Head } from './ledger.ts';
import { LedgerUnusable } from './ledger.ts';
import type { StoredEvent } from './ledger-records.ts';

/**
 * A release as a reader and writer of logs: the formats that it knows, and its name, which is stored with its events.
 */
export interface Release {
  readonly formats: KnownFormats;
  /** `0.2.0`. */
  readonly pawl: string;
}

/** The release that this code is. */
export const THIS_RELEASE: Release = { formats: FORMATS, pawl: newestFormat(FORMATS).release };

/** Parses the text of a stored event as this release knows it. Total. */
export function parsedEventOf(stored: StoredEvent, { formats }: Release): ParsedEvent {
  const readable = readableAs(formats, stored);
  if (readable.type === 'newer') return readable;
  const { format } = readable;
  const parsed = parseEvent(stored.eventText, format.shapes, readable.type === 'known' ? 'refuse' : 'keep');
  return parsed.type === 'event' ? { type: 'event', event: format.lift(parsed.event) } : parsed;
}

/** @throws LedgerUnusable when the event is of a format that is not known here, or damaged. */
export function recordOf(stored: StoredEvent, release: Release): RecordedEvent {
  const { cell, number, at, by, previous, hash } = stored;
  const parsed = parsedEventOf(stored, release);
  switch (parsed.type) {
    case 'event':
      return { cell, number, at, by, event: parsed.event, previous, hash };
    case 'newer':
      throw writtenByNewer(cell, number, parsed.what, stored.pawl);
    case 'damaged':
      throw new LedgerUnusable(
        `Event ${number} of cell ${cell} cannot be read: ${parsed.what}. "pawl verify" looks at the whole log.`,
      );
  }
}

/** The error of a reader that does not know what an event means, because a newer release wrote it. */
export function writtenByNewer(cell: CellName, number: number, what: string, pawl: string): LedgerUnusable {
  return new LedgerUnusable(
    `Event ${number} of cell ${cell} cannot be read: ${what}. Use Pawl ${pawl} or a newer one.`,
  );
}

/**
 * The head that a stored event makes, checked against the event's own hash.
 *
 * @throws LedgerUnusable when the event was altered, or is of a format that is not known here.
 */
export function headOf(stored: StoredEvent, ledger: string, release: Release): Head {
  const { cell, number, hash } = stored;
  const last = recordOf(stored, release);
  if (storedHash(stored) !== hash) {
    throw new LedgerUnusable(
      `Event ${number} of cell ${cell} is not what was appended: its hash does not match. Run "pawl verify", and find out who wrote to the table.`,
    );
  }
  return { cell, number, hash, state: parseState(stored.stateText, cell, ledger, release.formats), last };
}

/** What follows a head: the event as it will be stored, and the head that it makes. */
export interface NextEvent {
  readonly stored: StoredEvent;
  /** As every reader of this release will read it. */
  readonly last: RecordedEvent;
  readonly head: Head;
}

/**
 * Makes the event that follows a head, in the newest format that everybody at work in the cell reads, and reads it back
 * before anybody sends it: the log never holds an event that its own writer cannot read.
 *
 * @param nonce fresh at every call; empty where no answer is ever lost.
 * @throws EntryTooLarge when the event or the state would not fit their bounds.
 * @throws InvariantViolated when the entry is not a valid event, or would be read back differently.
 */
export function nextEvent(release: Release, head: Head, entry: Entry, nonce: string): NextEvent {
  const { cell } = head;
  const { event, at, by } = entry;
  const format = formatOfEvent(release.formats, head.state.format, event);
  invariant(Object.hasOwn(format.shapes, event.type), `Format ${format.number} does not have ${event.type}.`);
  const state = format.evolve(head.state, event, { at, by });
  const stateText = format.stateText(state);
  checkEntry(entry, stateText, stateCharsMax(state));
  const unhashed = {
    ...{ cell, number: head.number + 1, at, by, previous: head.hash, nonce },
    ...{ eventText: JSON.stringify(format.lower(event)), stateText },
    ...{ format: format.number, readableFrom: format.readableFrom, pawl: release.pawl },
  };
  const stored: StoredEvent = { ...unhashed, hash: storedHash(unhashed) };
  const last = readBack(stored, head, release, format);
  return { stored, last, head: { cell, number: last.number, hash: last.hash, state, last } };
}

function readBack(stored: StoredEvent, before: Head, release: Release, format: LedgerFormat): RecordedEvent {
  try {
    const last = recordOf(stored, release);
    const state = parseState(stored.stateText, stored.cell, before.state.ledger, release.formats);
    invariant(
      format.stateText(state) === stored.stateText,
      `The state after ${last.event.type} would be read back as another one, so it was not appended.`,
    );
    return last;
  } catch (cause) {
    if (!(cause instanceof LedgerUnusable)) throw cause;
    invariant(false, `What its own writer cannot read was not appended: ${cause.message}`);
  }
}
