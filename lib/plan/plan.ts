import { canonicalJson, sha256 } from './canonical.ts';
import type { Generation } from './generation.ts';
import type { CellName, DnsName } from './names.ts';
import type { CellScope } from './owned-names.ts';
import { rollbackName } from './owned-names.ts';
import type { AliasTarget, RecordSet } from './records.ts';

declare const brand: unique symbol;
/** SHA-256 of a plan's canonical JSON, 64 lower-case hexadecimal digits. */
export type PlanDigest = string & { readonly [brand]: 'PlanDigest' };

/** How many digits of a digest the fence carries and people type. */
export const SHORT_DIGEST_LENGTH = 12;

/** addresses: A and AAAA leaves; hostname: CNAME leaves; alias: leaves that alias load balancers and the like. */
export type EndpointKind = 'addresses' | 'hostname' | 'alias';
export type LeafType = 'A' | 'AAAA' | 'CNAME';

/** One weighted record of a tree: one target in one family. Either `values` or `alias`. */
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
}

/** One endpoint's answer: the tree that its root points at, and that tree's leaves. */
export interface PlannedEndpoint {
  readonly name: DnsName;
  readonly kind: EndpointKind;
  /** The tree's full name; its label says which plan made it. */
  readonly tree: DnsName;
  /** Seconds, for leaves with values. */
  readonly ttl: number;
  /** In order of type, then target. */
  readonly leaves: readonly Leaf[];
}

/** The immutable desired state of one cell at one generation. */
export interface Plan {
  readonly format: 1;
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

/** A text of everything that an endpoint's records depend on, without the tree's name. Equal texts have equal trees. */
export function endpointContent(endpoint: Omit<PlannedEndpoint, 'tree'>): string {
  const known = CONTENTS.get(endpoint);
  if (known !== undefined) return known;
  const content = canonicalJson({
    name: endpoint.name,
    kind: endpoint.kind,
    ttl: endpoint.ttl,
    leaves: endpoint.leaves.map(({ capacity: _, ...leaf }) => leaf),
  });
  CONTENTS.set(endpoint, content);
  return content;
}

/** The texts of endpoints, each made once: a planner compares every endpoint with several others. */
const CONTENTS = new WeakMap<Omit<PlannedEndpoint, 'tree'>, string>();

/** The record types an endpoint's root needs, in order: one a family that has leaves. */
export function rootTypes(endpoint: Pick<PlannedEndpoint, 'leaves'>): readonly LeafType[] {
  const types: readonly LeafType[] = ['A', 'AAAA', 'CNAME'];
  return types.filter((type) => endpoint.leaves.some((leaf) => leaf.type === type));
}

/** The tree's records: one weighted record set a leaf. */
export function treeRecords(endpoint: PlannedEndpoint): readonly RecordSet[] {
  return endpoint.leaves.map((leaf) => ({
    name: endpoint.tree,
    type: leaf.type,
    setIdentifier: leaf.target,
    weight: leaf.weight,
    ...(leaf.alias === undefined ? { ttl: endpoint.ttl, values: leaf.values ?? [] } : { alias: leaf.alias }),
    healthCheckId: leaf.healthCheckId,
  }));
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
  return plan.endpoints.find((endpoint) => endpoint.name === name);
}
