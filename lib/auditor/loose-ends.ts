import { isUnretired } from '../cell/cell-knowledge.ts';
import type { CellState } from '../ledger/decider/state.ts';
import type { DnsName } from '../plan/names.ts';
import { isWithin } from '../plan/names.ts';
import type { CellScope } from '../plan/owned-names.ts';
import { labelGeneration, ownedSubtree, parseOwnedName } from '../plan/owned-names.ts';
import type { ZoneView } from '../plan/zone-view.ts';
import { pointedOwnedNames, resolvesInView } from '../plan/zone-view.ts';
import type { DanglingAlias } from './auditor.ts';

/** Aliases of the zone, Pawl's or foreign, into the cell's own names at which there is no record of their type. Pure. */
export function danglingAliases(view: ZoneView, scope: CellScope): readonly DanglingAlias[] {
  const subtree = ownedSubtree(scope);
  const dangling: DanglingAlias[] = [];
  for (const [name, records] of view) {
    for (const record of records) {
      const { alias, type } = record;
      const isInto = alias?.zoneId === scope.zoneId && isWithin(alias.name, subtree);
      if (isInto && !resolvesInView(record, view)) dangling.push({ name, type, target: alias.name });
    }
  }
  return dangling;
}

/** The names in the cell's subtree that nothing needs. */
export interface Leftovers {
  readonly orphans: readonly DnsName[];
  readonly strays: readonly DnsName[];
}

/**
 * Trees that the log does not know or knows as retired and that no alias points at, and names that are not Pawl's. A
 * tree that is newer than the log as it was read is left out: an enactor is staging it. Pure.
 */
export function leftovers(view: ZoneView, state: CellState, scope: CellScope): Leftovers {
  const pointed = pointedOwnedNames(view, scope);
  const orphans: DnsName[] = [];
  const strays: DnsName[] = [];
  for (const name of view.keys()) {
    const owned = parseOwnedName(name, scope);
    if (owned?.kind === 'stray') strays.push(name);
    if (owned?.kind !== 'tree' || pointed.has(name)) continue;
    if (
      !isUnretired(state, owned.endpoint, owned.label) &&
      (labelGeneration(owned.label) ?? 0) <= state.highest
    )
      orphans.push(name);
  }
  return { orphans: orphans.sort(), strays: strays.sort() };
}
