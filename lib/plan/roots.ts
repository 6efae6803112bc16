import type { NotTaken, Take, Taker } from './handover.ts';
import { giverOfMissing, otherCellsRoot, takeOf } from './handover.ts';
import type { CellName, DnsName } from './names.ts';
import type { CellScope, TreeLabel } from './owned-names.ts';
import { endpointLabels, parseOwnedName, rollbackName, treeLabelOf } from './owned-names.ts';
import type { Plan, PlannedEndpoint } from './plan.ts';
import { rollbackRecord, rootRecords, rootTypes } from './plan.ts';
import type { RecordSet } from './records.ts';
import { hasUnknownRouting, sameRecord } from './records.ts';
import type { ZoneView } from './zone-view.ts';
import { pointedTree, recordsAtName, resolvesInView } from './zone-view.ts';

/** Record types that are Pawl's at an endpoint it owns. */
const OWNED_TYPES: ReadonlySet<string> = new Set(['A', 'AAAA', 'CNAME']);

/** A record at a root's name that Pawl may not remove. */
export interface Conflict {
  readonly name: DnsName;
  readonly types: readonly string[];
  /**
   * adoptable: `pawl adopt` takes it over. blocking: a CNAME root excludes it and Pawl never removes that type.
   * pointed: Pawl would delete it although a foreign alias points at it (I3). unreadable: it has a routing policy that
   * this release cannot read, so that no DELETE of Pawl's matches it. another-cell: it is the root of another cell of the
   * zone, which has not handed it over.
   */
  readonly kind: 'adoptable' | 'blocking' | 'pointed' | 'unreadable' | 'another-cell';
  /** The foreign alias, when `pointed`. */
  readonly by?: DnsName;
  /** The other cell and what a handover waits for, when `another-cell`. */
  readonly other?: { readonly cell: CellName; readonly why: NotTaken };
}

/** The changes that make roots and rollback roots what the plan says. */
export interface RootChanges {
  /** Changes by endpoint (or stray rollback root); each group can go into a batch without the others. */
  readonly groups: readonly NameChanges[];
  /** Endpoints whose own root changes. */
  readonly changed: readonly DnsName[];
  readonly conflicts: readonly Conflict[];
  /** Where rollback roots point afterwards, by endpoint in relative form; left out where families differ. */
  readonly rollbacks: Readonly<Record<string, TreeLabel>>;
}

export interface RootsInput {
  readonly scope: CellScope;
  readonly goal: Plan;
  readonly view: ZoneView;
  /** Names whose A, AAAA and CNAME records are Pawl's already. */
  readonly owned: ReadonlySet<DnsName>;
  /** Names taken over by `adopt`, not yet in an applied plan. */
  readonly adopted: ReadonlySet<DnsName>;
  /** What the log awaits from other cells; absent for a caller that compares what is there already. */
  readonly taker?: Pick<Taker, 'ledger' | 'awaited'> | undefined;
  /** True when `view` is the whole zone as it was read; false when it is a prediction for the endpoints in `only`. */
  readonly complete: boolean;
  /** Compares only these endpoints; absent for all. */
  readonly only?: ReadonlySet<DnsName> | undefined;
}

/** The deletions, then the creations, that make one endpoint's root and rollback root right. */
export interface NameChanges {
  readonly name: DnsName;
  readonly deletes: readonly RecordSet[];
  readonly creates: readonly RecordSet[];
  /** Absent unless the endpoint is taken from another cell by it. */
  readonly take?: Take;
}

/**
 * Compares roots and rollback roots with the goal. Pure.
 *
 * A rollback root gets the tree that the old root pointed at, if that is the endpoint's own and exists. Else it stays as
 * it is, if it resolves to a tree of the endpoint. Else it gets the new tree. A missing, dangling or garbage predecessor is a
 * normal input.
 */
export function planRoots(input: RootsInput): RootChanges {
  const groups: NameChanges[] = [];
  const changed: DnsName[] = [];
  const conflicts: Conflict[] = [];
  const rollbacks: Record<string, TreeLabel> = {};
  const isAsked = (name: DnsName) => input.only === undefined || input.only.has(name);
  for (const endpoint of input.goal.endpoints.filter(({ name }) => isAsked(name))) {
    const taken = takeAt(endpoint.name, input);
    const conflict = taken?.type === 'conflict' ? taken.conflict : conflictAt(endpoint, input, taken);
    if (conflict !== undefined) {
      conflicts.push(conflict);
      continue;
    }
    const root = rootChanges(endpoint, input);
    const wanted = wantedRollbacks(endpoint, input);
    const rollback = rollbackChanges(endpoint, wanted, input);
    const own = joined(endpoint.name, root, rollback);
    const group = taken?.type === 'take' ? taking(own, taken.take) : own;
    const unreadable = unreadableAt(group);
    if (unreadable !== undefined) {
      conflicts.push(unreadable);
      continue;
    }
    groups.push(group);
    if (!isEmpty(root)) changed.push(endpoint.name);
    const label = uniformLabel(wanted, input.scope);
    if (label !== undefined) rollbacks[endpointLabels(endpoint.name, input.scope)] = label;
  }
  for (const name of removedNames(input).filter(isAsked)) {
    const removal = removalAt(name, input);
    const unreadable = unreadableAt(removal);
    if (unreadable !== undefined) {
      conflicts.push(unreadable);
      continue;
    }
    groups.push(removal);
    if (!isEmpty(removal)) changed.push(name);
  }
  conflicts.push(...pointedConflicts(groups, input.view));
  if (input.complete) groups.push(...strayRollbacks(input, remainingPointers(groups, input.view)));
  return { groups: groups.filter((group) => !isEmpty(group)), changed, conflicts, rollbacks };
}

// See docs/adr/0003-foreign-alias-holds-a-root.md.
/** Records that the groups would delete for good while an alias that they leave as it is points at them. */
export function pointedConflicts(groups: readonly NameChanges[], view: ZoneView): readonly Conflict[] {
  const pointers = remainingPointers(groups, view);
  return groups.flatMap(({ name, deletes, creates }) => {
    const kept = new Set(creates.map((record) => `${record.name} ${record.type}`));
    return deletes.flatMap((record): Conflict[] => {
      const by = pointers.get(`${record.name} ${record.type}`);
      const isGoing = !kept.has(`${record.name} ${record.type}`);
      return by === undefined || !isGoing ? [] : [{ name, types: [record.type], kind: 'pointed', by }];
    });
  });
}

/** The aliases that the groups leave as they are, by the name and type that they point at. */
function remainingPointers(groups: readonly NameChanges[], view: ZoneView): ReadonlyMap<string, DnsName> {
  const going = new Set(groups.flatMap(({ deletes }) => deletes));
  const pointers = new Map<string, DnsName>();
  for (const [name, records] of view) {
    for (const record of records) {
      if (record.alias !== undefined && !going.has(record))
        pointers.set(`${record.alias.name} ${record.type}`, name);
    }
  }
  return pointers;
}

function isEmpty({ deletes, creates }: NameChanges): boolean {
  return deletes.length + creates.length === 0;
}

function joined(name: DnsName, a: NameChanges, b: NameChanges): NameChanges {
  return { name, deletes: [...a.deletes, ...b.deletes], creates: [...a.creates, ...b.creates] };
}

function rootChanges(endpoint: PlannedEndpoint, { view, scope }: RootsInput): NameChanges {
  return difference(
    endpoint.name,
    recordsAtName(view, endpoint.name),
    rootRecords(endpoint, scope),
    ({ type }) => OWNED_TYPES.has(type),
  );
}

function rollbackChanges(
  endpoint: PlannedEndpoint,
  wanted: readonly RecordSet[],
  { view, scope }: RootsInput,
): NameChanges {
  return difference(
    endpoint.name,
    recordsAtName(view, rollbackName(endpoint.name, scope)),
    wanted,
    () => true,
  );
}

/** The deletions and creations at one name. Records that `owns` does not claim stay. */
function difference(
  name: DnsName,
  there: readonly RecordSet[],
  wanted: readonly RecordSet[],
  owns: (record: RecordSet) => boolean,
): NameChanges {
  return {
    name,
    deletes: there.filter((record) => owns(record) && !wanted.some((want) => sameRecord(want, record))),
    creates: wanted.filter((want) => !there.some((record) => sameRecord(want, record))),
  };
}

function wantedRollbacks(endpoint: PlannedEndpoint, input: RootsInput): readonly RecordSet[] {
  const { view, scope } = input;
  const roots = recordsAtName(view, endpoint.name);
  const there = recordsAtName(view, rollbackName(endpoint.name, scope));
  return rootTypes(endpoint).map((type) => {
    const old = liveTree(endpoint, roots, type, input);
    const kept = liveTree(endpoint, there, type, input);
    const before = old === endpoint.tree ? undefined : old;
    return rollbackRecord(endpoint.name, type, before ?? kept ?? endpoint.tree, scope);
  });
}

/** The tree that the record of `type` among `records` points at, if it is the endpoint's own and exists. */
function liveTree(
  { name }: PlannedEndpoint,
  records: readonly RecordSet[],
  type: string,
  { view, scope }: RootsInput,
): DnsName | undefined {
  const record = records.find((candidate) => candidate.type === type);
  if (record === undefined || !resolvesInView(record, view)) return undefined;
  const tree = pointedTree(record, scope);
  if (tree === undefined) return undefined;
  const owned = parseOwnedName(tree.name, scope);
  return owned?.kind === 'tree' && owned.endpoint === endpointLabels(name, scope) ? tree.name : undefined;
}

/**
 * Whether the root that stands at a name is another cell's, and what to do about it; undefined where it is not. That the
 * log says the name is owned changes nothing: it may have been restored to a time before the other cell took it, and a
 * cell that repaired it would take it back without that cell's fence. What is owned is awaited.
 */
function takeAt(
  name: DnsName,
  { view, scope, owned, taker }: RootsInput,
):
  | { readonly type: 'take'; readonly take: Take }
  | { readonly type: 'conflict'; readonly conflict: Conflict }
  | undefined {
  const isOwned = owned.has(name);
  const giver = otherCellsRoot(name, view, scope);
  const missing = isOwned ? undefined : giverOfMissing(name, taker?.awaited ?? new Map(), view, scope);
  const from = giver ?? missing;
  if (from === undefined) return undefined;
  const awaited = isOwned ? new Map([[name, from.cell]]) : taker?.awaited;
  const take =
    taker === undefined || awaited === undefined
      ? 'not awaited'
      : takeOf(name, from, { ledger: taker.ledger, awaited, scope }, view);
  if (typeof take !== 'string') return { type: 'take', take };
  const roots = recordsAtName(view, name).filter(({ type }) => OWNED_TYPES.has(type));
  const types = [...new Set(roots.map(({ type }) => type))];
  return {
    type: 'conflict',
    conflict: { name, types, kind: 'another-cell', other: { cell: from.cell, why: take } },
  };
}

function taking(group: NameChanges, take: Take): NameChanges {
  return { ...group, deletes: [...group.deletes, ...take.deletes], take };
}

function conflictAt(
  endpoint: PlannedEndpoint,
  { view, scope, owned, adopted }: RootsInput,
  taken: ReturnType<typeof takeAt>,
): Conflict | undefined {
  const there = recordsAtName(view, endpoint.name);
  const kept = there.filter(({ type }) => !OWNED_TYPES.has(type));
  if (kept.length > 0 && rootTypes(endpoint).includes('CNAME')) {
    return { name: endpoint.name, types: kept.map(({ type }) => type), kind: 'blocking' };
  }
  if (taken !== undefined || owned.has(endpoint.name) || adopted.has(endpoint.name)) return undefined;
  // An alias into this cell's trees is Pawl's, even if the ledger was restored to a time before Pawl made it.
  const others = there.filter(
    (record) => OWNED_TYPES.has(record.type) && pointedTree(record, scope) === undefined,
  );
  if (others.length === 0) return undefined;
  return { name: endpoint.name, types: others.map(({ type }) => type), kind: 'adoptable' };
}

/** What the group would have to delete and cannot, because no DELETE that Pawl can write matches it. */
function unreadableAt({ name, deletes }: NameChanges): Conflict | undefined {
  const fixed = deletes.filter(hasUnknownRouting);
  if (fixed.length === 0) return undefined;
  return { name, types: fixed.map(({ type }) => type), kind: 'unreadable' };
}

function removedNames({ goal, owned }: RootsInput): readonly DnsName[] {
  const kept = new Set(goal.endpoints.map(({ name }) => name));
  return [...owned].filter((name) => !kept.has(name)).sort();
}

function removalAt(name: DnsName, { view, scope }: RootsInput): NameChanges {
  const isTheirs = otherCellsRoot(name, view, scope) !== undefined;
  const roots = isTheirs ? [] : recordsAtName(view, name).filter(({ type }) => OWNED_TYPES.has(type));
  return { name, deletes: [...roots, ...recordsAtName(view, rollbackName(name, scope))], creates: [] };
}

/** Rollback roots of endpoints that neither the goal nor the log has. Nothing else would remove them. */
function strayRollbacks(
  { goal, owned, view, scope }: RootsInput,
  pointers: ReadonlyMap<string, DnsName>,
): readonly NameChanges[] {
  const known = new Set(
    [...goal.endpoints.map(({ name }) => name), ...owned].map((name) => endpointLabels(name, scope)),
  );
  const strays: NameChanges[] = [];
  for (const [name, records] of view) {
    const parsed = parseOwnedName(name, scope);
    const isHeld = records.some(({ type }) => pointers.has(`${name} ${type}`));
    if (parsed?.kind === 'rollback' && !known.has(parsed.endpoint) && !isHeld)
      strays.push({ name, deletes: records, creates: [] });
  }
  return strays;
}

function uniformLabel(rollback: readonly RecordSet[], scope: CellScope): TreeLabel | undefined {
  const labels = new Set(
    rollback.map(({ alias }) => (alias === undefined ? undefined : treeLabelOf(alias.name, scope))),
  );
  const [label] = labels;
  return labels.size === 1 ? label : undefined;
}

/** A sentence for a person: which records conflict, and what to do. */
export function conflictSentence(conflicts: readonly Conflict[]): string {
  const [first, ...others] = conflicts;
  if (first === undefined) return 'Nothing stands in the way.';
  const more = others.length === 0 ? '' : ` (and ${others.length} more like it)`;
  const types = [...new Set(first.types)].join(' and ');
  if (first.kind === 'unreadable') {
    return `${first.name} has ${types} records with a routing policy that this release of Pawl cannot read, so it cannot delete them${more}: remove them by hand.`;
  }
  if (first.kind === 'pointed') {
    return `${first.name} would lose its ${types} records while ${first.by} is an alias of it${more}: change that alias first.`;
  }
  if (first.kind === 'another-cell') return anotherCellSentence(first, more);
  return first.kind === 'adoptable'
    ? `${first.name} already has ${types} records that are not Pawl's${more}: run "pawl adopt ${first.name}" to take them over, or remove them.`
    : `${first.name} has ${types} records, which a CNAME excludes${more}: move them to another name, or declare the endpoint with addresses.`;
}

const WAITS_FOR: { readonly [Why in NotTaken]: (cell: CellName) => string } = {
  'not awaited': (cell) =>
    `push a fleet file in which it has moved, or take it out of the fleet of ${cell}; where nobody runs ${cell} any more, delete its fence`,
  'not offered': (cell) => `it is taken over once ${cell} offers it`,
  frozen: (cell) => `${cell} is frozen, and hands nothing over until it is thawed`,
  'without a fence': (cell) =>
    `the fence of ${cell} cannot be read, and ${cell} hands nothing over without one`,
  'something else stands there': (cell) =>
    `something stands beside the root of ${cell}, which repairs it first`,
};

function anotherCellSentence({ name, types, other }: Conflict, more: string): string {
  if (other === undefined) return `${name} is of another cell${more}.`;
  const { cell, why } = other;
  const standing =
    types.length === 0 ? 'which has no root there' : `whose ${types.join(' and ')} records answer there`;
  return `${name} is of cell ${cell}, ${standing}${more}: ${WAITS_FOR[why](cell)}.`;
}
