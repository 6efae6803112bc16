import type { LedgerFormat } from '../../lib/ledger/decider/formats.ts';
import { FORMATS, newestFormat } from '../../lib/ledger/decider/formats.ts';
import type { Release } from '../../lib/ledger/stored-event.ts';

/** What 0.1.0 knew: this code without any newer format. */
export const RELEASE_0_1: Release = { formats: FORMATS.slice(0, 1), pawl: '0.1.0' };
/** What 0.2.0 knew. */
export const RELEASE_0_2: Release = { formats: FORMATS.slice(0, 2), pawl: '0.2.0' };

const NEWEST = newestFormat(FORMATS);

/**
 * A format to come whose readableFrom is an older format: a freeze may name a ticket, and the state keeps it. Its fold
 * differs from today's.
 */
const TICKETS: LedgerFormat = {
  ...NEWEST,
  number: NEWEST.number + 1,
  readableFrom: NEWEST.number,
  release: '7.0.0',
  shapes: { ...NEWEST.shapes, CellFrozen: { reason: 'text', ticket: 'text?' } },
  evolve: (state, event, occasion) => {
    const next = NEWEST.evolve(state, event, occasion);
    if (event.type !== 'CellFrozen' || !('ticket' in event)) return next;
    return { ...next, tickets: [event.ticket] } as typeof next;
  },
};

/** A format to come that no older reader may go on with. */
const STRANGE: LedgerFormat = {
  ...NEWEST,
  number: NEWEST.number + 2,
  readableFrom: NEWEST.number + 2,
  release: '8.0.0',
};

/** A release to come that writes the tickets. */
export const RELEASE_AFTER: Release = { formats: [...FORMATS, TICKETS], pawl: '7.0.0' };
/** A release to come that also writes the strange format. */
export const RELEASE_FAR_AFTER: Release = { formats: [...FORMATS, TICKETS, STRANGE], pawl: '8.0.0' };
