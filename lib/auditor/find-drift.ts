import { goneFrom, ownedBy } from '../cell/gone-names.ts';
import type { CellState } from '../ledger/decider/state.ts';
import type { DnsName } from '../plan/names.ts';
import { isWithin } from '../plan/names.ts';
import type { CellScope } from '../plan/owned-names.ts';
import { ownedSubtree } from '../plan/owned-names.ts';
import type { Plan } from '../plan/plan.ts';
import { conflictSentence, planRoots } from '../plan/roots.ts';
import { driftedNodes, missingNodes } from '../plan/trees.ts';
import type { ZoneView } from '../plan/zone-view.ts';
import type { DriftedName } from './auditor.ts';

export interface Drift {
  readonly names: readonly DriftedName[];
  /** Why an enactor refuses to repair it; absent when it does not refuse. */
  readonly obstacle?: string | undefined;
}

/**
 * The differences between the zone and the plan at its fence, by the rule that an enactor repairs by: an enactor must
 * repair everything that an auditor reports, or the report would never end. So strays and trees that nothing needs,
 * which only a janitor deletes, are no drift (docs/adr/0030-drift-is-what-an-enactor-repairs.md). Pure.
 */
export function findDrift(applied: Plan, view: ZoneView, state: CellState, scope: CellScope): Drift {
  const gone = goneFrom(state, view, scope);
  const subtree = ownedSubtree(scope);
  const { groups, conflicts } = planRoots({
    scope,
    goal: applied,
    view,
    owned: ownedBy(state, applied, gone),
    adopted: new Set(state.adopted),
    complete: true,
  });
  const names = new Map<DnsName, DriftedName>();
  const touched = groups.flatMap(({ deletes, creates }) => [...deletes, ...creates].map(({ name }) => name));
  for (const name of [...touched, ...conflicts.map((conflict) => conflict.name)]) {
    names.set(name, { name, what: isWithin(name, subtree) ? 'rollback root' : 'root' });
  }
  for (const endpoint of applied.endpoints) {
    const wrong = [...missingNodes(endpoint, view, scope), ...driftedNodes(endpoint, view, scope)];
    for (const { name } of wrong) names.set(name, { name, what: 'tree' });
  }
  const sorted = [...names.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  return { names: sorted, obstacle: conflicts.length === 0 ? undefined : conflictSentence(conflicts) };
}
