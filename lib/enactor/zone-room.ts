import { standingOf } from '../cell/standing.ts';
import { isSince4 } from '../ledger/decider/state.ts';
import { recordsOfNewRoots } from '../plan/lint-plan.ts';
import type { DnsName } from '../plan/names.ts';
import { isWithin } from '../plan/names.ts';
import type { CellScope } from '../plan/owned-names.ts';
import {
  labelGeneration,
  ownedSubtree,
  parseOwnedName,
  rollbackName,
  treeLabelOf,
} from '../plan/owned-names.ts';
import type { Plan, PlannedEndpoint } from '../plan/plan.ts';
import { plannedEndpoint, rollbackRecord, rootTypes } from '../plan/plan.ts';
import type { RecordSet } from '../plan/records.ts';
import type { NameChanges } from '../plan/roots.ts';
import { namesOfPlans, treeSize } from '../plan/tree-nodes.ts';
import type { ZoneView } from '../plan/zone-view.ts';
import { pointedTree, recordsAtName, resolvesInView } from '../plan/zone-view.ts';
import type { Situation, TreeToStage } from './next-step.ts';

/** What a zone with a limit holds, and what can make room in it, records. */
export interface ZoneRoom {
  readonly free: number;
  /** What a janitor can delete: no plan that answers or is to answer has it, and no alias points at it. */
  readonly unneeded: number;
  /** Trees that only rollback roots point at, the oldest first, and how their rollback roots let them go. */
  readonly held: readonly HeldTree[];
}

export interface HeldTree {
  readonly records: number;
  /** Points the rollback root at the tree that is live. */
  readonly group: NameChanges;
  readonly endpoint: PlannedEndpoint;
}

/** Records that these trees add to the zone, with the roots and rollback roots of endpoints that are not there yet. Pure. */
export function recordsOf(trees: readonly TreeToStage[], { applied }: Pick<Situation, 'applied'>): number {
  return trees.reduce((sum, { endpoint, nodes }) => {
    const before = applied === undefined ? undefined : plannedEndpoint(applied, endpoint.name);
    const created = nodes.reduce((records, node) => records + node.records.length, 0);
    return sum + created + recordsOfNewRoots(endpoint, before);
  }, 0);
}

/** Every record of a view. */
export function countIn(view: ZoneView): number {
  return [...view.values()].reduce((sum, records) => sum + records.length, 0);
}

/**
 * The most records that the zone can hold as far as the log knows: those that were surveyed, and every tree that no
 * janitor has retired, as if it had come since and were as large as the goal's largest. Pure.
 */
export function standingAtMost({ state, goal }: Pick<Situation, 'state' | 'goal'>): number {
  const trees = Object.values(state.endpoints).reduce((sum, endpoint) => sum + endpoint.trees.length, 0);
  const largest = Math.max(0, ...goal.endpoints.map(treeSize));
  return (state.facts?.records ?? 0) + trees * largest;
}

/**
 * What can make room in the zone as it was read. Nothing can where no janitor works. Pure.
 *
 * @param wanted the plans whose trees no janitor lets yield.
 */
export function roomIn(
  situation: Situation,
  view: ZoneView,
  wanted: readonly Plan[],
  recordLimit: number,
): ZoneRoom {
  const { scope, applied, state } = situation;
  const free = recordLimit - countIn(view);
  if (applied === undefined || !isSettled(situation)) return { free, unneeded: 0, held: [] };
  const needed = namesOfPlans([applied, ...wanted]);
  const held = heldNames(view, needed, scope);
  const subtree = ownedSubtree(scope);
  let unneeded = 0;
  for (const [name, records] of view) {
    if (!isWithin(name, subtree) || held.has(name)) continue;
    const kind = parseOwnedName(name, scope)?.kind;
    if (kind === 'tree' || kind === 'node' || kind === 'stray') unneeded += records.length;
  }
  // A log of an older format cannot keep the change after which a janitor may delete what a rollback root pointed at.
  const yielding = isSince4(state)
    ? applied.endpoints.flatMap((each) => heldBy(each, view, needed, scope))
    : [];
  return { free, unneeded, held: yielding.sort((a, b) => ageOf(a, scope) - ageOf(b, scope)) };
}

/** The names that no janitor deletes: those of plans, what aliases elsewhere point at, and what these point at in turn. */
function heldNames(view: ZoneView, needed: ReadonlySet<DnsName>, scope: CellScope): ReadonlySet<DnsName> {
  const held = new Set<DnsName>(needed);
  for (const [name, records] of view) {
    const kind = parseOwnedName(name, scope)?.kind;
    if (kind !== undefined && kind !== 'rollback') continue;
    for (const { alias } of records) if (alias !== undefined) held.add(alias.name);
  }
  for (const name of held)
    for (const { alias } of recordsAtName(view, name)) if (alias !== undefined) held.add(alias.name);
  return held;
}

/** A janitor works only where the fence is at the plan that the log says is applied. */
function isSettled({ fence, state }: Pick<Situation, 'fence' | 'state'>): boolean {
  const standing = standingOf({ type: 'fence', fence, records: [] }, state, 'fence-first');
  return standing.type === 'own' && !standing.isFrozen && standing.place === 'applied';
}

/** The tree that nothing but the endpoint's rollback root needs, if its roots are as they should be. */
function heldBy(
  endpoint: PlannedEndpoint,
  view: ZoneView,
  needed: ReadonlySet<string>,
  scope: CellScope,
): readonly HeldTree[] {
  const { name, tree } = endpoint;
  const types = rootTypes(endpoint);
  const roots = recordsAtName(view, name);
  const there = recordsAtName(view, rollbackName(name, scope));
  const isLive = types.every((type) =>
    roots.some((root) => root.type === type && pointedTree(root, scope)?.name === tree),
  );
  const old = pointedBy(there, view, scope);
  if (!isLive || old === undefined || needed.has(old) || there.length !== types.length) return [];
  const creates = types.map((type) => rollbackRecord(name, type, tree, scope));
  return [{ records: recordsAtName(view, old).length, group: { name, deletes: there, creates }, endpoint }];
}

/** The one tree that all of these records point at. */
function pointedBy(
  there: readonly RecordSet[],
  view: ZoneView,
  scope: CellScope,
): PlannedEndpoint['tree'] | undefined {
  const trees = there.map((record) =>
    resolvesInView(record, view) ? pointedTree(record, scope)?.name : undefined,
  );
  return new Set(trees).size === 1 ? trees[0] : undefined;
}

function ageOf({ group }: HeldTree, scope: CellScope): number {
  const old = group.deletes[0]?.alias?.name;
  return labelGeneration(old === undefined ? '' : (treeLabelOf(old, scope) ?? '')) ?? 0;
}
