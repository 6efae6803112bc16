import type { Writer } from '../cell/fenced-write.ts';
import type { Seq } from '../plan/generation.ts';
import { nextSeq } from '../plan/generation.ts';
import type { DnsName } from '../plan/names.ts';
import type { CellScope } from '../plan/owned-names.ts';
import type { Plan } from '../plan/plan.ts';
import { planDigest, plannedEndpoint, rootRecords } from '../plan/plan.ts';
import { sameRecords } from '../plan/records.ts';
import type { ZoneView } from '../plan/zone-view.ts';
import { recordsAtName } from '../plan/zone-view.ts';
import type { Clock } from '../runtime/clock.ts';
import type { FenceWait } from './fence-wait.ts';
import type { Outcome } from './operator.ts';
import { unknown } from './operator.ts';
import { rescueAttempts } from './rescue-attempts.ts';
import type { RescueReading } from './rescue-reading.ts';
import { readForRescue } from './rescue-reading.ts';
import { rescueSettling } from './rescue-settling.ts';
import type { WrittenFence } from './rescue-writes.ts';
import { flipForRescue, freezeForRescue, rescuer } from './rescue-writes.ts';
import type { RollbackTarget } from './rollback-target.ts';
import { rollbackRoots, rollbackTarget } from './rollback-target.ts';
import type { Remark } from './zone-plan.ts';

export interface RollbackRescueRequest {
  /**
   * The digest of what the zone answers now (its first 12 digits, or more): the roots leave exactly this plan. Absent: a
   * rollback that a rescue has made already stays as it is.
   */
  readonly from?: string | undefined;
  /** False: say which roots would move and to which plan, and write nothing. */
  readonly apply?: boolean;
  readonly wait: FenceWait;
}

export interface RollbackRescue {
  /** What the zone now answers, rebuilt from its trees: the file to adopt when the ledger is back. */
  readonly plan: Plan;
  /** Of the frozen fence. */
  readonly seq: Seq;
  /** Endpoints whose roots were moved; none when they were there already. */
  readonly moved: readonly DnsName[];
  /** Endpoints that stayed as they were, and why. */
  readonly stayed: readonly Remark[];
}

/** Every attempt begins by freezing, so that only another person can make the next one fail. */
const ATTEMPTS_MAX = 8;

/**
 * Points every root at what its rollback root points at, with Route 53 alone, and leaves the fence frozen. Nothing is
 * staged: those trees have been INSYNC for long.
 *
 * It is idempotent, because the fence remembers the plan that the roots were to leave for (ADR 43). Asked for twice it
 * changes nothing, and a rollback that was interrupted goes on to where it was bound. Only `from` moves the roots back.
 *
 * Within one call, where to go is decided once: after a flip whose answer was lost the rollback roots may point the
 * other way already, and a new decision would undo the flip.
 *
 * It is done once its last change is INSYNC: what is not may be lost with a return of the zone (ADR 53).
 *
 * @returns unknown when everything stands and is not INSYNC at the deadline: ask again.
 * @throws ZoneUnavailable when Route 53 cannot be reached: ask again, it goes on from where it stopped.
 */
export async function rescueToRollback(
  unsigned: Writer,
  clock: Clock,
  { from, apply = true, wait }: RollbackRescueRequest,
): Promise<Outcome<RollbackRescue>> {
  const writer = rescuer(unsigned);
  const { scope } = writer;
  const attempts = rescueAttempts(scope.cell);
  const settle = rescueSettling(writer, clock, wait);
  let sent: RollbackTarget | undefined;
  let made: WrittenFence | undefined;
  for (let attempt = 1; attempt <= ATTEMPTS_MAX; attempt += 1) {
    const read = await readForRescue(writer, 0);
    if (read === 'moved') continue;
    const arrived = sent === undefined ? undefined : arrival(read, sent, scope);
    const end = attempts.end(read);
    if (end !== undefined && arrived === undefined) return end;
    if (sent !== undefined && arrived !== undefined) {
      const settled = await settle(read, planDigest(sent.plan), made);
      if (settled.type === 'insync') return arrived;
      if (settled.type === 'not copied') return unknown(settled.reason);
      made = settled.made;
      continue;
    }
    const target = sent ?? rollbackTarget(read, scope, from?.toLowerCase());
    if ('type' in target) return target;
    if (!apply) return shown(target, read);
    const frozen = await freezeForRescue(writer, read, planDigest(target.plan));
    if (frozen.type !== 'written') {
      attempts.failed(frozen);
      continue;
    }
    sent = target;
    const { groups } = rollbackRoots(target.plan, target.trees, read.view, scope);
    const flipped = await flipForRescue(writer, frozen.value, groups);
    if (flipped.type === 'written') made = flipped.value;
    else attempts.failed(flipped);
  }
  return unknown(
    `${ATTEMPTS_MAX} attempts to roll cell ${scope.cell} back were overtaken: somebody else rescues, freezes or thaws it. Agree with them, then ask again.`,
  );
}

function shown({ plan, trees, stayed }: RollbackTarget, read: RescueReading): Outcome<RollbackRescue> {
  return { type: 'done', plan, seq: nextSeq(read.seq), moved: [...trees.keys()], stayed };
}

/** The end, once every root that was to move stands where it should under a frozen fence. */
function arrival(
  { reading, view }: RescueReading,
  { plan, trees, stayed }: RollbackTarget,
  scope: CellScope,
): Outcome<RollbackRescue> | undefined {
  if (reading.type !== 'fence' || !reading.fence.frozen) return undefined;
  const isThere = [...trees.keys()].every((name) => {
    const endpoint = plannedEndpoint(plan, name);
    return endpoint !== undefined && sameRecords(ownedRecordsAt(view, name), rootRecords(endpoint, scope));
  });
  if (!isThere) return undefined;
  return { type: 'done', plan, seq: reading.fence.seq, moved: [...trees.keys()], stayed };
}

function ownedRecordsAt(view: ZoneView, name: DnsName) {
  return recordsAtName(view, name).filter(({ type }) => ['A', 'AAAA', 'CNAME'].includes(type));
}
