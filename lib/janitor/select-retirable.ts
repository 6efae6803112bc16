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
import type { ZoneView } from '../plan/zone-view.ts';
import { pointedOwnedNames, pointedTree, recordsAtName, resolvesInView } from '../plan/zone-view.ts';

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
  /** The endpoint's roots and rollback roots as they were read, which the same batch re-asserts. */
  readonly proof: readonly RecordSet[];
}

/**
 * The names that nothing needs any more. A tree stays while any of these holds: a wanted plan has it; an alias seen in
 * the zone points at it; its generation is newer than the head that was read; its endpoint's root or rollback root is not
 * healthy (repair comes first). Pure.
 */
export function selectRetirable(input: RetirementInput): readonly Retirement[] {
  const { scope, state, applied, wanted, view } = input;
  const needed = new Set([applied, ...wanted].flatMap((plan) => plan.endpoints.map(({ tree }) => tree)));
  const pointed = pointedOwnedNames(view, scope);
  const endpoints = new Map(
    applied.endpoints.map((endpoint) => [endpointLabels(endpoint.name, scope), endpoint]),
  );
  const subtree = ownedSubtree(scope);
  const retirements: Retirement[] = [];
  for (const [name, records] of view) {
    if (!isWithin(name, subtree) || needed.has(name) || pointed.has(name)) continue;
    const owned = parseOwnedName(name, scope);
    if (owned === undefined || owned.kind === 'fence' || owned.kind === 'rollback') continue;
    if (owned.kind === 'stray') {
      retirements.push({ name, records, proof: [] });
      continue;
    }
    if ((labelGeneration(owned.label) ?? 0) > state.highest) continue;
    const endpoint = endpoints.get(owned.endpoint);
    const proof = endpoint === undefined ? [] : proofOf(endpoint, view, scope);
    if (proof !== undefined)
      retirements.push({ name, tree: `${owned.label}.${owned.endpoint}`, records, proof });
  }
  return retirements.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** The endpoint's roots and rollback roots, if each is there and resolves to a tree of the cell; undefined if not. */
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
  return proof;
}
