import type { Clock } from '../runtime/clock.ts';
import type { LeaseRow } from './lease-row.ts';
import { isReleased } from './lease-row.ts';
import type { RowStanding, Tick } from './lease-rule.ts';
import { dueChange, firstTick, isDeaf, missingMax, standingAt } from './lease-rule.ts';
import type { HearingZone, LeaseTable, ReadRow } from './lease-table.ts';
import { LeasesAway } from './lease-table.ts';

export interface HearingDeps {
  readonly leases: LeaseTable;
  readonly clock: Pick<Clock, 'now'>;
  /** The period of a zone that has no tick yet, milliseconds, 20,000 to 100,000; 60,000 unless given. */
  readonly firstEveryMs?: number | undefined;
}

/** What is known of a declared group. `never`: nobody has ever held it, or not since it was forgotten. */
export type HeardGroup =
  | { readonly type: 'row'; readonly row: LeaseRow; readonly standing: RowStanding }
  | { readonly type: 'never' }
  | { readonly type: 'unreadable'; readonly what: string };

/** What one run heard in a zone. */
export interface Hearing extends HeardRows {
  readonly tick: Tick;
}

interface HeardRows {
  /** Every declared group. */
  readonly groups: ReadonlyMap<string, HeardGroup>;
  /** How many of them are heard. */
  readonly heard: number;
  /** So few that the zone's rows do not age, and nothing is said of any of them. */
  readonly deaf: boolean;
  /** How many groups may be missing before the zone is deaf. */
  readonly missingMax: number;
  /** The rows of groups that are not declared, without the released ones. They do not count. */
  readonly undeclared: ReadonlyMap<string, HeardGroup>;
}

/** A page holds up to 1 MB: all the groups of a zone and more. */
const PAGES_MAX = 1_000;

/**
 * One run of the hearing, in one zone: it reads the tick and then the rows, and lets the tick rise if that is due. Any
 * number of planners may hear a zone at the same time: a tick rises by compare-and-swap, and the rows are judged by the
 * tick that was read before them. So a row that is newer than that is heard, and never taken for an older one.
 *
 * @param groups the declared groups of the zone, each once. Rows of other groups do not count.
 * @throws LeasesAway.
 */
export async function hearZone(
  deps: HearingDeps,
  zone: HearingZone,
  groups: readonly string[],
): Promise<Hearing> {
  const { leases, clock } = deps;
  const found = await leases.readTick(zone);
  const tick = found ?? firstTick(clock.now(), deps.firstEveryMs);
  if (found === undefined) await leases.putTick(zone, tick, undefined);
  const heard = await heardRows(leases, zone, groups, tick);
  if (found !== undefined) await letRise(deps, zone, found, heard.deaf);
  return { tick, ...heard };
}

/**
 * The same without writing anything: what a planner would hear now. Undefined where the zone has no tick, and so no row.
 *
 * @throws LeasesAway.
 */
export async function readZone(
  leases: LeaseTable,
  zone: HearingZone,
  groups: readonly string[],
): Promise<Hearing | undefined> {
  const tick = await leases.readTick(zone);
  return tick && { tick, ...(await heardRows(leases, zone, groups, tick)) };
}

async function heardRows(
  leases: LeaseTable,
  zone: HearingZone,
  groups: readonly string[],
  tick: Tick,
): Promise<HeardRows> {
  const rows = await rowsOf(leases, zone);
  const known = new Map(groups.map((group) => [group, heardGroup(rows.get(group), tick)]));
  const others = [...rows].map(([group, read]) => [group, heardGroup(read, tick)] as const);
  const heard = [...known.values()].filter((each) => each.type === 'row' && each.standing === 'heard').length;
  return {
    groups: known,
    heard,
    deaf: isDeaf(groups.length, heard),
    missingMax: missingMax(groups.length),
    undeclared: new Map(others.filter(([group, { type }]) => !known.has(group) && type !== 'never')),
  };
}

/** Writes what is due of the tick. Whoever loses, or gets no answer, leaves the rest to the next run. */
async function letRise({ leases, clock }: HearingDeps, zone: HearingZone, tick: Tick, deaf: boolean) {
  const change = dueChange(tick, clock.now(), deaf);
  if (change === undefined) return;
  const { type } = await leases.putTick(zone, change, tick);
  if (type !== 'applied' || change.seen) return;
  const seen = dueChange(change, clock.now(), deaf);
  if (seen !== undefined) await leases.putTick(zone, seen, change);
}

async function rowsOf(leases: LeaseTable, zone: HearingZone): Promise<ReadonlyMap<string, ReadRow>> {
  const rows = new Map<string, ReadRow>();
  let after: string | undefined;
  for (let pages = 0; pages < PAGES_MAX; pages += 1) {
    const page = await leases.readRows(zone, after);
    for (const read of page.rows) rows.set(read.type === 'row' ? read.row.group : read.group, read);
    after = page.next;
    if (after === undefined) return rows;
  }
  throw new LeasesAway(`The leases of ${zone.cell} in ${zone.az} did not end after ${PAGES_MAX} pages.`);
}

function heardGroup(read: ReadRow | undefined, { n }: Tick): HeardGroup {
  if (read === undefined) return { type: 'never' };
  if (read.type === 'unreadable') return { type: 'unreadable', what: read.what };
  if (isReleased(read.row)) return { type: 'never' };
  return { type: 'row', row: read.row, standing: standingAt(n, read.row.t) };
}
