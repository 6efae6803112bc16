import { planOf } from '../cell/cell-bodies.ts';
import type { Goal } from '../cell/choose-goal.ts';
import { holdsFence } from '../cell/fence-reader.ts';
import { goneFrom, planWithout } from '../cell/gone-names.ts';
import type { CellState } from '../ledger/decider/state.ts';
import type { Head } from '../ledger/ledger.ts';
import { getPlan } from '../ledger/plan-bodies.ts';
import type { Fence, FenceReading } from '../plan/fence.ts';
import { NO_PLAN } from '../plan/fence.ts';
import type { Generation } from '../plan/generation.ts';
import { fenceName } from '../plan/owned-names.ts';
import { shortDigest } from '../plan/plan.ts';
import { predictView } from '../plan/predicted-view.ts';
import { missingRoots, regressedRoots } from '../plan/regression.ts';
import type { ZoneView } from '../plan/zone-view.ts';
import { recordsAtName, zoneView } from '../plan/zone-view.ts';
import { recordsUnder } from '../zone/read-records.ts';
import { confirmZone } from './confirm-zone.ts';
import type { EnactorDeps, Run } from './enactor.ts';
import { knownUnder } from './known-zone.ts';
import { fenceKey } from './narrow-down.ts';
import type { Situation } from './next-step.ts';
import { recordedRollbacks, reportRegression } from './record.ts';

/** What a pass rests on, in the order in which it was read: the fence, the head, then perhaps the zone. */
export interface Basis {
  readonly reading: FenceReading;
  readonly fence: Fence;
  readonly head: Head;
  readonly goal: Goal;
}

/**
 * Reads what the decision needs besides the fence and the head: the plans, and the zone if it must be known (or if the
 * records do not say enough about it) and this run does not know it under this fence. `moved`: the fence changed while the zone was being read. `left out`: the listing
 * has no fence at all, which no other writer can cause.
 */
export async function readSituation(
  deps: EnactorDeps,
  basis: Basis,
  run: Pick<Run, 'insync' | 'unknown' | 'refused' | 'waitedUnder' | 'known'>,
  mustRead: boolean,
): Promise<Situation | 'moved' | 'left out'> {
  const { ledger, writer } = deps;
  const { scope } = writer;
  const { state } = basis.head;
  const goal = await getPlan(ledger, scope.cell, basis.goal.digest);
  const applied = await planOf(ledger, scope.cell, state.applied);
  const common = {
    scope,
    fence: basis.fence,
    state,
    goalDigest: basis.goal.digest,
    insync: run.insync,
    unknown: run.unknown,
    refused: refusedOf(basis.goal.generation, state, run),
    hasWaited: run.waitedUnder === fenceKey(basis.reading),
  };
  // What another cell has taken is no part of what this cell compares with the zone, whatever its plans say.
  const comparing = (view?: ZoneView) => {
    const gone = goneFrom(state, view, scope);
    const within = applied === undefined ? undefined : planWithout(applied, gone);
    return { ...common, goal: planWithout(goal, gone), applied: within, gone };
  };
  const isLive = applied !== undefined && basis.fence.plan === shortDigest(state.applied?.digest ?? '');
  const logged = comparing();
  const predicted =
    mustRead || !isLive || logged.applied === undefined
      ? undefined
      : predictView(logged.applied, logged.goal, recordedRollbacks(basis.head), scope);
  if (predicted !== undefined) return { ...logged, zone: { type: 'predicted', ...predicted } };
  if (run.known?.fence === fenceKey(basis.reading)) {
    const { view } = run.known;
    return { ...comparing(view), zone: { type: 'read', view } };
  }
  const { records } = await recordsUnder(writer.zone, scope.zone);
  const view = zoneView(records);
  // Pages are not one snapshot: the fence among them must be the one that everything here rests on.
  if (holdsFence(view, basis.reading, scope)) {
    run.known = knownUnder(basis.reading, view);
    return { ...comparing(view), zone: { type: 'read', view } };
  }
  return recordsAtName(view, fenceName(scope)).length === 0 ? 'left out' : 'moved';
}

/** What the log and this run know to be refused of a plan, by name. */
export function refusedOf(
  generation: Generation,
  state: Pick<CellState, 'refused'>,
  run: Pick<Run, 'refused'>,
): Situation['refused'] {
  const known = [...state.refused, ...run.refused.values()].filter((each) => each.generation === generation);
  return new Map(known.map(({ name, step, reason }) => [name, { step, reason }]));
}

/**
 * Records that a hand put roots back or deleted them; the repair follows in the same run. A root that is missing in one
 * listing is looked for in another one, whose count is right, and the pass goes on with that.
 *
 * @returns `again` when the fence or the log has moved on, so that everything must be read again.
 */
export async function recordRegressedRoots(
  deps: EnactorDeps,
  run: Run,
  { reading, head, situation }: Pick<Basis, 'reading' | 'head'> & { readonly situation: Situation },
  view: ZoneView,
): Promise<Situation | 'again'> {
  const { applied, fence, scope, state } = situation;
  // While a plan is flipped in parts, roots of the plan before it are as they should be.
  if (applied === undefined || fence.plan === NO_PLAN || state.regressed !== null) return situation;
  const isApplied = fence.plan === shortDigest(state.applied?.digest ?? '');
  const isMissing = isApplied && missingRoots(applied, view).length > 0;
  const confirmed = isMissing ? await confirmZone(deps, run, reading) : undefined;
  if (confirmed?.type === 'moved') return 'again';
  const counted = confirmed?.type === 'counted' ? confirmed.view : undefined;
  const missing = counted === undefined ? [] : missingRoots(applied, counted);
  const shown: Situation =
    counted === undefined ? situation : { ...situation, zone: { type: 'read', view: counted } };
  const [first] = [...regressedRoots(applied, counted ?? view, scope), ...missing];
  if (first === undefined) return shown;
  const { name, found, expected } = first;
  const regression = { what: 'root', name, found, expected, fenceSeq: fence.seq } as const;
  return (await reportRegression(deps, head, regression)) ? shown : 'again';
}
