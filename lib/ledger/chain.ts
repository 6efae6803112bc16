import { canonicalJson, sha256 } from '../plan/canonical.ts';
import type { BodyDigest, LedgerEvent } from './decider/events.ts';
import type { StoredEvent } from './ledger-records.ts';

/** What the first event of a cell names as the hash before it. */
export const FIRST_PREVIOUS = '0'.repeat(64);

/**
 * The hash by which the next event names this one, 64 lower-case hexadecimal digits: SHA-256 over the canonical JSON of
 * all that is stored of it. It is taken over texts and not over what they are parsed to, so that a reader checks the
 * chain of formats that it does not know. Format 1 hashed the event's own canonical JSON, with neither format nor release.
 */
export function storedHash(stored: Omit<StoredEvent, 'hash'>): string {
  const { cell, number, at, by, previous, nonce, eventText, format, readableFrom, pawl } = stored;
  const state = sha256(stored.stateText);
  const hashed = { cell, number, at, by, previous, nonce, state };
  return sha256(
    canonicalJson(
      format === 1
        ? { ...hashed, event: jsonOf(eventText) }
        : { ...hashed, event: eventText, format, readableFrom, pawl },
    ),
  );
}

/** A text that is no JSON stands for itself: its hash is then none that any writer made. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The bodies that must be stored before `event` may be appended. */
export function bodiesNamedBy(event: LedgerEvent): readonly BodyDigest[] {
  if (event.type === 'FleetDeclared' || event.type === 'TargetsObserved' || event.type === 'PlanAppended') {
    return [event.digest];
  }
  return event.type === 'FenceAhead' && event.reissue !== undefined ? [event.reissue.digest] : [];
}
