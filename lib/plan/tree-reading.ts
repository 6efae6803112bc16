import type { DnsName } from './names.ts';
import type { EndpointKind, Leaf, LeafType, PlannedEndpoint } from './plan.ts';
import type { RecordSet } from './records.ts';

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
 * Reads a tree's records back into the planned endpoint; undefined when none of them is a leaf. Weights replace
 * capacities, which the zone does not have. Pure.
 */
export function plannedTree(
  name: DnsName,
  tree: DnsName,
  records: readonly RecordSet[],
): TreeReading | undefined {
  const parsed = records.flatMap((record) => leafOf(record) ?? []);
  const [first] = parsed;
  if (first === undefined) return undefined;
  const kind = kindOf(first.leaf);
  const ttl = first.ttl ?? ALIAS_TREE_TTL_S;
  const alike = parsed.filter(({ leaf }) => kindOf(leaf) === kind);
  const leaves = alike
    .map(({ leaf }) => leaf)
    .sort((a, b) => compare(a.type, b.type) || compare(a.target, b.target));
  const altered = alike.filter((read) => read.altered || (read.ttl ?? ttl) !== ttl).length;
  const strange = records.length - alike.length + altered;
  return { endpoint: { name, kind, tree, ttl, leaves }, strange };
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

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
