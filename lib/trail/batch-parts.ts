import type { DnsName } from '../plan/names.ts';
import type { RecordSet } from '../plan/records.ts';
import { sameRecord } from '../plan/records.ts';
import type { KeyedChange, ZoneModel } from './zone-model.ts';
import type { ZoneTrail } from './zone-trail.ts';
import { placeOf } from './zone-trail.ts';

const ROOT_TYPES: readonly string[] = ['A', 'AAAA', 'CNAME'];
const FOREIGN = 'what stands at ';

/** What a batch does, in the words of the proof. A root is `name type`, a node a name. */
export interface BatchParts {
  readonly makes: ReadonlySet<string>;
  readonly drops: ReadonlySet<string>;
  /** Nodes that stood and stand, whose records are others now, by nobody's hand. */
  readonly altered: readonly string[];
  /** Roots with where they point now; undefined for one that goes. */
  readonly moves: ReadonlyMap<string, string | undefined>;
  /** What the created nodes lead to, in one step. */
  readonly leads: ReadonlyMap<string, readonly string[]>;
  /** Offers that were not there and are, and that were there and are not, as {@link offerKey} has them. */
  readonly puts: ReadonlySet<string>;
  readonly takesBack: ReadonlySet<string>;
  /** `name type` of what is not Pawl's. */
  readonly others: readonly string[];
}

interface Exchange {
  readonly deleted: RecordSet[];
  readonly created: RecordSet[];
}

/** What a batch does to a zone of which this stood before. */
export function partsOf(trail: ZoneTrail, changes: readonly KeyedChange[]): BatchParts {
  const nodes = new Map<DnsName, Exchange>();
  const roots = new Map<string, Exchange>();
  const offers = new Map<string, Exchange>();
  const others: string[] = [];
  for (const { action, record, key, place } of changes) {
    const { kind } = place;
    if (kind === 'fence') continue;
    const isRoot = kind === 'rollback' || (kind === 'root' && ROOT_TYPES.includes(record.type));
    if (isRoot) note(roots, key, action, record);
    else if (kind === 'offer') note(offers, key, action, record);
    else if (kind === 'root' || kind === 'none') others.push(key);
    else note(nodes, record.name, action, record);
  }
  return {
    ...partsOfNodes(trail, nodes),
    moves: movesOf(trail, roots),
    ...partsOfOffers(trail, offers),
    others,
  };
}

function note<Key>(
  map: Map<Key, Exchange>,
  key: Key,
  action: KeyedChange['action'],
  record: RecordSet,
): void {
  let found = map.get(key);
  if (found === undefined) {
    found = { deleted: [], created: [] };
    map.set(key, found);
  }
  (action === 'DELETE' ? found.deleted : found.created).push(record);
}

function partsOfNodes(
  trail: ZoneTrail,
  nodes: ReadonlyMap<DnsName, Exchange>,
): Pick<BatchParts, 'makes' | 'drops' | 'altered' | 'leads'> {
  const makes = new Set<string>();
  const drops = new Set<string>();
  const altered: string[] = [];
  const leads = new Map<string, readonly string[]>();
  for (const [name, { deleted, created }] of nodes) {
    const standing = recordsAt(trail.model, name);
    const isThere = deleted.length > 0 || standing > 0;
    if (created.length === 0) {
      if (standing <= deleted.length) drops.add(name);
      else if (!trail.touched.has(name)) altered.push(name);
      continue;
    }
    if (!isThere) makes.add(name);
    else if (isAltered(trail, name, deleted, created)) altered.push(name);
    const targets = created.flatMap(({ alias }) =>
      alias === undefined || placeOf(trail, alias.name).cell === undefined ? [] : [alias.name],
    );
    if (targets.length > 0) leads.set(name, targets);
  }
  return { makes, drops, altered, leads };
}

/** How many records are known to stand at a name that answers. */
function recordsAt({ sets }: ZoneModel, name: DnsName): number {
  let count = 0;
  for (const type of ROOT_TYPES) count += sets.get(`${name} ${type}`)?.length ?? 0;
  return count;
}

/** Whether what stood at a node is something else now, and nobody but Pawl can have been there before. */
function isAltered(
  { touched, model }: ZoneTrail,
  name: DnsName,
  deleted: readonly RecordSet[],
  created: readonly RecordSet[],
): boolean {
  if (touched.has(name)) return false;
  const isSame =
    deleted.length === created.length &&
    created.every((made) => deleted.some((gone) => sameRecord(gone, made)));
  return !isSame && model.fromStart;
}

function movesOf(trail: ZoneTrail, roots: ReadonlyMap<string, Exchange>): BatchParts['moves'] {
  const moves = new Map<string, string | undefined>();
  for (const [root, { deleted, created }] of roots) {
    const [gone] = deleted;
    const [made] = created;
    const target = made === undefined ? undefined : targetOf(trail, root, created);
    const was = deleted.length === 0 ? undefined : targetOf(trail, root, deleted);
    if (target !== was) moves.set(root, target);
    // Something else that is not Pawl's is another answer.
    else if (isForeign(target ?? '') && gone !== undefined && made !== undefined && !sameRecord(gone, made))
      moves.set(root, target);
  }
  return moves;
}

/** The node that a root with these records points at: what is no plain alias to a tree is one of its own. */
export function targetOf(trail: ZoneTrail, root: string, [record, ...more]: readonly RecordSet[]): string {
  const target = record?.alias?.name;
  if (record === undefined || target === undefined || more.length > 0 || record.setIdentifier !== undefined)
    return `${FOREIGN}${root}`;
  const { kind, cell } = placeOf(trail, target);
  const own = placeOf(trail, record.name).cell;
  const isTree = (kind === 'tree' || kind === 'node') && (own === undefined || own === cell);
  return isTree ? target : `${FOREIGN}${root}`;
}

export function isForeign(node: string): boolean {
  return node.startsWith(FOREIGN);
}

/** The root at which something stands that is not Pawl's. */
export function rootOfForeign(node: string): string {
  return node.slice(FOREIGN.length);
}

const OFFERED = /^"v1 to=([a-z0-9-]+) /;

/** An offer: who gives, who may take, and the endpoint. */
export function offerKey(cell: string, to: string, endpoint: string): string {
  return `${cell} ${to} ${endpoint}`;
}

/** The offers that records make. */
export function offersIn(trail: ZoneTrail, records: readonly RecordSet[]): readonly string[] {
  return records.flatMap(({ name, values }) => {
    const { cell = '', endpoint = '' } = placeOf(trail, name);
    const to = OFFERED.exec(values?.[0] ?? '')?.[1];
    return to === undefined ? [] : [offerKey(cell, to, endpoint)];
  });
}

const NONE: ReadonlySet<string> = new Set();

function partsOfOffers(
  trail: ZoneTrail,
  offers: ReadonlyMap<string, Exchange>,
): Pick<BatchParts, 'puts' | 'takesBack'> {
  if (offers.size === 0) return { puts: NONE, takesBack: NONE };
  const all = [...offers.values()];
  const made = new Set(all.flatMap(({ created }) => offersIn(trail, created)));
  const gone = new Set(all.flatMap(({ deleted }) => offersIn(trail, deleted)));
  return {
    puts: new Set([...made].filter((offer) => !gone.has(offer))),
    takesBack: new Set([...gone].filter((offer) => !made.has(offer))),
  };
}
