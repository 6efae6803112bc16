import { canonicalJson } from './canonical.ts';
import type { DnsName } from './names.ts';

/** A record type as Route 53 names it (`A`, `TXT`, `NS`, `HTTPS`, …). */
export type RecordType = string;

/** Where an alias points: a name in a hosted zone, by that zone's id. */
export interface AliasTarget {
  readonly zoneId: string;
  readonly name: DnsName;
  readonly evaluateTargetHealth: boolean;
}

/**
 * Routing that Pawl never writes (latency, failover, geolocation, multivalue, CIDR, geoproximity), kept
 * as the SDK's own fields so that a foreign record can be deleted exactly as it stands.
 */
export type ForeignRouting = Readonly<Record<string, unknown>>;

/**
 * One resource record set, as ListResourceRecordSets returns it: either `alias`, or `ttl` and `values`.
 * Immutable. `values` are in presentation form (a TXT value with its quotes); their order does not matter.
 */
export interface RecordSet {
  readonly name: DnsName;
  readonly type: RecordType;
  /** Seconds, 0 to 2^31-1; absent on an alias. */
  readonly ttl?: number | undefined;
  readonly values?: readonly string[] | undefined;
  readonly alias?: AliasTarget | undefined;
  /** 1 to 128 characters; present with any routing policy other than simple, known or not (hasUnknownRouting). */
  readonly setIdentifier?: string | undefined;
  /** 0 to 255; present on weighted record sets. */
  readonly weight?: number | undefined;
  readonly healthCheckId?: string | undefined;
  readonly routing?: ForeignRouting | undefined;
}

export type ChangeAction = 'CREATE' | 'DELETE';

/** One element of a batch. There is no UPSERT: a blind write cannot be part of a compare-and-swap. */
export interface Change {
  readonly action: ChangeAction;
  readonly record: RecordSet;
}

/** What identifies a record set in its zone: name, type and set identifier. */
export function recordKey(record: Pick<RecordSet, 'name' | 'type' | 'setIdentifier'>): string {
  return `${record.name} ${record.type} ${record.setIdentifier ?? ''}`;
}

/**
 * True for a record set whose routing policy the SDK at hand does not model. Every routing policy but the simple one
 * needs a set identifier (ResourceRecordSet, API reference), and the SDK's parser leaves out elements that it does not
 * know: what is read has a set identifier and no policy. A DELETE must name the policy, so such a record cannot be
 * deleted, and nothing can be created in its place.
 */
export function hasUnknownRouting(record: Pick<RecordSet, 'setIdentifier' | 'weight' | 'routing'>): boolean {
  return record.setIdentifier !== undefined && record.weight === undefined && record.routing === undefined;
}

/** Whether a DELETE of one matches the other: every attribute, values in any order (ChangeResourceRecordSets, API reference). */
export function sameRecord(a: RecordSet, b: RecordSet): boolean {
  if (a === b) return true;
  return (
    recordKey(a) === recordKey(b) &&
    a.ttl === b.ttl &&
    a.weight === b.weight &&
    a.healthCheckId === b.healthCheckId &&
    sameAlias(a.alias, b.alias) &&
    sameValues(a.values, b.values) &&
    sameRouting(a.routing, b.routing)
  );
}

/** The same record sets, in any order. */
export function sameRecords(a: readonly RecordSet[], b: readonly RecordSet[]): boolean {
  return a.length === b.length && a.every((record) => b.some((other) => sameRecord(record, other)));
}

function sameAlias(a: AliasTarget | undefined, b: AliasTarget | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.zoneId === b.zoneId && a.name === b.name && a.evaluateTargetHealth === b.evaluateTargetHealth;
}

function sameRouting(a: ForeignRouting | undefined, b: ForeignRouting | undefined): boolean {
  if (a === b) return true;
  return canonicalJson(a ?? {}) === canonicalJson(b ?? {});
}

function sameValues(a: readonly string[] | undefined, b: readonly string[] | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  if (a.length !== b.length) return false;
  if (a.length === 1) return a[0] === b[0];
  const left = [...a].sort();
  const right = [...b].sort();
  return left.every((value, index) => value === right[index]);
}

/** Shorthands for the two kinds of change. */
export function create(record: RecordSet): Change {
  return { action: 'CREATE', record };
}

export function remove(record: RecordSet): Change {
  return { action: 'DELETE', record };
}
