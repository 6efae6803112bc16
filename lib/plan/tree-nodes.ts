import { canonicalJson } from './canonical.ts';
import type { DnsName } from './names.ts';
import type { CellScope } from './owned-names.ts';
import type { Leaf, LeafType, PlannedEndpoint, TreeBranch, TreeNode } from './plan.ts';
import type { RecordSet } from './records.ts';

/** A node before it has a name. */
export type DesiredNode = Omit<TreeNode, 'name'>;

/** An endpoint as it should answer, before its tree and nodes have names. */
export interface DesiredEndpoint extends Omit<PlannedEndpoint, 'tree' | 'nodes'> {
  readonly nodes?: readonly DesiredNode[];
}

/** The nodes of an endpoint, each with its leaves; one node, the tree itself, where it has no others. In order of path. */
export function nodesOf(endpoint: DesiredEndpoint): readonly DesiredNode[] {
  return endpoint.nodes ?? [{ path: '' }];
}

/** The nodes of a planned endpoint, each with its name. In order of path. */
export function namedNodes({ nodes, tree }: Pick<PlannedEndpoint, 'nodes' | 'tree'>): readonly TreeNode[] {
  return nodes ?? [{ path: '', name: tree }];
}

/** Whether the node at a path answers with up to eight healthy leaves at once, whatever their weights. */
export function isMultivalue({ nodes }: Pick<DesiredEndpoint, 'nodes'>, path = ''): boolean {
  return nodes?.find((node) => node.path === path)?.answer === 'multivalue';
}

/** The path of a node's branch. */
export function branchPath({ path }: Pick<TreeNode, 'path'>, { id }: Pick<TreeBranch, 'id'>): string {
  return path === '' ? id : `${id}.${path}`;
}

/** Whether the node at `path` is the one at `top` or lies below it. */
export function isBelow(path: string, top: string): boolean {
  return top === '' || path === top || path.endsWith(`.${top}`);
}

/** The paths from the tree itself down to a node, its own last. */
export function pathsDownTo(path: string): readonly string[] {
  const ids = path === '' ? [] : path.split('.');
  return [...ids.map((_, index) => ids.slice(ids.length - index).join('.')), path];
}

/** How deep a node lies: 0 for the tree itself. */
function nodeDepth({ path }: Pick<TreeNode, 'path'>): number {
  return path === '' ? 0 : path.split('.').length;
}

/** The order of an endpoint's leaves: by node, then type, then target. */
export function inTreeOrder(a: Leaf, b: Leaf): number {
  return compare(a.node ?? '', b.node ?? '') || compare(a.type, b.type) || compare(a.target, b.target);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The leaves of one node. */
export function leavesAt(endpoint: Pick<PlannedEndpoint, 'leaves'>, path: string): readonly Leaf[] {
  return leavesBelow(endpoint, path).filter(({ node = '' }) => node === path);
}

/** The leaves of a node and of everything below it, in the order of the endpoint's. */
export function leavesBelow({ leaves }: Pick<PlannedEndpoint, 'leaves'>, top: string): readonly Leaf[] {
  if (top === '') return leaves;
  const known = BELOW.get(leaves) ?? leavesByTop(leaves);
  BELOW.set(leaves, known);
  return known.get(top) ?? [];
}

/** The leaves of endpoints by every node above them, looked at once: there are hundreds of nodes, each asked for often. */
const BELOW = new WeakMap<readonly Leaf[], ReadonlyMap<string, readonly Leaf[]>>();

function leavesByTop(leaves: readonly Leaf[]): ReadonlyMap<string, readonly Leaf[]> {
  const byTop = new Map<string, Leaf[]>();
  const listAt = (top: string): Leaf[] => {
    const list = byTop.get(top) ?? [];
    byTop.set(top, list);
    return list;
  };
  const listsOf = new Map<string, readonly Leaf[][]>();
  for (const leaf of leaves) {
    const { node = '' } = leaf;
    const lists = listsOf.get(node) ?? pathsDownTo(node).slice(1).map(listAt);
    listsOf.set(node, lists);
    for (const list of lists) list.push(leaf);
  }
  return byTop;
}

/**
 * A text of everything that an endpoint's records depend on, without their names. Equal texts have equal trees.
 */
export function endpointContent(endpoint: DesiredEndpoint): string {
  return nodeContent(endpoint, '');
}

/** The same for a node and everything below it. Equal texts of one path have equal records there. */
export function nodeContent(endpoint: DesiredEndpoint, path: string): string {
  const known = CONTENTS.get(endpoint) ?? new Map<string, string>();
  CONTENTS.set(endpoint, known);
  const text = known.get(path) ?? contentAt(endpoint, path);
  known.set(path, text);
  return text;
}

/** The texts of endpoints, each made once: a planner compares every endpoint with several others. */
const CONTENTS = new WeakMap<DesiredEndpoint, Map<string, string>>();

function contentAt(endpoint: DesiredEndpoint, top: string): string {
  const { name, kind, ttl, nodes } = endpoint;
  const below = nodes?.filter(({ path }) => isBelow(path, top));
  return canonicalJson({
    name,
    kind,
    ttl,
    leaves: leavesBelow(endpoint, top).map(({ capacity: _, ...leaf }) => leaf),
    ...(below === undefined
      ? {}
      : { nodes: below.map(({ path, branches, answer }) => ({ path, branches, answer })) }),
  });
}

/**
 * The endpoint with some of its leaves. A branch of which nothing is left goes with them; where that was the first of a
 * failover, the second takes its place. Shares between branches stay as they are.
 */
export function withLeaves(endpoint: DesiredEndpoint, isKept: (leaf: Leaf) => boolean): DesiredEndpoint {
  const { nodes: all, ...flat } = endpoint;
  const kept = { ...flat, leaves: endpoint.leaves.filter(isKept) };
  if (all === undefined || kept.leaves.length === 0) return kept;
  const isLeft = (path: string): boolean => typesBelow(kept, path).length > 0;
  const nodes = all
    .filter(({ path }) => isLeft(path))
    .map((node) => {
      if (node.branches === undefined) return node;
      return {
        ...node,
        branches: withPrimary(node.branches.filter((each) => isLeft(branchPath(node, each)))),
      };
    });
  return { ...kept, nodes };
}

/** A failover of one branch: what is left of it answers first. */
export function withPrimary(branches: readonly TreeBranch[]): readonly TreeBranch[] {
  const [only] = branches;
  if (branches.length !== 1 || only === undefined || !('Failover' in only.routing)) return branches;
  return [{ ...only, routing: { Failover: 'PRIMARY' } }];
}

/** A node's records at its name. */
export interface NodeRecords {
  readonly path: string;
  readonly name: DnsName;
  readonly records: readonly RecordSet[];
}

const NODE_RECORDS = new WeakMap<PlannedEndpoint, readonly NodeRecords[]>();

/** The records of a tree by node, the innermost first: an alias comes after what it points at. */
export function nodeRecords(endpoint: PlannedEndpoint, scope: CellScope): readonly NodeRecords[] {
  const known = NODE_RECORDS.get(endpoint);
  if (known !== undefined) return known;
  const nodes = namedNodes(endpoint);
  const names = new Map(nodes.map(({ path, name }) => [path, name]));
  const made = [...nodes]
    .sort((a, b) => nodeDepth(b) - nodeDepth(a))
    .map((node): NodeRecords => {
      const { path, name, branches } = node;
      if (branches === undefined) return { path, name, records: leafRecords(endpoint, node) };
      const records = branches.flatMap((branch) => aliasesOf(endpoint, node, branch, names, scope));
      return { path, name, records };
    });
  NODE_RECORDS.set(endpoint, made);
  return made;
}

/** Every record of a tree and its nodes, the innermost first. */
export function treeRecords(endpoint: PlannedEndpoint, scope: CellScope): readonly RecordSet[] {
  return nodeRecords(endpoint, scope).flatMap(({ records }) => records);
}

/** The names of every tree of these plans, and of every node below them. */
export function namesOfPlans(
  plans: readonly { readonly endpoints: readonly PlannedEndpoint[] }[],
): ReadonlySet<DnsName> {
  return new Set(
    plans.flatMap(({ endpoints }) =>
      endpoints.flatMap(({ tree, nodes }) => (nodes === undefined ? [tree] : nodes.map(({ name }) => name))),
    ),
  );
}

/** How many records an endpoint's tree has, with its nodes. */
export function treeSize(endpoint: DesiredEndpoint): number {
  return nodesOf(endpoint).reduce((sum, node) => sum + nodeSize(endpoint, node), 0);
}

/** How many records each node of a tree has itself, by name. */
export function nodeSizes(endpoint: PlannedEndpoint): readonly (readonly [DnsName, number])[] {
  return namedNodes(endpoint).map((node) => [node.name, nodeSize(endpoint, node)]);
}

/** How many records a node has itself. */
export function nodeSize(endpoint: DesiredEndpoint, { path, branches }: DesiredNode): number {
  if (branches === undefined) return leavesAt(endpoint, path).length;
  return branches.reduce((sum, branch) => sum + typesBelow(endpoint, branchPath({ path }, branch)).length, 0);
}

/** The record types that a node answers with, itself or through its branches, in order. */
function typesBelow(endpoint: Pick<PlannedEndpoint, 'leaves'>, top: string): readonly LeafType[] {
  const leaves = leavesBelow(endpoint, top);
  const types: readonly LeafType[] = ['A', 'AAAA', 'CNAME'];
  return types.filter((type) => leaves.some((leaf) => leaf.type === type));
}

function leafRecords(endpoint: PlannedEndpoint, { path, name, answer }: TreeNode): readonly RecordSet[] {
  return leavesAt(endpoint, path).map((leaf) => ({
    name,
    type: leaf.type,
    setIdentifier: leaf.target,
    ...(answer === undefined ? { weight: leaf.weight } : { routing: { MultiValueAnswer: true } }),
    ...(leaf.alias === undefined ? { ttl: endpoint.ttl, values: leaf.values ?? [] } : { alias: leaf.alias }),
    healthCheckId: leaf.healthCheckId,
  }));
}

/**
 * A branch's aliases, one a family, which evaluate health: where everything of a branch is unhealthy to Route 53, it
 * answers with the next best branch by itself, although nothing of Pawl's may be alive.
 */
function aliasesOf(
  endpoint: PlannedEndpoint,
  node: TreeNode,
  branch: TreeBranch,
  names: ReadonlyMap<string, DnsName>,
  { zoneId }: CellScope,
): readonly RecordSet[] {
  const path = branchPath(node, branch);
  const child = names.get(path);
  if (child === undefined) return [];
  const { routing } = branch;
  return typesBelow(endpoint, path).map((type) => ({
    name: node.name,
    type,
    setIdentifier: branch.id,
    ...('weight' in routing ? { weight: routing.weight } : { routing }),
    alias: { zoneId, name: child, evaluateTargetHealth: true },
  }));
}
