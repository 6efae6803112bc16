import type { DnsName } from './names.ts';
import type { CellScope } from './owned-names.ts';
import { labelGeneration, treeLabelOf } from './owned-names.ts';
import type { Plan } from './plan.ts';
import { rootTypes } from './plan.ts';
import type { ZoneView } from './zone-view.ts';
import { pointedTree, recordsAtName } from './zone-view.ts';

/** A root that points at an older tree than the one that is recorded as applied. */
export interface RootRegression {
  readonly name: DnsName;
  readonly found: DnsName;
  readonly expected: DnsName;
}

/**
 * Roots that point at an older tree than the applied plan's. The zone must be read after the log: if it is read before,
 * a flip between the two reads looks like a regression.
 */
export function regressedRoots(applied: Plan, view: ZoneView, scope: CellScope): readonly RootRegression[] {
  const found: RootRegression[] = [];
  for (const endpoint of applied.endpoints) {
    const expected = labelGeneration(treeLabelOf(endpoint.tree, scope) ?? '');
    for (const record of recordsAtName(view, endpoint.name)) {
      const tree = pointedTree(record, scope);
      const actual = tree === undefined ? undefined : labelGeneration(tree.label);
      if (tree !== undefined && actual !== undefined && expected !== undefined && actual < expected) {
        found.push({ name: endpoint.name, found: tree.name, expected: endpoint.tree });
        break;
      }
    }
  }
  return found;
}

/** A root that is not there at all; what it is is in `found`. */
export interface MissingRoot extends Omit<RootRegression, 'found'> {
  readonly found: 'missing';
}

/** Endpoints of the applied plan at whose names no root stands. The zone must be read after the log here too. */
export function missingRoots(applied: Plan, view: ZoneView): readonly MissingRoot[] {
  return applied.endpoints.flatMap((endpoint) => {
    const { name, tree } = endpoint;
    const types: readonly string[] = rootTypes(endpoint);
    const isThere = recordsAtName(view, name).some(({ type }) => types.includes(type));
    return isThere ? [] : [{ name, found: 'missing', expected: tree } as const];
  });
}

/** The highest generation among the trees that roots point at; 0 when none does. A floor, like the fence's. */
export function rootFloor(view: ZoneView, scope: CellScope): number {
  let floor = 0;
  for (const records of view.values()) {
    for (const record of records) {
      const tree = pointedTree(record, scope);
      if (tree !== undefined) floor = Math.max(floor, labelGeneration(tree.label) ?? 0);
    }
  }
  return floor;
}
