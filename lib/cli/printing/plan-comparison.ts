import type { DnsName } from '../../plan/names.ts';
import type { Leaf } from '../../plan/plan.ts';
import type { DesiredEndpoint } from '../../plan/tree-nodes.ts';
import { branchPath, endpointContent } from '../../plan/tree-nodes.ts';
import { routingText } from './routing-text.ts';

/** One weighted record, before and after; null where it does not exist. */
export interface LeafChange {
  readonly target: string;
  /** The path of the branch that it answers in; absent: the endpoint has no branches. */
  readonly node?: string;
  readonly type: string;
  readonly weightBefore: number | null;
  readonly weightAfter: number | null;
  /** Set when a record that stays answers with something else. */
  readonly answer: { readonly before: string; readonly after: string } | undefined;
}

/** A branch by its path, and how Route 53 comes to choose it; null where it does not exist. */
export interface BranchChange {
  readonly branch: string;
  readonly before: string | null;
  readonly after: string | null;
}

export interface EndpointComparison {
  readonly name: DnsName;
  readonly change: 'added' | 'removed' | 'changed';
  readonly ttl: { readonly before: number; readonly after: number } | undefined;
  readonly kind: { readonly before: string; readonly after: string } | undefined;
  /** Only what differs. */
  readonly leaves: readonly LeafChange[];
  /** Only what differs; absent where nothing does. */
  readonly branches?: readonly BranchChange[];
  /** Records that stay as they are. */
  readonly same: number;
  /** The share of the endpoint's traffic that moves, thousandths: of the type where it is largest. */
  readonly movedPermille: number;
}

/** The part of a plan that decides its endpoints' answers: a tree's name moves no traffic. */
type Answers = { readonly endpoints: readonly DesiredEndpoint[] };

export interface PlanComparison {
  readonly endpoints: readonly EndpointComparison[];
  readonly unchanged: number;
  /** The largest of any endpoint. */
  readonly movedPermille: number;
}

/** The differences between two plans, by endpoint and target. Pure. */
export function comparePlans(before: Answers | undefined, after: Answers): PlanComparison {
  const old = new Map(before?.endpoints.map((endpoint) => [endpoint.name, endpoint]));
  const now = new Map(after.endpoints.map((endpoint) => [endpoint.name, endpoint]));
  const names = [...new Set([...old.keys(), ...now.keys()])].sort();
  const endpoints = names.flatMap((name) => endpointChange(name, old.get(name), now.get(name)));
  return {
    endpoints,
    unchanged: names.length - endpoints.length,
    movedPermille: Math.max(0, ...endpoints.map(({ movedPermille }) => movedPermille)),
  };
}

function endpointChange(
  name: DnsName,
  before: DesiredEndpoint | undefined,
  after: DesiredEndpoint | undefined,
): readonly EndpointComparison[] {
  if (before !== undefined && after !== undefined && content(before) === content(after)) return [];
  const old = keyed(before);
  const now = keyed(after);
  const leaves = [...new Set([...now.keys(), ...old.keys()])].flatMap((key) =>
    leafChange(old.get(key), now.get(key)),
  );
  const both = before !== undefined && after !== undefined;
  const branches = branchChanges(before, after);
  return [
    {
      name,
      change: both ? 'changed' : before === undefined ? 'added' : 'removed',
      ttl: both && before.ttl !== after.ttl ? { before: before.ttl, after: after.ttl } : undefined,
      kind: both && before.kind !== after.kind ? { before: before.kind, after: after.kind } : undefined,
      leaves,
      ...(branches.length === 0 ? {} : { branches }),
      same: new Set([...now.keys(), ...old.keys()]).size - leaves.length,
      movedPermille: both ? moved(before, after) : 1_000,
    },
  ];
}

/** A planned endpoint and a desired one have the same keys here: what is compared has no tree's name. */
function content({ name, kind, ttl, leaves, nodes }: DesiredEndpoint): string {
  return endpointContent({ name, kind, ttl, leaves, ...(nodes === undefined ? {} : { nodes }) });
}

function keyed(endpoint: DesiredEndpoint | undefined): ReadonlyMap<string, Leaf> {
  return new Map(endpoint?.leaves.map((leaf) => [`${leaf.type} ${leaf.target} ${leaf.node ?? ''}`, leaf]));
}

function leafChange(before: Leaf | undefined, after: Leaf | undefined): readonly LeafChange[] {
  const leaf = after ?? before;
  if (leaf === undefined) return [];
  const answers = { before: answerText(before), after: answerText(after) };
  const answersDiffer = before !== undefined && after !== undefined && answers.before !== answers.after;
  if (before?.weight === after?.weight && !answersDiffer) return [];
  return [
    {
      target: leaf.target,
      ...(leaf.node === undefined ? {} : { node: leaf.node }),
      type: leaf.type,
      weightBefore: before?.weight ?? null,
      weightAfter: after?.weight ?? null,
      answer: answersDiffer ? answers : undefined,
    },
  ];
}

function branchChanges(
  before: DesiredEndpoint | undefined,
  after: DesiredEndpoint | undefined,
): readonly BranchChange[] {
  const [old, now] = [branchTexts(before), branchTexts(after)];
  return [...new Set([...old.keys(), ...now.keys()])].sort().flatMap((branch) => {
    const change = { branch, before: old.get(branch) ?? null, after: now.get(branch) ?? null };
    return change.before === change.after ? [] : [change];
  });
}

function branchTexts(endpoint: DesiredEndpoint | undefined): ReadonlyMap<string, string> {
  const all = (endpoint?.nodes ?? []).flatMap((node) =>
    (node.branches ?? []).map((each) => [branchPath(node, each), routingText(each.routing)] as const),
  );
  return new Map(all);
}

/** A record's answer as text for a person. */
export function answerText(leaf: Leaf | undefined): string {
  if (leaf === undefined) return '';
  const check = leaf.healthCheckId === undefined ? '' : ` (health check ${leaf.healthCheckId})`;
  if (leaf.alias !== undefined) return `alias ${leaf.alias.name} in ${leaf.alias.zoneId}${check}`;
  return `${(leaf.values ?? []).join(', ')}${check}`;
}

function moved(before: DesiredEndpoint, after: DesiredEndpoint): number {
  const sets = new Set([...before.leaves, ...after.leaves].map(setOf));
  return Math.max(
    0,
    ...[...sets].map((set) => {
      const old = shares(before, set);
      const now = shares(after, set);
      if (old.size === 0) return 0;
      let gone = 0;
      for (const [target, share] of old) gone += Math.max(0, share - (now.get(target) ?? 0));
      return Math.round(gone * 1_000);
    }),
  );
}

/** The records among which a leaf's weight counts: those of its type in its node. */
function setOf({ type, node = '' }: Leaf): string {
  return `${type} ${node}`;
}

/** The share of a set's answers, 0 to 1, by target and answer. */
function shares(endpoint: DesiredEndpoint, set: string): ReadonlyMap<string, number> {
  const leaves = endpoint.leaves.filter((leaf) => setOf(leaf) === set);
  const total = leaves.reduce((sum, { weight }) => sum + weight, 0);
  return new Map(leaves.map((leaf) => [`${leaf.target} ${answerText(leaf)}`, leaf.weight / total]));
}
