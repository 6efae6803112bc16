import type { Generation } from './generation.ts';
import type { DnsName } from './names.ts';
import type { CellScope, TreeLabel } from './owned-names.ts';
import { endpointLabels, nodeName, planTreeLabel, treeLabelOf } from './owned-names.ts';
import type { Plan, PlannedEndpoint } from './plan.ts';
import { planFormat, plannedEndpoint } from './plan.ts';
import type { DesiredEndpoint } from './tree-nodes.ts';
import { endpointContent, nodeContent, pathsDownTo } from './tree-nodes.ts';

export interface MakePlanInput {
  readonly scope: CellScope;
  readonly generation: Generation;
  readonly endpoints: readonly DesiredEndpoint[];
  /** The plan this one is made from. An endpoint with the same content keeps its tree. */
  readonly base: Plan | undefined;
  /** Other plans whose trees may be used again (for a rollback), preferred first. */
  readonly others?: readonly Plan[];
  /** Whether a tree, by endpoint in relative form, has never been retired: a retired name is never used again. */
  readonly isUnretired: (endpoint: string, label: TreeLabel) => boolean;
}

export interface MadePlan {
  readonly plan: Plan;
  /** Trees that this plan makes, by endpoint in relative form. */
  readonly newTrees: Readonly<Record<string, TreeLabel>>;
}

/**
 * Gives every endpoint its tree, and every node its name: those of an older plan with the same content, else new ones
 * under this generation. A node keeps its name although the tree above it is a new one. Pure.
 */
export function makePlan(input: MakePlanInput): MadePlan {
  const { scope, generation, base } = input;
  const newTrees: Record<string, TreeLabel> = {};
  const sources = base === undefined ? (input.others ?? []) : [base, ...(input.others ?? [])];
  const endpoints = [...input.endpoints]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((endpoint): PlannedEndpoint => {
      const label = planTreeLabel(generation);
      const earlier = sources.flatMap((plan) => unretiredTree(plan, endpoint.name, input) ?? []);
      const named = withNames(
        endpoint,
        (path) => keptName(earlier, endpoint, path) ?? nodeName(path, label, endpoint.name, scope),
      );
      if (treeLabelOf(named.tree, scope) === label) newTrees[endpointLabels(endpoint.name, scope)] = label;
      return named;
    });
  const { cell, zone, zoneId } = scope;
  const format = planFormat(endpoints);
  const plan: Plan = { format, cell, zone, zoneId, generation, parent: base?.generation ?? 0, endpoints };
  return { plan, newTrees };
}

/** The endpoints of a plan without their trees: what a rollback or an edited plan proposes. */
export function contentOf(plan: Plan): readonly DesiredEndpoint[] {
  return plan.endpoints.map(withoutTree);
}

/** True when both would have the same records apart from the trees' names. */
export function sameContent(a: readonly DesiredEndpoint[], b: readonly DesiredEndpoint[]): boolean {
  if (a.length !== b.length) return false;
  const texts = new Set(a.map(endpointContent));
  return b.every((endpoint) => texts.has(endpointContent(endpoint)));
}

/** The endpoint with a name for its tree and each of its nodes, by path. */
export function withNames(endpoint: DesiredEndpoint, nameOf: (path: string) => DnsName): PlannedEndpoint {
  const { name, kind, ttl, leaves, nodes } = endpoint;
  const planned = { name, kind, tree: nameOf(''), ttl, leaves };
  if (nodes === undefined) return planned;
  return {
    ...planned,
    nodes: nodes.map(({ path, branches, answer }) => ({
      path,
      name: nameOf(path),
      ...(branches === undefined ? {} : { branches }),
      ...(answer === undefined ? {} : { answer }),
    })),
  };
}

/** The endpoint under names of one label, its tree and every node. */
export function underLabel(endpoint: PlannedEndpoint, label: TreeLabel, scope: CellScope): PlannedEndpoint {
  return withNames(endpoint, (path) => nodeName(path, label, endpoint.name, scope));
}

/** The plan's tree for this endpoint, if it has this content and was never retired. Pure. */
export function reusableTree(
  plan: Plan,
  endpoint: DesiredEndpoint,
  input: Pick<MakePlanInput, 'scope' | 'isUnretired'>,
): DnsName | undefined {
  const tree = unretiredTree(plan, endpoint.name, input);
  return tree === undefined ? undefined : sharedNode(tree, endpoint, '');
}

/** An endpoint of a plan whose tree was never retired: no janitor has deleted any of its nodes. */
function unretiredTree(
  plan: Plan,
  name: DnsName,
  { scope, isUnretired }: Pick<MakePlanInput, 'scope' | 'isUnretired'>,
): PlannedEndpoint | undefined {
  const before = plannedEndpoint(plan, name);
  if (before === undefined) return undefined;
  const label = treeLabelOf(before.tree, scope);
  return label !== undefined && isUnretired(endpointLabels(name, scope), label) ? before : undefined;
}

/**
 * The name that a node keeps; undefined where it is new. Where a node above it keeps its name, all below it keep those
 * that the records of that one point at.
 */
function keptName(
  earlier: readonly PlannedEndpoint[],
  endpoint: DesiredEndpoint,
  path: string,
): DnsName | undefined {
  for (const top of pathsDownTo(path)) {
    const tree = earlier.find((each) => sharedNode(each, endpoint, top) !== undefined);
    if (tree !== undefined) return sharedNode(tree, endpoint, path);
  }
  return undefined;
}

/** The name of a tree's node with the same content as the endpoint's node of that path. */
function sharedNode(tree: PlannedEndpoint, endpoint: DesiredEndpoint, path: string): DnsName | undefined {
  const name = path === '' ? tree.tree : tree.nodes?.find((node) => node.path === path)?.name;
  return name !== undefined && nodeContent(tree, path) === nodeContent(endpoint, path) ? name : undefined;
}

function withoutTree({ tree: _, nodes, ...endpoint }: PlannedEndpoint): DesiredEndpoint {
  if (nodes === undefined) return endpoint;
  return { ...endpoint, nodes: nodes.map(({ name: __, ...node }) => node) };
}
