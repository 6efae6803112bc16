import { declaredNames, planOf } from '../cell/cell-bodies.ts';
import { holdsFence, readFence } from '../cell/fence-reader.ts';
import type { HalfFrozen } from '../cell/freeze-halves.ts';
import { halfFrozen } from '../cell/freeze-halves.ts';
import { goneFrom, planWithout } from '../cell/gone-names.ts';
import type { Standing } from '../cell/standing.ts';
import { standingOf } from '../cell/standing.ts';
import { isSaid } from '../ledger/decider/state.ts';
import { markOf } from '../ledger/head-mark.ts';
import type { Head, Ledger } from '../ledger/ledger.ts';
import type { DnsName } from '../plan/names.ts';
import type { Plan } from '../plan/plan.ts';
import type { ZoneView } from '../plan/zone-view.ts';
import { zoneView } from '../plan/zone-view.ts';
import { countedRecords } from '../zone/read-records.ts';
import type { AuditorDeps, Contradiction } from './auditor.ts';

/** One look at a cell: the log, then its zone. */
export interface CellReading {
  readonly head: Head;
  readonly standing: Standing;
  readonly view: ZoneView;
  /** Only resolvers of the zone's VPCs answer for it. */
  readonly private: boolean;
  /** Record sets in the zone. */
  readonly count: number;
  /** The body of the plan that the log says is applied, without the endpoints that are gone. */
  readonly applied: Plan | undefined;
  /** An event that the fence names and the log does not have, although it has yet to say so. */
  readonly contradiction: Contradiction | undefined;
  /** The log and the fence disagree whether the cell is frozen. */
  readonly halfFrozen: HalfFrozen | undefined;
  /** The names in the cell's fleet or in its goal. */
  readonly declared: ReadonlySet<DnsName>;
  /** True when Pawl can have written nothing but staging between the first and the last read of the fence. */
  readonly still: boolean;
}

/**
 * Reads the ledger, then the fence, then the whole zone, then the fence again. The ledger comes first: what it says was
 * applied must be in a zone that is read later, so a fence behind it is a regression. If the zone came first, a flip
 * between the two reads would look like a regression.
 */
export async function readCell(deps: AuditorDeps): Promise<CellReading> {
  const { zone, scope, ledger } = deps;
  const head = await ledger.head(scope.cell);
  const { applied } = head.state;
  const plan = await planOf(ledger, scope.cell, applied);
  const declared = await declaredNames(ledger, head);
  const fence = await readFence(zone, scope);
  const { records, private: isPrivate } = await countedRecords(zone, scope.zone);
  const view = zoneView(records);
  const half = halfFrozen(head.state, fence);
  const isFenceStill =
    holdsFence(view, fence, scope) && holdsFence(view, await readFence(zone, scope), scope);
  const still = isFenceStill && (half === undefined || (await isFrozenAsBefore(ledger, head)));
  const standing = standingOf(fence, head.state, 'ledger-first');
  const contradiction = await findContradiction(ledger, standing, head);
  const compared = plan === undefined ? undefined : planWithout(plan, goneFrom(head.state, view, scope));
  const whole = { view, count: records.length, private: isPrivate };
  return { head, standing, contradiction, halfFrozen: half, ...whole, applied: compared, declared, still };
}

/**
 * Holds the mark of the cell's own fence against the log's event of that number. The event is read after the fence, and
 * a log only grows, so no race looks like a contradiction. It takes one read, of one event.
 */
async function findContradiction(
  ledger: Ledger,
  standing: Standing,
  { cell, state }: Head,
): Promise<Contradiction | undefined> {
  const mark = standing.type === 'own' ? standing.fence.head : undefined;
  if (mark === undefined || isSaid(state, mark)) return undefined;
  const { number, digits } = mark;
  const [event] = await ledger.events(cell, { after: number - 1, limit: 1, order: 'forward' });
  if (event === undefined) return { number, digits };
  const found = markOf(event)?.digits;
  return found === digits ? undefined : { number, digits, found };
}

/** The log was read before the fence: a freeze in between shows a half that was never there. */
async function isFrozenAsBefore(ledger: Ledger, { cell, state }: Head): Promise<boolean> {
  const now = (await ledger.head(cell)).state;
  return now.frozen?.at === state.frozen?.at && now.rescue?.seq === state.rescue?.seq;
}

/** Whether the fence is still the one among the records that were read. */
export async function isStill({ zone, scope }: AuditorDeps, { view }: CellReading): Promise<boolean> {
  return holdsFence(view, await readFence(zone, scope), scope);
}
