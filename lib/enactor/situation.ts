import { planOf } from '../cell/cell-bodies.ts';
import { holdsFence } from '../cell/fence-reader.ts';
import type { Head } from '../ledger/ledger.ts';
import { getPlan } from '../ledger/plan-bodies.ts';
import type { Fence, FenceReading } from '../plan/fence.ts';
import { shortDigest } from '../plan/plan.ts';
import { predictView } from '../plan/predicted-view.ts';
import { regressedRoots } from '../plan/regression.ts';
import { zoneView } from '../plan/zone-view.ts';
import { METRICS } from '../telemetry/metric-names.ts';
import { recordsUnder } from '../zone/read-records.ts';
import type { Goal } from './choose-goal.ts';
import type { EnactorDeps } from './enactor.ts';
import type { Situation } from './next-step.ts';
import { record, recordedRollbacks } from './record.ts';

/** What a pass rests on, in the order in which it was read: the fence, the head, then perhaps the zone. */
export interface Basis {
  readonly reading: FenceReading;
  readonly fence: Fence;
  readonly head: Head;
  readonly goal: Goal;
}

/**
 * Reads what the decision needs besides the fence and the head: the plans, and the zone if it must be read (or if the
 * records do not say enough about it). `moved`: the fence changed while the zone was being read.
 */
export async function readSituation(
  deps: EnactorDeps,
  basis: Basis,
  insync: ReadonlySet<string>,
  mustRead: boolean,
): Promise<Situation | 'moved'> {
  const { ledger, writer } = deps;
  const { scope } = writer;
  const { state } = basis.head;
  const goal = await getPlan(ledger, scope.cell, basis.goal.digest);
  const applied = await planOf(ledger, scope.cell, state.applied);
  const common = { scope, fence: basis.fence, state, goal, goalDigest: basis.goal.digest, applied, insync };
  const isLive = applied !== undefined && basis.fence.plan === shortDigest(state.applied?.digest ?? '');
  const predicted =
    mustRead || !isLive ? undefined : predictView(applied, goal, recordedRollbacks(basis.head), scope);
  if (predicted !== undefined) return { ...common, zone: { type: 'predicted', ...predicted } };
  const { records } = await recordsUnder(writer.zone, scope.zone);
  const view = zoneView(records);
  // Pages are not one snapshot: the fence among them must be the one that everything here rests on.
  return holdsFence(view, basis.reading, scope) ? { ...common, zone: { type: 'read', view } } : 'moved';
}

/** Records roots that went back; the repair follows in the same run. */
export async function recordRegressedRoots(
  deps: EnactorDeps,
  situation: Situation,
  view: Situation['zone']['view'],
): Promise<void> {
  const [first] =
    situation.applied === undefined ? [] : regressedRoots(situation.applied, view, situation.scope);
  if (first === undefined) return;
  await record(deps, {
    type: 'ReportRegression',
    what: 'root',
    name: first.name,
    found: first.found,
    expected: first.expected,
  });
  deps.telemetry.count(METRICS.zoneRegressions, 1, { cell: situation.scope.cell });
}
