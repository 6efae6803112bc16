import type { DnsName } from '../../plan/names.ts';
import type { Leaf } from '../../plan/plan.ts';
import type { DesiredEndpoint } from '../../plan/tree-nodes.ts';
import { branchPath, isMultivalue } from '../../plan/tree-nodes.ts';
import { answerText } from './plan-comparison.ts';
import { routingText } from './routing-text.ts';

/** What one record of an endpoint gets of its traffic, before and after; null where there is no such record. */
export interface AnswerShare {
  readonly target: string;
  /** The path of the branch that it answers in; absent: the endpoint has no branches. */
  readonly branch?: string;
  readonly type: string;
  readonly before: Share | null;
  readonly after: Share | null;
}

export interface Share {
  /** What it answers with. */
  readonly answer: string;
  readonly weight: number;
  /**
   * Of the answers of its type and its branch, thousandths, 0 to 1,000; null where it is one of several in an answer, of
   * which a client chooses itself.
   */
  readonly permille: number | null;
}

/** What one branch gets of what reaches the node above it; null where there is no such branch. */
export interface BranchShare {
  readonly branch: string;
  readonly before: ChosenBranch | null;
  readonly after: ChosenBranch | null;
}

export interface ChosenBranch {
  /** How Route 53 comes to choose it, for a person. */
  readonly routing: string;
  /** Thousandths; null where it is chosen by a place, a network or its health, and not by a weight. */
  readonly permille: number | null;
}

/** The shares of one endpoint, those that stay as they are among them. */
export interface EndpointShares {
  readonly name: DnsName;
  readonly answers: readonly AnswerShare[];
  /** Absent where it has none, before and after. */
  readonly branches?: readonly BranchShare[];
}

/**
 * What every record of an endpoint gets before and after. Route 53 gives records of which all weights are 0 equal shares
 * (https://docs.aws.amazon.com/Route53/latest/DeveloperGuide/resource-record-sets-values-weighted.html). Pure.
 */
export function endpointShares(
  name: DnsName,
  before: DesiredEndpoint | undefined,
  after: DesiredEndpoint | undefined,
): EndpointShares {
  const [old, now] = [leafShares(before), leafShares(after)];
  const answers = [...new Set([...now.keys(), ...old.keys()])].flatMap((key): readonly AnswerShare[] => {
    const leaf = (now.get(key) ?? old.get(key))?.leaf;
    if (leaf === undefined) return [];
    const { target, node, type } = leaf;
    const shares = { before: old.get(key)?.share ?? null, after: now.get(key)?.share ?? null };
    return [{ target, ...(node === undefined ? {} : { branch: node }), type, ...shares }];
  });
  const [branchesBefore, branchesAfter] = [branchShares(before), branchShares(after)];
  const branches = [...new Set([...branchesBefore.keys(), ...branchesAfter.keys()])].sort().map((branch) => ({
    branch,
    before: branchesBefore.get(branch) ?? null,
    after: branchesAfter.get(branch) ?? null,
  }));
  return { name, answers, ...(branches.length === 0 ? {} : { branches }) };
}

/** Whether a record, or a branch, gets the same as before. Pure. */
export function staysAsItIs({
  before,
  after,
}: Pick<AnswerShare, 'before' | 'after'> | Pick<BranchShare, 'before' | 'after'>): boolean {
  return JSON.stringify(before) === JSON.stringify(after);
}

function leafShares(
  endpoint: DesiredEndpoint | undefined,
): ReadonlyMap<string, { readonly leaf: Leaf; readonly share: Share }> {
  const leaves = endpoint?.leaves ?? [];
  const sets = new Map<string, Leaf[]>();
  for (const leaf of leaves) sets.set(setOf(leaf), [...(sets.get(setOf(leaf)) ?? []), leaf]);
  return new Map(
    leaves.map((leaf) => {
      const { target, node, weight } = leaf;
      const isOneOfSeveral = endpoint !== undefined && isMultivalue(endpoint, node);
      const weights = (sets.get(setOf(leaf)) ?? []).map((each) => each.weight);
      const permille = isOneOfSeveral ? null : permilleOf(weight, weights);
      return [`${setOf(leaf)} ${target}`, { leaf, share: { answer: answerText(leaf), weight, permille } }];
    }),
  );
}

/** The records among which a leaf's weight counts: those of its type in its node. */
function setOf({ type, node = '' }: Leaf): string {
  return `${type} ${node}`;
}

function branchShares(endpoint: DesiredEndpoint | undefined): ReadonlyMap<string, ChosenBranch> {
  const all = (endpoint?.nodes ?? []).flatMap((node) => {
    const branches = node.branches ?? [];
    const weights = branches.flatMap(({ routing }) => ('weight' in routing ? [routing.weight] : []));
    return branches.map((each): readonly [string, ChosenBranch] => {
      const { routing } = each;
      const permille = 'weight' in routing ? permilleOf(routing.weight, weights) : null;
      return [branchPath(node, each), { routing: routingText(routing), permille }];
    });
  });
  return new Map(all);
}

function permilleOf(weight: number, weights: readonly number[]): number {
  const total = weights.reduce((sum, each) => sum + each, 0);
  return Math.round(total === 0 ? 1_000 / weights.length : (weight / total) * 1_000);
}
