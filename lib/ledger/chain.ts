import { canonicalJson, sha256 } from '../plan/canonical.ts';
import type { BodyDigest, LedgerEvent, RecordedEvent } from './decider/events.ts';
import type { StoredEvent } from './ledger-records.ts';

/** What the first event of a cell names as the hash before it. */
export const FIRST_PREVIOUS = '0'.repeat(64);

/** Everything that an event's hash stands for. */
export type HashedEvent = Omit<RecordedEvent, 'hash'> & {
  /** SHA-256 of the canonical JSON of the state after the event. */
  readonly state: string;
  /** Fresh at every append, so that a writer whose answer was lost can tell its own event from a twin. */
  readonly nonce: string;
};

/** The hash by which the next event names this one: SHA-256 over the canonical JSON of all of it. */
export function eventHash(hashed: HashedEvent): string {
  return sha256(canonicalJson(hashed));
}

/** The hash that a stored event should carry. */
export function storedHash({ record, stateText, nonce }: StoredEvent): string {
  const { hash: _, ...hashed } = record;
  return eventHash({ ...hashed, state: sha256(stateText), nonce });
}

/** The bodies that must be stored before `event` may be appended. */
export function bodiesNamedBy(event: LedgerEvent): readonly BodyDigest[] {
  if (event.type === 'FleetDeclared' || event.type === 'TargetsObserved' || event.type === 'PlanAppended') {
    return [event.digest];
  }
  return event.type === 'FenceAhead' && event.reissue !== undefined ? [event.reissue.digest] : [];
}
