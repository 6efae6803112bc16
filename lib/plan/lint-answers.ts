import type { Finding } from './findings.ts';
import type { DnsName } from './names.ts';
import type { Leaf, LeafType } from './plan.ts';
import { capacityOf, sharedWeights } from './route-answer.ts';
import type { DesiredEndpoint } from './tree-nodes.ts';
import { branchPath, leavesAt, leavesBelow } from './tree-nodes.ts';

/** Below this share of an endpoint's answers, in thousandths, a target is as good as not there. */
const SMALL_SHARE_PERMILLE = 10;

/**
 * Notes about what the targets of an endpoint answer, at most one of each kind, which names the first case of it and how
 * many there are. Pure.
 */
export function lintAnswers(endpoint: DesiredEndpoint): readonly Finding[] {
  const { name: subject, leaves } = endpoint;
  // A target may answer in several branches.
  const once = new Map(leaves.map((leaf) => [`${leaf.type} ${leaf.target}`, leaf]));
  const addressed = [...once.values()].filter(({ type }) => type !== 'CNAME');
  const groups = groupNodes(endpoint);
  const nodes = new Set(leaves.map(({ node = '' }) => node));
  const tops = new Set([...nodes].map((node) => topOf(groups, node)));
  const small = [...tops].map((top) => smallShare(endpoint, top));
  return [
    ...unservedAddress(subject, addressed),
    ...sharedAddress(subject, addressed),
    ...(small.find((found) => found.length > 0) ?? []),
  ];
}

/** A target in groups may be so far from its share, as a part of it. */
const ROUGH_SHARE = 0.01;

/**
 * A note where the weights of groups are rougher than a hundredth: of what each target of a set of groups should get, by
 * its capacity, and gets. Pure.
 *
 * @param top the node under which all branches are groups of Pawl's own.
 */
export function lintGroups(endpoint: DesiredEndpoint, top: string): readonly Finding[] {
  const node = endpoint.nodes?.find(({ path }) => path === top);
  if (node?.branches === undefined) return [];
  const found = typesOf(endpoint, top).flatMap((type) => {
    const shares = groupShares(endpoint, top, type);
    const total = shares.reduce((sum, { leaf }) => sum + leaf.capacity, 0);
    return shares
      .map(({ leaf, share }) => ({ target: leaf.target, part: share / (leaf.capacity / total) }))
      .filter(({ part }) => Math.abs(part - 1) > ROUGH_SHARE);
  });
  const [worst] = [...found].sort((a, b) => Math.abs(b.part - 1) - Math.abs(a.part - 1));
  if (worst === undefined) return [];
  const { name: subject } = endpoint;
  const percent = Math.round(worst.part * 100);
  return [
    { code: 'rough-share', severity: 'note', subject, target: worst.target, percent, targets: found.length },
  ];
}

function typesOf(endpoint: DesiredEndpoint, top: string): readonly LeafType[] {
  return [...new Set(leavesBelow(endpoint, top).map(({ type }) => type))];
}

/** The leaves of one type below a node of groups, each with its share of that node's answers, 0 to 1. */
function groupShares(
  endpoint: DesiredEndpoint,
  path: string,
  type: LeafType,
): readonly { readonly leaf: Leaf; readonly share: number }[] {
  const node = endpoint.nodes?.find((each) => each.path === path);
  const parts = (node?.branches ?? []).flatMap((branch) => {
    const shares = groupShares(endpoint, branchPath({ path }, branch), type);
    const { routing } = branch;
    return shares.length === 0 || !('weight' in routing) ? [] : [{ weight: routing.weight, shares }];
  });
  if (node?.branches !== undefined) {
    const total = parts.reduce((sum, { weight }) => sum + weight, 0);
    return parts.flatMap(({ weight, shares }) =>
      shares.map(({ leaf, share }) => ({ leaf, share: (share * weight) / total })),
    );
  }
  const own = leavesAt(endpoint, path).filter((leaf) => leaf.type === type);
  const total = own.reduce((sum, { weight }) => sum + weight, 0);
  return own.map((leaf) => ({ leaf, share: leaf.weight / total }));
}

function unservedAddress(subject: DnsName, leaves: readonly Leaf[]): readonly Finding[] {
  const found = leaves.flatMap(({ target, values = [] }) =>
    values.flatMap((address) => {
      const scope = scopeWithoutService(address);
      return scope === undefined ? [] : [{ target, address, scope }];
    }),
  );
  const [first] = found;
  if (first === undefined) return [];
  return [{ code: 'unserved-address', severity: 'note', subject, ...first, addresses: found.length }];
}

/**
 * What an address is for, if no client elsewhere is served at it: IANA's special-purpose address registries (RFC 6890),
 * and the multicast blocks of RFC 5771 and RFC 4291. Addresses are canonical texts; anything else gives undefined.
 */
function scopeWithoutService(address: string): string | undefined {
  if (address === '::' || address.startsWith('0.')) return 'unspecified';
  if (address === '::1' || address.startsWith('127.')) return 'loopback';
  if (address === '255.255.255.255') return 'broadcast';
  if (/^(22[4-9]|23\d)\./.test(address) || /^ff[0-9a-f]{2}:/.test(address)) return 'multicast';
  return undefined;
}

function sharedAddress(subject: DnsName, leaves: readonly Leaf[]): readonly Finding[] {
  const owners = new Map<string, string>();
  const found: { readonly address: string; readonly target: string; readonly otherTarget: string }[] = [];
  for (const { target, values = [] } of leaves) {
    for (const address of values) {
      const otherTarget = owners.get(address);
      if (otherTarget === undefined) owners.set(address, target);
      else found.push({ address, target, otherTarget });
    }
  }
  const [first] = found;
  if (first === undefined) return [];
  return [{ code: 'shared-address', severity: 'note', subject, ...first, addresses: found.length }];
}

/**
 * The node whose answers those of a node are a share of: the outermost one from which only groups of Pawl's own lead to
 * it. Weights that a route declares say what a branch is to get, and are no target's share.
 */
function topOf(groups: ReadonlySet<string>, path: string): string {
  let top = path;
  while (top !== '') {
    const dot = top.indexOf('.');
    const outer = dot < 0 ? '' : top.slice(dot + 1);
    if (!groups.has(outer)) break;
    top = outer;
  }
  return top;
}

/** A plan does not say which of its branches are groups: their weights are those of the capacities below them. */
function groupNodes(endpoint: DesiredEndpoint): ReadonlySet<string> {
  const found = (endpoint.nodes ?? []).filter(({ path, branches = [] }) => {
    const weights = branches.flatMap(({ routing }) => ('weight' in routing ? [routing.weight] : []));
    if (branches.length === 0 || weights.length < branches.length) return false;
    const capacities = branches.map((branch) => {
      const below = branchPath({ path }, branch);
      return capacityOf(leavesBelow(endpoint, below));
    });
    return sharedWeights(capacities).every((weight, index) => weight === weights[index]);
  });
  return new Set(found.map(({ path }) => path));
}

function smallShare(endpoint: DesiredEndpoint, top: string): readonly Finding[] {
  const found = typesOf(endpoint, top).flatMap((type) => {
    const shares = groupShares(endpoint, top, type);
    // Among many of much the same size each gets little, and none of them because of another's size.
    const halfOfEqual = (500 / shares.length) * (1 - ROUGH_SHARE);
    return shares
      .map(({ leaf, share }) => ({ target: leaf.target, permille: share * 1_000 }))
      .filter(({ permille }) => permille < Math.min(SMALL_SHARE_PERMILLE, halfOfEqual));
  });
  const [first] = found;
  if (first === undefined) return [];
  const permille = Math.round(first.permille);
  const { name: subject } = endpoint;
  return [
    { code: 'small-share', severity: 'note', subject, target: first.target, permille, targets: found.length },
  ];
}
