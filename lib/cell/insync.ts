import type { Clock, Instant } from '../runtime/clock.ts';
import type { Zone } from '../zone/zone.ts';

/** A change to wait for, and when it was recorded. */
export interface PendingChange {
  readonly changeId: string;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export interface InsyncSettings {
  /** Between two rounds of questions, milliseconds. */
  readonly insyncPollMs: number;
  /** A change that Route 53 does not know counts as pending until it is this old, milliseconds. Then it is not known. */
  readonly unknownChangeMs: number;
}

/**
 * What a wait came to. `unknown`: Route 53 does not know these changes, and they are old enough for it. Nobody can say
 * what became of them: it may have forgotten them, or lost them when it went back to an earlier state.
 */
export type Waited =
  | { readonly type: 'insync' }
  | { readonly type: 'deadline' }
  | { readonly type: 'unknown'; readonly changes: readonly string[] };

/** Rounds of questions after which a wait ends whatever the clock says: at 2 s a round, more than half an hour. */
const ROUNDS_MAX = 1_000;

/**
 * Waits until every change has reached every name server, until one is not known, or until the deadline.
 * Route 53 moves a change from PENDING to INSYNC, generally within 60 seconds (GetChange, API reference). What is INSYNC
 * is also copied: it stays when the zone goes back (docs/adr/0053-a-zone-may-go-back.md).
 *
 * @throws ZoneUnavailable when Route 53 cannot be asked.
 */
export async function awaitInsync(
  deps: { readonly zone: Zone; readonly clock: Clock },
  changes: readonly PendingChange[],
  settings: InsyncSettings,
  deadline: Instant,
): Promise<Waited> {
  let pending = [...changes];
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const still: PendingChange[] = [];
    const unknown: string[] = [];
    for (const change of pending) {
      const place = await placeOf(deps, change, settings);
      if (place === 'pending') still.push(change);
      if (place === 'unknown') unknown.push(change.changeId);
    }
    if (unknown.length > 0) return { type: 'unknown', changes: unknown };
    if (still.length === 0) return { type: 'insync' };
    pending = still;
    if (deps.clock.now() + settings.insyncPollMs > deadline) return { type: 'deadline' };
    await deps.clock.sleep(settings.insyncPollMs);
  }
  return { type: 'deadline' };
}

/** Where one change is. `unknown` is never everywhere: whoever needs to be sure writes again, and waits for that. */
export async function placeOf(
  { zone, clock }: { readonly zone: Zone; readonly clock: Clock },
  { changeId, at }: PendingChange,
  { unknownChangeMs }: Pick<InsyncSettings, 'unknownChangeMs'>,
): Promise<'insync' | 'pending' | 'unknown'> {
  const status = await zone.changeStatus(changeId);
  return status === 'unknown' && isFresh(at, clock.now(), unknownChangeMs) ? 'pending' : status;
}

/**
 * Whether a change that was recorded at this time may be too young for Route 53 to know it. A time that lies ahead by the
 * whole window or more says nothing of the change's age, and to wait for that time could take days.
 */
export function isFresh(at: number, now: number, unknownChangeMs: number): boolean {
  return Math.abs(now - at) < unknownChangeMs;
}
