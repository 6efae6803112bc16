import { canonicalJson } from './canonical.ts';
import type { DnsName } from './names.ts';
import type { Leaf, LeafType, Plan } from './plan.ts';
import type { DesiredEndpoint } from './tree-nodes.ts';
import { branchPath, endpointContent, isBelow } from './tree-nodes.ts';

/** How one set of endpoints differs from another. */
export interface PlanDifference {
  readonly added: readonly DnsName[];
  readonly changed: readonly DnsName[];
  readonly removed: readonly DnsName[];
  /** Share of capacity that goes, thousandths, of each endpoint that loses any. */
  readonly removedPermille: ReadonlyMap<DnsName, number>;
  /** Ids of the targets that answered and go, of each changed endpoint that loses any. */
  readonly targetsGone: ReadonlyMap<DnsName, readonly string[]>;
}

/** Compares the content of the base plan with the proposed content. */
export function planDifference(base: Plan | undefined, proposed: readonly DesiredEndpoint[]): PlanDifference {
  const before = new Map(base?.endpoints.map((endpoint) => [endpoint.name, endpoint]));
  const after = new Set(proposed.map(({ name }) => name));
  const added: DnsName[] = [];
  const changed: DnsName[] = [];
  const removedPermille = new Map<DnsName, number>();
  const targetsGone = new Map<DnsName, readonly string[]>();
  for (const endpoint of proposed) {
    const old = before.get(endpoint.name);
    if (old === undefined) added.push(endpoint.name);
    if (old === undefined || endpointContent(old) === endpointContent(endpoint)) continue;
    changed.push(endpoint.name);
    const permille = capacityRemoved(old, endpoint);
    if (permille > 0) removedPermille.set(endpoint.name, permille);
    const gone = targetsLost(old, endpoint);
    if (gone.length > 0) targetsGone.set(endpoint.name, gone);
  }
  const removed = [...before.keys()].filter((name) => !after.has(name));
  return { added, changed, removed, removedPermille, targetsGone };
}

/**
 * The share of an endpoint's answers that another answer does not give any more, weighted by their capacity, thousandths,
 * rounded up: of the endpoint as a whole (a target counts once for all its families) or of one family, whichever lost
 * more, because a client of one family cannot use another. Answers are compared, and not the targets' ids: what clients
 * get is a type with an address, a hostname, or an alias with its flags. What only stands by is neither capacity nor loss.
 * See docs/adr/0058-what-a-guard-counts.md.
 */
export function capacityRemoved(before: DesiredEndpoint, after: DesiredEndpoint): number {
  return Math.max(0, ...sharesLost(before, after).values());
}

/** A family, or the endpoint as a whole. */
export type Measure = LeafType | 'all';

/** {@link capacityRemoved} by what it is the share of. */
export function sharesLost(before: DesiredEndpoint, after: DesiredEndpoint): ReadonlyMap<Measure, number> {
  const standbys = standbyPaths(before);
  const [old, now] = [without(standbys, before), without(standbys, after)];
  const kept = old.kind === now.kind ? keeping(old.leaves, now.leaves) : () => 0;
  return sharesOf(old, (leaf) => 1 - kept(leaf));
}

/**
 * An endpoint without what answers only where something else cannot: it is no capacity that clients use.
 *
 * @param standbys the paths of what stands by, in the answer that is measured: what another one lets stand by is there.
 */
function without(standbys: readonly string[], endpoint: DesiredEndpoint): DesiredEndpoint {
  if (standbys.length === 0) return endpoint;
  const isStandby = ({ node = '' }: Leaf): boolean => standbys.some((path) => isBelow(node, path));
  return { ...endpoint, leaves: endpoint.leaves.filter((leaf) => !isStandby(leaf)) };
}

/** The paths of the second branch of each failover, where there is a first. Pure. */
export function standbyPaths({ nodes = [] }: DesiredEndpoint): readonly string[] {
  return nodes.flatMap((node) =>
    (node.branches ?? [])
      .filter(({ routing }) => 'Failover' in routing && routing.Failover === 'SECONDARY')
      .map((branch) => branchPath(node, branch)),
  );
}

/**
 * The share of an endpoint's answers that came back, measured as {@link capacityRemoved} measures their loss, so that a
 * loss and the return of the same answers cancel: answers that were not given before, and that the fleet by which the
 * endpoint was planned last asks for already. What only a new declaration brings has never been gone.
 *
 * @param accepted what the endpoint is asked to answer by that fleet.
 */
export function capacityReturned(
  before: DesiredEndpoint,
  after: DesiredEndpoint,
  accepted: DesiredEndpoint,
): number {
  if (after.kind !== accepted.kind) return 0;
  const standbys = standbyPaths(after);
  const [old, now] = [without(standbys, before), without(standbys, after)];
  const asked = without(standbys, accepted);
  const known = keeping(now.leaves, asked.leaves);
  const kept = old.kind === now.kind ? keeping(now.leaves, old.leaves) : () => 0;
  return Math.max(0, ...sharesOf(now, (leaf) => Math.max(0, known(leaf) - kept(leaf))).values());
}

/** {@link capacityReturned} of each endpoint to which some comes back. */
export function returnedPermille(
  standing: ReadonlyMap<DnsName, DesiredEndpoint>,
  proposed: readonly DesiredEndpoint[],
  acceptedOf: (name: DnsName) => DesiredEndpoint | undefined,
): ReadonlyMap<DnsName, number> {
  const returned = proposed.flatMap((endpoint): [DnsName, number][] => {
    const before = standing.get(endpoint.name);
    const accepted = acceptedOf(endpoint.name);
    if (before === undefined || before === endpoint || accepted === undefined) return [];
    const permille = capacityReturned(before, endpoint, accepted);
    return permille === 0 ? [] : [[endpoint.name, permille]];
  });
  return new Map(returned);
}

/** Of each family, and of the whole: the sum of a part of each leaf, as the share of all, thousandths, rounded up. */
function sharesOf({ leaves }: DesiredEndpoint, partOf: (leaf: Leaf) => number): ReadonlyMap<Measure, number> {
  const families = new Map<Measure, { total: number; part: number }>();
  const targets = new Map<string, { capacity: number; part: number }>();
  for (const leaf of leaves) {
    const { type, target, capacity } = leaf;
    const part = partOf(leaf);
    const family = families.get(type) ?? { total: 0, part: 0 };
    families.set(type, { total: family.total + capacity, part: family.part + capacity * part });
    // A target that still answers in one of its families has not gone.
    targets.set(target, { capacity, part: Math.min(part, targets.get(target)?.part ?? 1) });
  }
  const all = { total: 0, part: 0 };
  for (const { capacity, part } of targets.values()) {
    all.total += capacity;
    all.part += capacity * part;
  }
  const shares = [...families, ['all', all] as const];
  return new Map(shares.map(([measure, { total, part }]) => [measure, permilleUp(part, total)]));
}

/** Sums of fractions are not exact: what is a whole number of thousandths must not become one more. */
const INEXACT_PERMILLE = 1e-6;

function permilleUp(part: number, total: number): number {
  return total === 0 ? 0 : Math.max(0, Math.ceil((part / total) * 1_000 - INEXACT_PERMILLE));
}

/** How much of the capacity behind an answer there is. */
interface Given {
  /** The capacity of the records that hold it. */
  readonly records: number;
  /** Its part of that: a record's capacity is shared by its addresses. */
  readonly part: number;
}

/**
 * How much of a leaf the other leaves give, 0 to 1. An address is given as before if either the records that hold it, or
 * its own part of them, have the same capacity: so neither more addresses in a record, nor the same addresses in more
 * records, are a loss.
 */
function keeping(leaves: readonly Leaf[], others: readonly Leaf[]): (leaf: Leaf) => number {
  const old = givenBy(leaves);
  const now = givenBy(others);
  return (leaf) => {
    const answers = answersIn(leaf);
    const kept = answers.map((answer) => {
      const before = old.get(answer);
      const after = now.get(answer);
      if (before === undefined || after === undefined) return 0;
      return Math.min(1, Math.max(after.records / before.records, after.part / before.part));
    });
    return kept.reduce((sum, each) => sum + each, 0) / Math.max(1, kept.length);
  };
}

function givenBy(leaves: readonly Leaf[]): ReadonlyMap<string, Given> {
  const given = new Map<string, Given>();
  for (const leaf of leaves) {
    const answers = answersIn(leaf);
    for (const answer of answers) {
      const { records, part } = given.get(answer) ?? { records: 0, part: 0 };
      given.set(answer, {
        records: records + leaf.capacity,
        part: part + leaf.capacity / answers.length,
      });
    }
  }
  return given;
}

/** What a client can get from a leaf, each with its type. */
function answersIn({ type, values = [], alias }: Leaf): readonly string[] {
  return alias === undefined
    ? values.map((value) => `${type} ${value}`)
    : [`${type} ${canonicalJson(alias)}`];
}

/** Ids of the targets that answer before and not after. */
export function targetsLost(before: DesiredEndpoint, after: DesiredEndpoint): readonly string[] {
  const kept = capacities(after);
  return [...capacities(before).keys()].filter((target) => !kept.has(target));
}

/** Capacity by target, each target once. */
export function capacities({ leaves }: Pick<DesiredEndpoint, 'leaves'>): ReadonlyMap<string, number> {
  const known = CAPACITIES.get(leaves) ?? new Map(leaves.map(({ target, capacity }) => [target, capacity]));
  CAPACITIES.set(leaves, known);
  return known;
}

/** The targets of endpoints, looked at once: a planner asks for every target whether it answers now. */
const CAPACITIES = new WeakMap<readonly Leaf[], ReadonlyMap<string, number>>();
