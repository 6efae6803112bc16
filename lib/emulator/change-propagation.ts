import type { RecordSet } from '../plan/records.ts';
import { Route53Error } from './route53-error.ts';
import type { ChangeState, HostedZoneState, Route53State } from './route53-state.ts';
import { freshId, hostedZone, isWeak } from './route53-state.ts';
import type { ZoneContents } from './zone-contents.ts';
import { allRecords } from './zone-contents.ts';

export interface ChangeInfo {
  readonly id: string;
  readonly status: 'PENDING' | 'INSYNC';
  /** Milliseconds. */
  readonly submittedAt: number;
  readonly comment?: string | undefined;
}

/** The most changes that are remembered. The oldest are forgotten first, as Route 53 forgets them in time. */
const CHANGES_MAX = 10_000;
/** Changes that are forgotten at a time: to forget them one by one would walk the map at every commit. */
const CHANGES_SLACK = 1_000;

/** Commits `contents` to the zone at this instant, and starts its propagation to the name servers. */
export function commit(
  state: Route53State,
  zone: HostedZoneState,
  contents: ZoneContents,
  comment: string | undefined,
): ChangeInfo {
  const now = state.deps.now();
  const change = rememberChange(state, zone.id, comment);
  const settled = settledZone(zone, now);
  const pending = [...settled.pending, { changeId: change.id, insyncAt: change.insyncAt, contents }];
  const newestChange = change.id;
  state.zones.set(zone.id, settledZone({ ...settled, contents, pending, newestChange, changedAt: now }, now));
  state.deps.changed?.();
  return changeInfo(change, now);
}

export function rememberChange(
  state: Route53State,
  zoneId: string,
  comment: string | undefined,
): ChangeState {
  const submittedAt = state.deps.now();
  const id = freshId(state, 'C', state.changes);
  const insyncAt = submittedAt + state.settings.insyncDelayMs;
  const change = { id, zoneId, submittedAt, insyncAt, comment };
  state.changes.set(id, change);
  forgetOldChanges(state.changes);
  return change;
}

function forgetOldChanges(changes: Map<string, ChangeState>): void {
  if (changes.size < CHANGES_MAX + CHANGES_SLACK) return;
  for (const id of [...changes.keys()].slice(0, changes.size - CHANGES_MAX)) changes.delete(id);
}

export function changeInfo(change: ChangeState, now: number): ChangeInfo {
  const { id, submittedAt, comment } = change;
  const status = change.insyncAt <= now ? 'INSYNC' : 'PENDING';
  return { id, status, submittedAt, comment };
}

/** @throws Route53Error NoSuchChange, 404. */
export function knownChange(state: Route53State, id: string): ChangeState {
  const change = state.changes.get(id);
  if (change === undefined || isWeak(state, 'change-id-unknown')) {
    throw new Route53Error('NoSuchChange', `Could not find resource with ID: ${id}`, 404);
  }
  return change;
}

/** Makes the change, and every older one of its zone, INSYNC now. */
export function settleChange(state: Route53State, id: string): void {
  const change = knownChange(state, id);
  const now = state.deps.now();
  const zone = state.zones.get(change.zoneId);
  const place = zone?.pending.findIndex(({ changeId }) => changeId === id) ?? -1;
  const settled = place < 0 ? [] : (zone?.pending.slice(0, place + 1) ?? []);
  for (const key of [id, ...settled.map(({ changeId }) => changeId)]) {
    const one = state.changes.get(key);
    if (one !== undefined && one.insyncAt > now) state.changes.set(key, { ...one, insyncAt: now });
  }
  if (zone === undefined || place < 0) return;
  const insync = zone.pending[place]?.contents ?? zone.insync;
  state.zones.set(zone.id, { ...zone, insync, pending: zone.pending.slice(place + 1) });
  state.deps.changed?.();
}

/**
 * The zone goes back to an earlier commit: the INSYNC contents, or those of one of the first commits that are PENDING.
 * Every later change is lost, at the name servers too, and is no change that Route 53 knows. Accelerated recovery does
 * this to changes that were accepted and not copied before the control plane moved (docs/adr/0053-a-zone-may-go-back.md).
 *
 * @param kept the number of PENDING commits that stay, oldest first; 0 or more.
 */
export function returnZone(state: Route53State, zoneId: string, kept: number): void {
  const now = state.deps.now();
  const zone = settledZone(hostedZone(state, zoneId), now);
  const pending = zone.pending.slice(0, kept);
  for (const { changeId } of zone.pending.slice(kept)) state.changes.delete(changeId);
  state.zones.set(zoneId, { ...zone, contents: pending.at(-1)?.contents ?? zone.insync, pending });
  state.deps.changed?.();
}

/** The contents that a name server may answer from, oldest first: the INSYNC ones, then each later commit's. */
export function versionsInFlight(zone: HostedZoneState, now: number): readonly (readonly RecordSet[])[] {
  const { insync, pending } = settledZone(zone, now);
  return [allRecords(insync), ...pending.map(({ contents }) => allRecords(contents))];
}

/** The zone with everything that has become INSYNC by `now` folded in. */
export function settledZone(zone: HostedZoneState, now: number): HostedZoneState {
  let settled = 0;
  zone.pending.forEach(({ insyncAt }, index) => {
    if (insyncAt <= now) settled = index + 1;
  });
  if (settled === 0) return zone;
  const insync = zone.pending[settled - 1]?.contents ?? zone.insync;
  return { ...zone, insync, pending: zone.pending.slice(settled) };
}
