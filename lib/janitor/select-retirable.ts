import { fitsBesideFence } from '../cell/packing.ts';
import type { CellState } from '../ledger/decider/state.ts';
import type { DnsName } from '../plan/names.ts';
import { isWithin } from '../plan/names.ts';
import type { CellScope } from '../plan/owned-names.ts';
import {
  endpointLabels,
  labelGeneration,
  ownedSubtree,
  parseOwnedName,
  rollbackName,
} from '../plan/owned-names.ts';
import type { Plan, PlannedEndpoint } from '../plan/plan.ts';
import { rootTypes } from '../plan/plan.ts';
import type { RecordSet } from '../plan/records.ts';
import { create, remove } from '../plan/records.ts';
import { namesOfPlans } from '../plan/tree-nodes.ts';
import type { ZoneView } from '../plan/zone-view.ts';
import { pointedTree, recordsAtName, resolvesInView } from '../plan/zone-view.ts';

export interface RetirementInput {
  readonly scope: CellScope;
  readonly state: CellState;
  /** The plan at the fence, whose PlanApplied is recorded. */
  readonly applied: Plan;
  /** Every other plan whose trees are still wanted: the goal, the newest, a staged one, the retained ones. */
  readonly wanted: readonly Plan[];
  readonly view: ZoneView;
}

/** A name to delete, all records there, and the aliases whose unchanged presence proves that the deletion is safe. */
export interface Retirement {
  readonly name: DnsName;
  /** `label.endpoint` in relative form; absent for something in the subtree that is not a tree. */
  readonly tree?: string;
  readonly records: readonly RecordSet[];
  /**
   * The endpoint's roots and rollback roots, and the aliases of the nodes below them, as they were read, which the same
   * batch re-asserts.
   */
  readonly proof: readonly RecordSet[];
}

/**
 * The names that nothing needs any more. A tree stays while any of these holds: a wanted plan has it; an alias seen in
 * the zone points at it; its generation is newer than the head that was read; its endpoint's root or rollback root is not
 * healthy (repair comes first). A node of a tree stays while a wanted plan has it, or while anything that stays points at
 * it: it goes with the tree that alone points at it, or once nothing does any more. Pure.
 */
export function selectRetirable(input: RetirementInput): readonly Retirement[] {
  const { scope, state, applied, wanted, view } = input;
  const needed = namesOfPlans([applied, ...wanted]);
  const pointers = ownedPointers(view, scope);
  const endpoints = new Map(
    applied.endpoints.map((endpoint) => [endpointLabels(endpoint.name, scope), endpoint]),
  );
  const subtree = ownedSubtree(scope);
  const retirements: Retirement[] = [];
  for (const [name, records] of view) {
    if (!isWithin(name, subtree) || needed.has(name) || pointers.has(name)) continue;
    const owned = parseOwnedName(name, scope);
    if (owned === undefined || owned.kind === 'fence' || owned.kind === 'rollback' || owned.kind === 'offer')
      continue;
    if (owned.kind === 'stray') {
      retirements.push({ name, records, proof: [] });
      continue;
    }
    if ((labelGeneration(owned.label) ?? 0) > state.highest) continue;
    const endpoint = endpoints.get(owned.endpoint);
    const proof = endpoint === undefined ? [] : proofOf(endpoint, view, scope);
    if (proof === undefined) continue;
    const tree = owned.kind === 'tree' ? { tree: `${owned.label}.${owned.endpoint}` } : {};
    const isFree = (node: DnsName): boolean => {
      const part = parseOwnedName(node, scope);
      return (
        part?.kind === 'node' && !needed.has(node) && (labelGeneration(part.label) ?? 0) <= state.highest
      );
    };
    const whole = [...records, ...recordsBelow(name, view, pointers, isFree)];
    retirements.push({ name, ...tree, records: fitsWith(whole, proof) ? whole : records, proof });
  }
  return retirements.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The names below the cell's subtree that aliases of the zone point at, each with the names of these aliases. */
function ownedPointers(view: ZoneView, scope: CellScope): ReadonlyMap<DnsName, ReadonlySet<DnsName>> {
  const subtree = ownedSubtree(scope);
  const pointers = new Map<DnsName, Set<DnsName>>();
  for (const [name, records] of view) {
    for (const { alias } of records) {
      if (alias === undefined || !isWithin(alias.name, subtree)) continue;
      const known = pointers.get(alias.name);
      if (known === undefined) pointers.set(alias.name, new Set([name]));
      else known.add(name);
    }
  }
  return pointers;
}

/** Everything at the nodes that nothing but this name, and what goes with it, points at. */
function recordsBelow(
  top: DnsName,
  view: ZoneView,
  pointers: ReadonlyMap<DnsName, ReadonlySet<DnsName>>,
  isFree: (node: DnsName) => boolean,
): readonly RecordSet[] {
  const going = new Set([top]);
  const records: RecordSet[] = [];
  for (const name of going) {
    for (const { alias } of recordsAtName(view, name)) {
      if (alias === undefined || going.has(alias.name) || !isFree(alias.name)) continue;
      if (![...(pointers.get(alias.name) ?? [])].every((by) => going.has(by))) continue;
      going.add(alias.name);
      records.push(...recordsAtName(view, alias.name));
    }
  }
  return records;
}

/** Whether these can go in one batch with their proof, which deletes and creates each of its records. */
function fitsWith(records: readonly RecordSet[], proof: readonly RecordSet[]): boolean {
  const asserted = proof.flatMap((record) => [remove(record), create(record)]);
  return fitsBesideFence([...records.map(remove), ...asserted]);
}

/**
 * The endpoint's roots and rollback roots, if each is there and resolves to a tree of the cell, and the aliases of the
 * nodes that can be reached from them; undefined if not.
 */
function proofOf(
  endpoint: PlannedEndpoint,
  view: ZoneView,
  scope: CellScope,
): readonly RecordSet[] | undefined {
  const proof: RecordSet[] = [];
  for (const name of [endpoint.name, rollbackName(endpoint.name, scope)]) {
    const there = recordsAtName(view, name);
    for (const type of rootTypes(endpoint)) {
      const record = there.find((candidate) => candidate.type === type);
      const isHealthy =
        record !== undefined && pointedTree(record, scope) !== undefined && resolvesInView(record, view);
      if (!isHealthy) return undefined;
      proof.push(record);
    }
  }
  return [...proof, ...aliasesBelow(proof, view)];
}

/** The aliases of the trees that these point at, and of the nodes below them. */
function aliasesBelow(roots: readonly RecordSet[], view: ZoneView): readonly RecordSet[] {
  const names = new Set(roots.flatMap(({ alias }) => alias?.name ?? []));
  const aliases: RecordSet[] = [];
  for (const name of names) {
    for (const record of recordsAtName(view, name)) {
      if (record.alias === undefined || !view.has(record.alias.name)) continue;
      names.add(record.alias.name);
      aliases.push(record);
    }
  }
  return aliases;
}
