import type { CellName, DnsName } from '../../plan/names.ts';
import { dnsName, isWithin } from '../../plan/names.ts';
import type { CellScope, OwnedName } from '../../plan/owned-names.ts';
import { cellOfName, endpointLabels, isPawlsSubtree, parseOwnedName } from '../../plan/owned-names.ts';
import type { RecordSet } from '../../plan/records.ts';
import { sameRecords } from '../../plan/records.ts';

/**
 * A zone in the words of lib/proof/cells/symbols.ts. A root is `name type`: the A records of an endpoint may point
 * elsewhere than its AAAA records. A node is the name of a tree, or of a node of one; what is not Pawl's and stands at a
 * root is one node of its own.
 */
export interface RefinedZone {
  /** Names of trees and their nodes, and strays below a cell's names, each with its records. */
  readonly nodes: ReadonlyMap<string, readonly RecordSet[]>;
  /** Everything that stands where a root may stand. */
  readonly roots: ReadonlyMap<string, readonly RecordSet[]>;
  /** The records at the fence of each cell. */
  readonly fences: ReadonlyMap<CellName, readonly RecordSet[]>;
  /** The records of each offer, by the name of the offer. */
  readonly offers: ReadonlyMap<DnsName, readonly RecordSet[]>;
  /** Everything else. */
  readonly others: readonly RecordSet[];
  /** The roots that point at each node, and the nodes whose aliases do. */
  readonly pointers: ReadonlyMap<string, ReadonlySet<string>>;
}

const ROOT_TYPES: ReadonlySet<string> = new Set(['A', 'AAAA', 'CNAME']);
const FOREIGN = 'what stands at ';

const zones = new WeakMap<readonly RecordSet[], RefinedZone>();

/** A listing never changes, so each is looked at once. */
export function refinedZone(records: readonly RecordSet[], scope: CellScope): RefinedZone {
  const known = zones.get(records) ?? lookAt(records, scope);
  zones.set(records, known);
  return known;
}

function lookAt(records: readonly RecordSet[], scope: CellScope): RefinedZone {
  const nodes = new Map<string, RecordSet[]>();
  const roots = new Map<string, RecordSet[]>();
  const fences = new Map<CellName, RecordSet[]>();
  const offers = new Map<DnsName, RecordSet[]>();
  const others: RecordSet[] = [];
  const pointers = new Map<string, Set<string>>();
  for (const record of records) {
    const { name, type, alias } = record;
    const { cell, owned } = placeOf(name, scope);
    const kind = owned?.kind;
    const root = isRoot(kind, record) ? rootOf(name, type) : undefined;
    if (cell !== undefined && kind === 'fence') put(fences, cell, record);
    else if (kind === 'offer') put(offers, name, record);
    else if (root !== undefined) put(roots, root, record);
    else if (kind === undefined) others.push(record);
    else put(nodes, name, record);
    if (alias === undefined || !isPawlsSubtree(alias.name, scope)) continue;
    const by = pointers.get(alias.name) ?? new Set();
    pointers.set(alias.name, by.add(root ?? name));
  }
  return { nodes, roots, fences, offers, others, pointers };
}

function isRoot(kind: OwnedName['kind'] | undefined, { type }: RecordSet): boolean {
  return kind === 'rollback' || (kind === undefined && ROOT_TYPES.has(type));
}

function put<Key>(map: Map<Key, RecordSet[]>, key: Key, record: RecordSet): void {
  const there = map.get(key);
  if (there === undefined) map.set(key, [record]);
  else there.push(record);
}

export function rootOf(name: DnsName, type: string): string {
  return `${name} ${type}`;
}

/** The node that a root points at; undefined where nothing stands. */
export function targetOf(zone: RefinedZone, root: string, scope: CellScope): string | undefined {
  const there = zone.roots.get(root);
  if (there === undefined) return undefined;
  const [record, ...more] = there;
  const target = record?.alias?.name;
  const isPlain = more.length === 0 && record?.setIdentifier === undefined;
  // Only a hand points a rollback root at a tree of another cell.
  const cell = cellOf(root, scope);
  const isMeant = target !== undefined && (cell === undefined || cellOfName(target, scope) === cell);
  return isMeant && isPlain && isTreeName(target, scope) ? target : `${FOREIGN}${root}`;
}

function isTreeName(name: DnsName, scope: CellScope): boolean {
  const kind = placeOf(name, scope).owned?.kind;
  return kind === 'tree' || kind === 'node';
}

export function isForeign(node: string): boolean {
  return node.startsWith(FOREIGN);
}

/** Where the aliases of a node lead, in one step. */
export function ledToBy(zone: RefinedZone, node: string, scope: CellScope): readonly string[] {
  return (zone.nodes.get(node) ?? []).flatMap(({ alias }) =>
    alias !== undefined && isPawlsSubtree(alias.name, scope) ? [alias.name] : [],
  );
}

/** The parts of a batch of which the theory knows, and those of which it does not. */
export interface ZoneChange {
  readonly makes: ReadonlySet<string>;
  readonly drops: ReadonlySet<string>;
  /** Other records at the same name. */
  readonly mends: ReadonlySet<string>;
  readonly moves: ReadonlySet<string>;
  /** Cells whose fence is another one. */
  readonly fences: readonly CellName[];
  /** Names of offers. */
  readonly offers: readonly DnsName[];
  /** Names of anything else. */
  readonly others: readonly DnsName[];
}

export function changeBetween(before: RefinedZone, after: RefinedZone, scope: CellScope): ZoneChange {
  const nodes = changed(before.nodes, after.nodes);
  const moves = changed(before.roots, after.roots).filter(
    // The same kind of foreign answer with other values is another answer.
    (root) =>
      targetOf(before, root, scope) !== targetOf(after, root, scope) ||
      isForeign(targetOf(after, root, scope) ?? ''),
  );
  const stood = new Set(before.others);
  const stand = new Set(after.others);
  const others = [
    ...before.others.filter((record) => !stand.has(record)),
    ...after.others.filter((record) => !stood.has(record)),
  ];
  return {
    makes: new Set(nodes.filter((node) => !before.nodes.has(node))),
    drops: new Set(nodes.filter((node) => !after.nodes.has(node))),
    mends: new Set(nodes.filter((node) => before.nodes.has(node) && after.nodes.has(node))),
    moves: new Set(moves),
    fences: changed(before.fences, after.fences),
    offers: changed(before.offers, after.offers),
    others: others.map(({ name }) => name),
  };
}

function changed<Key>(
  before: ReadonlyMap<Key, readonly RecordSet[]>,
  after: ReadonlyMap<Key, readonly RecordSet[]>,
): readonly Key[] {
  const keys = new Set([...before.keys(), ...after.keys()]);
  return [...keys].filter((key) => {
    const [was, is] = [before.get(key) ?? [], after.get(key) ?? []];
    return (
      !(was.length === is.length && was.every((record, at) => record === is[at])) && !sameRecords(was, is)
    );
  });
}

/** The endpoint that a root, a node or an offer is of, in relative form; undefined for a stray. */
export function endpointOf(name: string, scope: CellScope): string | undefined {
  return placeOf(name, scope).endpoint;
}

/** The cell below whose names a root or a node is; undefined for an endpoint's own name, and for what is foreign. */
export function cellOf(name: string, scope: CellScope): CellName | undefined {
  return isForeign(name) ? undefined : placeOf(name, scope).cell;
}

interface Place {
  readonly cell: CellName | undefined;
  readonly owned: OwnedName | undefined;
  readonly endpoint: string | undefined;
}

const places = new Map<DnsName, Map<string, Place>>();
const PLACES_MAX = 20_000;

/** Where a name stands in its zone. Every batch asks for the same few, so what is found is kept. */
export function placeOf(text: string, scope: CellScope): Place {
  const known = places.get(scope.zone) ?? new Map<string, Place>();
  const there = known.get(text);
  if (there !== undefined) return there;
  const found = findPlace(text, scope);
  if (known.size >= PLACES_MAX) known.clear();
  places.set(scope.zone, known.set(text, found));
  return found;
}

function findPlace(text: string, scope: CellScope): Place {
  // The name of a root is without its type.
  const [first = ''] = text.split(' ');
  const name = dnsName(first);
  const cell = cellOfName(name, scope);
  if (cell === undefined) {
    const endpoint = isWithin(name, scope.zone) ? endpointLabels(name, scope) : undefined;
    return { cell, owned: undefined, endpoint };
  }
  const owned = parseOwnedName(name, { ...scope, cell });
  return { cell, owned, endpoint: owned !== undefined && 'endpoint' in owned ? owned.endpoint : undefined };
}

/** The cell whose writer has sent a batch: that whose fence it moves; of two the one to whose trees it points roots. */
export function writerCell(
  change: ZoneChange,
  before: RefinedZone,
  after: RefinedZone,
  scope: CellScope,
): CellName | undefined {
  const [first, second] = change.fences;
  if (first !== undefined && second === undefined) return first;
  const targetsIn = (zone: RefinedZone) => [...change.moves].map((root) => targetOf(zone, root, scope) ?? '');
  const { makes, drops, mends, offers } = change;
  const names = [...targetsIn(after), ...makes, ...drops, ...mends, ...targetsIn(before), ...offers];
  return names
    .map((name) => (name === '' ? undefined : cellOf(name, scope)))
    .find((cell) => cell !== undefined);
}
