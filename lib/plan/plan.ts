import { canonicalJson, sha256 } from './canonical.ts';
import type { Generation } from './generation.ts';
import type { CellName, DnsName } from './names.ts';
import type { CellScope } from './owned-names.ts';
import { rollbackName } from './owned-names.ts';
import type { AliasTarget, RecordSet } from './records.ts';
import type { BranchRouting } from './routing.ts';

declare const brand: unique symbol;
/** SHA-256 of a plan's canonical JSON, 64 lower-case hexadecimal digits. */
export type PlanDigest = string & { readonly [brand]: 'PlanDigest' };

/** How many digits of a digest the fence carries and people type. */
export const SHORT_DIGEST_LENGTH = 12;

/** addresses: A and AAAA leaves; hostname: CNAME leaves; alias: leaves that alias load balancers and the like. */
export type EndpointKind = 'addresses' | 'hostname' | 'alias';
export type LeafType = 'A' | 'AAAA' | 'CNAME';

/** One record of a tree that answers: one target in one family. Either `values` or `alias`. */
export interface Leaf {
  /** The target's id, which is the record's set identifier: 1 to 128 characters. */
  readonly target: string;
  readonly type: LeafType;
  /** 1 to 255. Never 0: all-zero weights mean all equal to Route 53. */
  readonly weight: number;
  /** The capacity that the weight was scaled from, in the fleet's own unit. Not part of the record. */
  readonly capacity: number;
  readonly values?: readonly string[] | undefined;
  readonly alias?: AliasTarget | undefined;
  readonly healthCheckId?: string | undefined;
  /** The path of the node that has it; absent: the tree itself. */
  readonly node?: string | undefined;
}

/**
 * One set of records of a tree, at a name of its own. A node whose content stays the same keeps its name, whichever tree
 * points at it (docs/adr/0064-a-tree-is-a-tree.md).
 */
export interface TreeNode {
  /** The ids of its branches, from the innermost outwards: `primary.eu-west-1`. Empty: the tree itself. */
  readonly path: string;
  readonly name: DnsName;
  /** The branches among which Route 53 chooses, in order of id; absent: its records are leaves. */
  readonly branches?: readonly TreeBranch[];
  /** Of leaves: up to eight healthy ones in an answer. Absent: one of them, by weight. */
  readonly answer?: 'multivalue';
}

/** An alias of a node to the node of one of its branches, whose path is this id before the node's own. */
export interface TreeBranch {
  /** The set identifier of its records. */
  readonly id: string;
  readonly routing: BranchRouting;
}

/** One endpoint's answer: the tree that its root points at, and that tree's leaves. */
export interface PlannedEndpoint {
  readonly name: DnsName;
  readonly kind: EndpointKind;
  /** The tree's full name; its label says which plan made it. */
  readonly tree: DnsName;
  /** Seconds, for leaves with values. */
  readonly ttl: number;
  /** In order of node, then type, then target. */
  readonly leaves: readonly Leaf[];
  /** The tree and the nodes below it, in order of path; absent: the tree is one set of weighted leaves. */
  readonly nodes?: readonly TreeNode[];
}

/** The immutable desired state of one cell at one generation. */
export interface Plan {
  /** 2 where an endpoint has nodes, which no reader of format 1 knows. */
  readonly format: 1 | 2;
  readonly cell: CellName;
  readonly zone: DnsName;
  readonly zoneId: string;
  readonly generation: Generation;
  /** The generation whose plan this one was made from; 0 for the first. */
  readonly parent: number;
  /** In order of name. */
  readonly endpoints: readonly PlannedEndpoint[];
}

/** The digest that names a plan everywhere. */
export function planDigest(plan: Plan): PlanDigest {
  return sha256(canonicalJson(plan)) as PlanDigest;
}

/** The first 12 digits of a digest, as the fence carries them. */
export function shortDigest(digest: string): string {
  return digest.slice(0, SHORT_DIGEST_LENGTH);
}

/** The format in which a plan with these endpoints is written. */
export function planFormat(endpoints: readonly PlannedEndpoint[]): Plan['format'] {
  return endpoints.some(({ nodes }) => nodes !== undefined) ? 2 : 1;
}

/** The record types an endpoint's root needs, in order: one a family that has leaves. */
export function rootTypes(endpoint: Pick<PlannedEndpoint, 'leaves'>): readonly LeafType[] {
  const types: readonly LeafType[] = ['A', 'AAAA', 'CNAME'];
  return types.filter((type) => endpoint.leaves.some((leaf) => leaf.type === type));
}

/** The endpoint's own alias records, one a family, which never evaluate health: an empty answer is worse than a sick one. */
export function rootRecords(endpoint: PlannedEndpoint, scope: CellScope): readonly RecordSet[] {
  return rootTypes(endpoint).map((type) => aliasTo(endpoint.name, type, endpoint.tree, scope));
}

/** An alias record of Pawl's own shape, within the zone. */
export function aliasTo(name: DnsName, type: string, target: DnsName, scope: CellScope): RecordSet {
  return { name, type, alias: { zoneId: scope.zoneId, name: target, evaluateTargetHealth: false } };
}

/** An endpoint's rollback root of one type, pointing at `tree`. */
export function rollbackRecord(endpoint: DnsName, type: string, tree: DnsName, scope: CellScope): RecordSet {
  return aliasTo(rollbackName(endpoint, scope), type, tree, scope);
}

/** The plan's endpoint of that name, if it has one. */
export function plannedEndpoint(plan: Plan, name: DnsName): PlannedEndpoint | undefined {
  const known = BY_NAME.get(plan) ?? new Map(plan.endpoints.map((endpoint) => [endpoint.name, endpoint]));
  BY_NAME.set(plan, known);
  return known.get(name);
}

/** The endpoints of plans by name, looked at once: a planner asks for every target. */
const BY_NAME = new WeakMap<Plan, ReadonlyMap<DnsName, PlannedEndpoint>>();
