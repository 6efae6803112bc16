import type { DnsName } from './names.ts';
import type { CellScope } from './owned-names.ts';
import { endpointLabels, parseOwnedName } from './owned-names.ts';
import type { EndpointKind, Leaf, LeafType, PlannedEndpoint, TreeBranch, TreeNode } from './plan.ts';
import { branchRouting } from './plan-nodes-json.ts';
import type { RecordSet } from './records.ts';
import { branchPath, inTreeOrder, withLeaves } from './tree-nodes.ts';
import type { ZoneView } from './zone-view.ts';
import { recordsAtName } from './zone-view.ts';

/** Seconds, for a tree of aliases, which have no TTL of their own. */
const ALIAS_TREE_TTL_S = 60;
const WEIGHT_MAX = 255;
const TARGET_CHARS_MAX = 128;
const LEAF_TYPES: readonly LeafType[] = ['A', 'AAAA', 'CNAME'];

/** An endpoint as it is read from the records of one of its trees. */
export interface TreeReading {
  readonly endpoint: PlannedEndpoint;
  /** Records that are not leaves, which are left out, or that differ from the others, which are put right. */
  readonly strange: number;
}

/**
 * Reads a tree and its nodes back into the planned endpoint; undefined when there is no leaf in any of them. Weights
 * replace capacities, which the zone does not have. A branch that ends nowhere is left out. Pure.
 *
 * @param view the zone, or as much of it as has the tree and its nodes.
 */
export function plannedTree(
  name: DnsName,
  tree: DnsName,
  view: ZoneView,
  scope: CellScope,
): TreeReading | undefined {
  const nodes = readNodes(tree, '', { view, scope, endpoint: endpointLabels(name, scope) });
  const parsed = nodes.flatMap(({ leaves }) => leaves);
  const [first] = parsed;
  if (first === undefined) return undefined;
  const kind = kindOf(first.leaf);
  const ttl = first.ttl ?? ALIAS_TREE_TTL_S;
  const alike = parsed.filter(({ leaf }) => kindOf(leaf) === kind);
  const altered = alike.filter((read) => read.altered || (read.ttl ?? ttl) !== ttl).length;
  const records = nodes.reduce((sum, node) => sum + node.records, 0);
  const taken = alike.length + nodes.reduce((sum, node) => sum + node.aliases, 0);
  const leaves = alike.map(({ leaf }) => leaf).sort(inTreeOrder);
  const all = {
    ...{ name, kind, ttl, leaves },
    nodes: nodes.map(({ node }) => node).sort((a, b) => (a.path < b.path ? -1 : 1)),
  };
  const { nodes: kept, ...flat } = withLeaves(all, () => true);
  const names = new Map(nodes.map(({ node }) => [node.path, node.name]));
  const strange = records - taken + altered;
  const isOneSet =
    kept === undefined || kept.every(({ branches, answer }) => (branches ?? answer) === undefined);
  if (isOneSet) return { endpoint: { name, kind, tree, ttl, leaves }, strange };
  const named = kept.map((node): TreeNode => {
    const { path, ...rest } = node;
    return { path, name: names.get(path) ?? tree, ...rest };
  });
  return { endpoint: { ...flat, tree, nodes: named }, strange };
}

interface NodeReading {
  readonly node: TreeNode;
  readonly leaves: readonly LeafReading[];
  /** Records at its name, and of these the aliases to nodes below it. */
  readonly records: number;
  readonly aliases: number;
}

interface NodeSource {
  readonly view: ZoneView;
  readonly scope: CellScope;
  /** In relative form. */
  readonly endpoint: string;
}

/** A node, and all that its aliases lead to. Every step leads to a longer path, so there is an end. */
function readNodes(name: DnsName, path: string, source: NodeSource): readonly NodeReading[] {
  const records = recordsAtName(source.view, name);
  const branches = new Map<string, { readonly branch: TreeBranch; readonly child: DnsName }>();
  let aliases = 0;
  for (const record of records) {
    const read = branchOf(record, path, source);
    if (read === undefined) continue;
    const known = branches.get(read.branch.id);
    if (known === undefined) branches.set(read.branch.id, read);
    if ((known ?? read).child === read.child) aliases += 1;
  }
  if (branches.size > 0) {
    const all = [...branches.values()].sort((a, b) => (a.branch.id < b.branch.id ? -1 : 1));
    const node = { path, name, branches: all.map(({ branch }) => branch) };
    const below = all.flatMap(({ branch, child }) => readNodes(child, branchPath({ path }, branch), source));
    return [{ node, leaves: [], records: records.length, aliases }, ...below];
  }
  const isMultivalue = records.some(({ routing }) => routing?.['MultiValueAnswer'] === true);
  const leaves = records.flatMap((record) => {
    const read = leafOf(isMultivalue ? weighted(record) : record);
    if (read === undefined) return [];
    return [path === '' ? read : { ...read, leaf: { ...read.leaf, node: path } }];
  });
  const node: TreeNode = { path, name, ...(isMultivalue ? { answer: 'multivalue' } : {}) };
  return [{ node, leaves, records: records.length, aliases: 0 }];
}

/** An alias of Pawl's own shape to a node of the same endpoint, whose path is one branch longer. */
function branchOf(
  { alias, setIdentifier: id, weight, routing }: RecordSet,
  path: string,
  { view, scope, endpoint }: NodeSource,
): { readonly branch: TreeBranch; readonly child: DnsName } | undefined {
  if (alias === undefined || alias.zoneId !== scope.zoneId || id === undefined) return undefined;
  const owned = parseOwnedName(alias.name, scope);
  if (owned?.kind !== 'node' || owned.endpoint !== endpoint || owned.path !== branchPath({ path }, { id }))
    return undefined;
  if (recordsAtName(view, alias.name).length === 0) return undefined;
  const read = weight === undefined ? branchRouting(routing) : { weight: Math.max(1, weight) };
  return read === undefined ? undefined : { branch: { id, routing: read }, child: alias.name };
}

/** A multivalue record as if it were weighted, which it has no weight for; anything else as it is. */
function weighted(record: RecordSet): RecordSet {
  if (record.routing?.['MultiValueAnswer'] !== true || record.weight !== undefined) return record;
  return { ...record, weight: 1, routing: undefined };
}

interface LeafReading {
  readonly leaf: Leaf;
  readonly ttl?: number | undefined;
  readonly altered: boolean;
}

function leafOf(record: RecordSet): LeafReading | undefined {
  const { setIdentifier: target, weight, values, alias, ttl, healthCheckId } = record;
  const type = LEAF_TYPES.find((each) => each === record.type);
  if (type === undefined || target === undefined || weight === undefined || record.routing !== undefined)
    return undefined;
  if (target.length > TARGET_CHARS_MAX || (values === undefined) === (alias === undefined)) return undefined;
  if (alias !== undefined && type === 'CNAME') return undefined;
  // No plan has a weight of 0: a hand took the target out. To be planned again it must have a weight.
  const planned = Math.min(WEIGHT_MAX, Math.max(1, weight));
  const leaf: Leaf = {
    target,
    type,
    weight: planned,
    capacity: planned,
    ...(alias === undefined ? { values: [...(values ?? [])].sort() } : { alias }),
    ...(healthCheckId === undefined ? {} : { healthCheckId }),
  };
  return { leaf, altered: planned !== weight, ttl };
}

function kindOf(leaf: Leaf): EndpointKind {
  if (leaf.alias !== undefined) return 'alias';
  return leaf.type === 'CNAME' ? 'hostname' : 'addresses';
}
