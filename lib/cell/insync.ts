import type { AppliedState } from '../ledger/decider/state.ts';
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
  /** A change that Route 53 does not know counts as pending until it is this old, milliseconds. */
  readonly unknownChangeMs: number;
}

/**
 * Stands for a change of which nobody knows the id, because its writer died before it recorded it. It is no id that
 * Route 53 gives, so the trees count as pending until the record is `unknownChangeMs` old.
 */
export const UNRECORDED_CHANGE = 'unrecorded';

/** Rounds of questions after which a wait ends whatever the clock says: at 2 s a round, more than half an hour. */
const ROUNDS_MAX = 1_000;

/**
 * Waits until every change has reached every name server, or until the deadline.
 * Route 53 moves a change from PENDING to INSYNC, generally within 60 seconds (GetChange, API reference).
 *
 * @returns 'insync', or 'deadline' when some change was still pending then.
 * @throws ZoneUnavailable when Route 53 cannot be asked.
 */
export async function awaitInsync(
  deps: { readonly zone: Zone; readonly clock: Clock },
  changes: readonly PendingChange[],
  settings: InsyncSettings,
  deadline: Instant,
): Promise<'insync' | 'deadline'> {
  let pending = [...changes];
  for (let round = 0; round < ROUNDS_MAX; round += 1) {
    const still: PendingChange[] = [];
    for (const change of pending) {
      if (!(await isInsync(deps, change, settings))) still.push(change);
    }
    if (still.length === 0) return 'insync';
    pending = still;
    if (deps.clock.now() + settings.insyncPollMs > deadline) return 'deadline';
    await deps.clock.sleep(settings.insyncPollMs);
  }
  return 'deadline';
}

/** Whether one change is known to be everywhere, or unknown and old enough to be. */
export async function isInsync(
  deps: { readonly zone: Zone; readonly clock: Clock },
  change: PendingChange,
  settings: Pick<InsyncSettings, 'unknownChangeMs'>,
): Promise<boolean> {
  const status = await deps.zone.changeStatus(change.changeId);
  if (status === 'insync') return true;
  return status === 'unknown' && deps.clock.now() - change.at >= settings.unknownChangeMs;
}

/**
 * Whether the change by which a plan was applied has reached every name server. When another process recorded the plan
 * as applied, nobody knows the change's id: the change counts as INSYNC once it is old enough.
 */
export async function isAppliedEverywhere(
  deps: { readonly zone: Zone; readonly clock: Clock },
  { changeId, at }: Pick<AppliedState, 'changeId' | 'at'>,
  settings: Pick<InsyncSettings, 'unknownChangeMs'>,
): Promise<boolean> {
  if (changeId === undefined) return deps.clock.now() - at >= settings.unknownChangeMs;
  return isInsync(deps, { changeId, at }, settings);
}
