import { readFence } from '../cell/fence-reader.ts';
import { parseCellFleet } from '../fleet/cell-fleet-codec.ts';
import type { Head } from '../ledger/ledger.ts';
import { getPlan } from '../ledger/plan-bodies.ts';
import type { FenceReading } from '../plan/fence.ts';
import { boundedReading } from '../plan/fence.ts';
import type { DnsName } from '../plan/names.ts';
import { fenceName } from '../plan/owned-names.ts';
import type { Plan } from '../plan/plan.ts';
import type { RecordSet } from '../plan/records.ts';
import { sameRecords } from '../plan/records.ts';
import type { ZoneView } from '../plan/zone-view.ts';
import { recordsAtName, zoneView } from '../plan/zone-view.ts';
import { recordsUnder } from '../zone/read-records.ts';
import type { AuditorDeps } from './auditor.ts';

/** One look at a cell: the log, then its zone. */
export interface CellReading {
  readonly head: Head;
  readonly fence: FenceReading;
  readonly view: ZoneView;
  /** Record sets in the zone. */
  readonly count: number;
  /** The body of the plan that the log says is applied. */
  readonly applied: Plan | undefined;
  /** Names that the cell's fleet or its goal have. */
  readonly declared: ReadonlySet<DnsName>;
  /** True when nothing of Pawl's but staging can have been written from the first read of the fence to the last. */
  readonly still: boolean;
}

/**
 * Reads the ledger, then the fence, then the whole zone, then the fence again. The ledger comes first: whatever it says
 * was applied must then be in a zone that is read later, so that a fence behind it went back. The other way round a flip
 * in between would look like one.
 */
export async function readCell(deps: AuditorDeps): Promise<CellReading> {
  const { zone, scope, ledger } = deps;
  const head = await ledger.head(scope.cell);
  const { applied } = head.state;
  const plan = applied === null ? undefined : await getPlan(ledger, scope.cell, applied.digest);
  const declared = await declaredNames(deps, head);
  const before = await readFence(zone, scope);
  const { records } = await recordsUnder(zone, scope.zone);
  const view = zoneView(records);
  const listed = recordsAtName(view, fenceName(scope));
  // Every write but staging moves the fence, and no fence value ever returns: equal means that nothing has moved.
  const still = same(before, listed) && same(await readFence(zone, scope), listed);
  const fence = boundedReading(before, head.state.highest);
  return { head, fence, view, count: records.length, applied: plan, declared, still };
}

/** Whether the fence is still as it was read. */
export async function isStill({ zone, scope }: AuditorDeps, { fence }: CellReading): Promise<boolean> {
  return same(await readFence(zone, scope), fence.records);
}

function same(reading: FenceReading, records: readonly RecordSet[]): boolean {
  return sameRecords(reading.records, records);
}

async function declaredNames({ ledger, scope }: AuditorDeps, head: Head): Promise<ReadonlySet<DnsName>> {
  const { fleet, goal } = head.state;
  const names = new Set<DnsName>();
  if (fleet !== null) {
    const { endpoints } = parseCellFleet(JSON.parse(await ledger.getBody(scope.cell, fleet.digest)));
    for (const { name } of endpoints) names.add(name);
  }
  if (goal !== null) {
    for (const { name } of (await getPlan(ledger, scope.cell, goal.digest)).endpoints) names.add(name);
  }
  return names;
}
