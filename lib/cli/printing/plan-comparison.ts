import type { DnsName } from '../../plan/names.ts';
import type { Leaf } from '../../plan/plan.ts';
import type { DesiredEndpoint } from '../../plan/tree-nodes.ts';
import { branchPath, endpointContent, isMultivalue } from '../../plan/tree-nodes.ts';
import { routingText } from './routing-text.ts';

/** One weighted record, before and after; null where it does not exist. */
export interface LeafChange {
  readonly target: string;
  /** The path of the branch that it answers in; absent: the endpoint has no branches. */
  readonly node?: string;
  readonly type: string;
  readonly weightBefore: number | null;
  readonly weightAfter: number | null;
  /** Set where it is one of several in an answer, and its weight means nothing. */
  readonly multivalueBefore?: true;
  readonly multivalueAfter?: true;
  /** Set when a record that stays answers with something else. */
  readonly answer: { readonly before: string; readonly after: string } | undefined;
}

/** A branch by its path, and how Route 53 comes to choose it; null where it does not exist. */
export interface BranchChange {
  readonly branch: string;
  readonly before: string | null;
  readonly after: string | null;
}

/** Leaves of one node that are answered in another way than before. */
export interface AnswerWordChange {
  /** The path of the branch; absent: the endpoint itself. */
  readonly branch?: string;
  readonly before: 'weighted' | 'multivalue';
  readonly after: 'weighted' | 'multivalue';
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
  /** Only what differs, of nodes that have leaves before and after; absent where nothing does. */
  readonly answers?: readonly AnswerWordChange[];
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
    leafChange(placed(before, old.get(key)), placed(after, now.get(key))),
  );
  const both = before !== undefined && after !== undefined;
  const branches = branchChanges(before, after);
  const answers = answerChanges(before, after);
  return [
    {
      name,
      change: both ? 'changed' : before === undefined ? 'added' : 'removed',
      ttl: both && before.ttl !== after.ttl ? { before: before.ttl, after: after.ttl } : undefined,
      kind: both && before.kind !== after.kind ? { before: before.kind, after: after.kind } : undefined,
      leaves,
      ...(branches.length === 0 ? {} : { branches }),
      ...(answers.length === 0 ? {} : { answers }),
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

interface PlacedLeaf {
  readonly leaf: Leaf;
  readonly isOneOfSeveral: boolean;
}

function placed(endpoint: DesiredEndpoint | undefined, leaf: Leaf | undefined): PlacedLeaf | undefined {
  if (endpoint === undefined || leaf === undefined) return undefined;
  return { leaf, isOneOfSeveral: isMultivalue(endpoint, leaf.node) };
}

function leafChange(before: PlacedLeaf | undefined, after: PlacedLeaf | undefined): readonly LeafChange[] {
  const leaf = (after ?? before)?.leaf;
  if (leaf === undefined) return [];
  const answers = { before: answerText(before?.leaf), after: answerText(after?.leaf) };
  const answersDiffer = before !== undefined && after !== undefined && answers.before !== answers.after;
  const isAsBefore =
    before?.leaf.weight === after?.leaf.weight && before?.isOneOfSeveral === after?.isOneOfSeveral;
  if (isAsBefore && !answersDiffer) return [];
  return [
    {
      target: leaf.target,
      ...(leaf.node === undefined ? {} : { node: leaf.node }),
      type: leaf.type,
      weightBefore: before?.leaf.weight ?? null,
      weightAfter: after?.leaf.weight ?? null,
      ...(before?.isOneOfSeveral === true ? { multivalueBefore: true as const } : {}),
      ...(after?.isOneOfSeveral === true ? { multivalueAfter: true as const } : {}),
      answer: answersDiffer ? answers : undefined,
    },
  ];
}

function answerChanges(
  before: DesiredEndpoint | undefined,
  after: DesiredEndpoint | undefined,
): readonly AnswerWordChange[] {
  if (before === undefined || after === undefined) return [];
  const old = new Set(before.leaves.map(({ node = '' }) => node));
  const both = [...new Set(after.leaves.map(({ node = '' }) => node))].filter((path) => old.has(path));
  const word = (endpoint: DesiredEndpoint, path: string) =>
    isMultivalue(endpoint, path) ? 'multivalue' : 'weighted';
  return both.flatMap((path) => {
    const change = { before: word(before, path), after: word(after, path) } as const;
    if (change.before === change.after) return [];
    return [{ ...(path === '' ? {} : { branch: path }), ...change }];
  });
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
