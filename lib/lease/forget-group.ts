import { isReleased } from './lease-row.ts';
import type { RowStanding } from './lease-rule.ts';
import { standingAt } from './lease-rule.ts';
import type { HearingZone, LeaseTable } from './lease-table.ts';

/** What became of a row that was to be forgotten. */
export type ForgetOutcome =
  /** The row is released. Whoever takes the group up again does so with the next epoch. */
  | { readonly type: 'forgotten'; readonly e: number }
  /** There is no row, or a released one. */
  | { readonly type: 'nothing' }
  /** Its holder may still act. */
  | { readonly type: 'held'; readonly by: string; readonly standing: Exclude<RowStanding, 'lapsed'> }
  | { readonly type: 'unreadable'; readonly what: string }
  /** Somebody wrote it meanwhile, and nothing was written here. */
  | { readonly type: 'lost' }
  /** No answer came: it is released, or it will be, or never. */
  | { readonly type: 'unknown'; readonly reason: string };

/**
 * Releases the row of a group that is gone: it stays without members, so that its epoch never goes down. Only a row that
 * has lapsed is released. Until then its holder may act, and would not know.
 *
 * Whether the group is still declared is the caller's to ask. If it is declared again meanwhile, nothing is lost: a holder
 * takes a released row up as any other that has lapsed.
 *
 * @throws LeasesAway, and then nothing was written.
 */
export async function forgetGroup(
  leases: LeaseTable,
  zone: HearingZone,
  group: string,
): Promise<ForgetOutcome> {
  // Before the row: whoever writes it later than this is heard, and never taken for one that has lapsed.
  const tick = await leases.readTick(zone);
  const read = await leases.readRow(zone, group);
  if (tick === undefined || read === undefined) return { type: 'nothing' };
  if (read.type === 'unreadable') return { type: 'unreadable', what: read.what };
  const { row } = read;
  if (isReleased(row)) return { type: 'nothing' };
  const standing = standingAt(tick.n, row.t);
  if (standing !== 'lapsed') return { type: 'held', by: row.by, standing };
  const released = { ...row, s: row.s + 1, members: [] };
  const outcome = await leases.putRow(zone, released, row);
  return outcome.type === 'applied' ? { type: 'forgotten', e: row.e } : outcome;
}
