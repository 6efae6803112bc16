import { canonicalJson, sha256 } from '../plan/canonical.ts';
import type { BodyDigest, LedgerEvent } from './decider/events.ts';
import type { StoredEvent } from './ledger-records.ts';

/** The `previous` of a cell's first event, which has no event before it. */
export const FIRST_PREVIOUS = '0'.repeat(64);

/**
 * The hash of a stored event, which the next event carries as `previous`: 64 lower-case hexadecimal digits, SHA-256
 * over the canonical JSON of everything that is stored of the event. The texts are hashed as they are stored, not what
 * they parse to, so that a reader can check the chain in formats that it does not know. Format 1 hashed the event's own
 * canonical JSON, with neither format nor release.
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

/** The value of a text. A text that is not JSON is hashed as the string that it is: no writer made that hash. */
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
