import { describe, expect, it } from 'vitest';
import type { LedgerEvent } from '../../lib/ledger/decider/events.ts';
import { STATE_CHARS_MAX, STATE_CHARS_MAX_SINCE_3 } from '../../lib/ledger/decider/state.ts';
import { checkBodySize, checkEntry, checkRange } from '../../lib/ledger/entry-limits.ts';
import type { Entry, EventRange } from '../../lib/ledger/ledger.ts';
import { EntryTooLarge } from '../../lib/ledger/ledger.ts';
import { InvalidValue, InvariantViolated } from '../../lib/plan/invariant.ts';

const event: LedgerEvent = { type: 'CellThawed' };
const entry = (more: Partial<Entry> = {}): Entry => ({ event, at: 0, by: 'a', ...more });
/** An event of exactly so many octets: two for each `é`. */
function eventOf(bytes: number): LedgerEvent {
  const empty = JSON.stringify({ type: 'CellFrozen', reason: '' }).length;
  const rest = bytes - empty;
  return { type: 'CellFrozen', reason: `${'é'.repeat(Math.floor(rest / 2))}${'x'.repeat(rest % 2)}` };
}

describe('an entry', () => {
  it('has a time and a writer', () => {
    expect(() => checkEntry(entry(), '{}', STATE_CHARS_MAX)).not.toThrow();
    expect(() =>
      checkEntry(entry({ at: Number.MAX_SAFE_INTEGER, by: 'x'.repeat(200) }), '{}', STATE_CHARS_MAX),
    ).not.toThrow();
    for (const at of [-1, 0.5, Number.NaN, Number.MAX_SAFE_INTEGER + 1])
      expect(() => checkEntry(entry({ at }), '{}', STATE_CHARS_MAX)).toThrow(
        new InvariantViolated(`${at} is not a time for an event.`),
      );
    for (const by of ['', 'x'.repeat(201)])
      expect(() => checkEntry(entry({ by }), '{}', STATE_CHARS_MAX)).toThrow(
        new InvariantViolated(`"${by}" is not a writer of events.`),
      );
  });

  it('holds an event of 256,000 octets, and not one more', () => {
    expect(() => checkEntry(entry({ event: eventOf(256_000) }), '{}', STATE_CHARS_MAX)).not.toThrow();
    expect(() => checkEntry(entry({ event: eventOf(256_001) }), '{}', STATE_CHARS_MAX)).toThrow(
      EntryTooLarge,
    );
    expect(() => checkEntry(entry({ event: eventOf(256_001) }), '{}', STATE_CHARS_MAX)).toThrow(
      /^CellFrozen has 256001 bytes, more than 256000, and was not appended: do it in parts\.$/,
    );
  });

  it('holds 404,000 octets of an event and a state together, and not one more', () => {
    const largest = 'x'.repeat(STATE_CHARS_MAX_SINCE_3);
    const fits = (bytes: number, state: string) => () =>
      checkEntry(entry({ event: eventOf(bytes) }), state, STATE_CHARS_MAX_SINCE_3);
    expect(fits(132_000, largest)).not.toThrow();
    expect(fits(132_001, largest)).toThrow(EntryTooLarge);
    expect(fits(132_001, largest)).toThrow(
      /^CellFrozen and the state after it have 404001 bytes, more than 404000, and were not appended: /,
    );
    // Octets, not characters.
    expect(fits(204_000, 'é'.repeat(100_000))).not.toThrow();
    expect(fits(204_001, 'é'.repeat(100_000))).toThrow(EntryTooLarge);
    // What a cell of format 2 could hold, it still can.
    expect(fits(256_000, 'x'.repeat(STATE_CHARS_MAX))).not.toThrow();
  });

  it('holds a state up to its bound', () => {
    expect(() => checkEntry(entry(), 'x'.repeat(STATE_CHARS_MAX), STATE_CHARS_MAX)).not.toThrow();
    const more = 'x'.repeat(STATE_CHARS_MAX + 1);
    expect(() => checkEntry(entry(), more, STATE_CHARS_MAX)).toThrow(EntryTooLarge);
    expect(() => checkEntry(entry(), more, STATE_CHARS_MAX)).toThrow(
      /^The state after CellThawed would have 128001 characters/,
    );
  });
});

it('takes a body of 10 MB of octets, and not one more', () => {
  const most = 'é'.repeat(5 * 1_024 * 1_024);
  expect(() => checkBodySize(most)).not.toThrow();
  expect(() => checkBodySize(`${most}x`)).toThrow(EntryTooLarge);
  expect(() => checkBodySize(`${most}x`)).toThrow(
    /^A body of 10485761 bytes .*, 10485760: split the cell\.$/,
  );
});

it('reads from any event on, 1 to 1,000 at once', () => {
  const range = (more: Partial<EventRange>): EventRange => ({
    after: 0,
    limit: 1,
    order: 'forward',
    ...more,
  });
  for (const good of [{}, { after: 7 }, { limit: 1_000 }])
    expect(() => checkRange(range(good))).not.toThrow();
  for (const after of [-1, 0.5, Number.NaN])
    expect(() => checkRange(range({ after }))).toThrow(
      new InvalidValue(`${after} is not an event's number: use 0 or more.`),
    );
  for (const limit of [0, 1_001, 1.5])
    expect(() => checkRange(range({ limit }))).toThrow(
      new InvalidValue(`${limit} is not a number of events to read: use 1 to 1000.`),
    );
});
