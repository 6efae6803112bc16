import type { ResourceRecordSet, RRType, Change as SdkChange } from '@aws-sdk/client-route-53';
import { InvalidValue } from '../../plan/invariant.ts';
import type { DnsName } from '../../plan/names.ts';
import { dnsName } from '../../plan/names.ts';
import type { AliasTarget, Change, ForeignRouting, RecordSet } from '../../plan/records.ts';

/**
 * Fields of the SDK's record set that belong to routing which Pawl never writes but must be able to delete. A policy
 * that is not among them (AZAffinity, which SDKs of its time do not model) is lost when an answer is parsed: the record
 * is then one that `hasUnknownRouting`.
 */
const FOREIGN_ROUTING_FIELDS = [
  'CidrRoutingConfig',
  'Failover',
  'GeoLocation',
  'GeoProximityLocation',
  'MultiValueAnswer',
  'Region',
  'TrafficPolicyInstanceId',
] as const satisfies readonly (keyof ResourceRecordSet)[];

/** Names that were read last: a listing or a trail has each name many times. */
const READ_NAMES_MAX = 20_000;
const readNames = new Map<string, DnsName>();

/** Nearly every name: a wildcard's first label, and octets that Route 53 does not escape. */
const NOTHING_TO_ESCAPE = /^(?:\*\.)?[A-Za-z0-9_.-]+$/;
/** Octets that Route 53 does not escape in a label, and escapes that are there already. */
const SHOWN_AS_THEY_ARE = /\\[0-7]{3}|[A-Za-z0-9_-]/y;

/**
 * Reads a record set out of an answer: names in canonical form, values as they stand.
 *
 * @throws InvalidValue when the name, the type or a value is missing, or a name is invalid.
 */
export function fromSdkRecord(sdk: ResourceRecordSet): RecordSet {
  const { Name: name, Type: type } = sdk;
  if (name === undefined || type === undefined)
    throw new InvalidValue('A record set has no name or no type.');
  const alias = sdk.AliasTarget === undefined ? undefined : fromSdkAlias(sdk.AliasTarget);
  // The SDK's parser gives an alias no list of values; some endpoints send an empty one.
  const values = alias === undefined ? sdk.ResourceRecords?.map(presentation) : undefined;
  const routing = foreignRouting(sdk);
  return {
    name: sdkName(name),
    type,
    ttl: sdk.TTL,
    values,
    alias,
    setIdentifier: sdk.SetIdentifier,
    weight: sdk.Weight,
    healthCheckId: sdk.HealthCheckId,
    routing,
  };
}

/** A record set as the SDK sends it: names with the trailing dot, foreign routing put back as it was read. */
export function toSdkRecord(record: RecordSet): ResourceRecordSet {
  return {
    ...record.routing,
    Name: `${record.name}.`,
    Type: record.type as RRType,
    SetIdentifier: record.setIdentifier,
    Weight: record.weight,
    TTL: record.ttl,
    ResourceRecords: record.values?.map((Value) => ({ Value })),
    AliasTarget: record.alias === undefined ? undefined : toSdkAlias(record.alias),
    HealthCheckId: record.healthCheckId,
  };
}

/** One element of a batch as the SDK sends it. */
export function toSdkChange({ action, record }: Change): SdkChange {
  return { Action: action, ResourceRecordSet: toSdkRecord(record) };
}

/**
 * A name as Route 53 or a service like it wrote it: escapes what Route 53 would have escaped (any octet but `a-z`,
 * `0-9`, `-`, `_`; Developer Guide, "DNS domain name format"), folds case, reads a leading `\052` as `*`.
 *
 * @throws InvalidValue when what comes out is not a DNS name.
 */
export function sdkName(text: string): DnsName {
  const known = readNames.get(text);
  if (known !== undefined) return known;
  const name = escapedName(text);
  if (readNames.size >= READ_NAMES_MAX) readNames.clear();
  readNames.set(text, name);
  return name;
}

function escapedName(text: string): DnsName {
  if (NOTHING_TO_ESCAPE.test(text)) return dnsName(text);
  const [first, ...others] = text.split('.');
  // An asterisk is a wildcard only as the first label; anywhere else it is an ordinary octet.
  const start = first === undefined || first === '*' ? first : escapeLabel(first);
  return dnsName([start, ...others.map(escapeLabel)].join('.'));
}

function escapeLabel(label: string): string {
  let escaped = '';
  for (let at = 0; at < label.length; ) {
    SHOWN_AS_THEY_ARE.lastIndex = at;
    const [plain] = SHOWN_AS_THEY_ARE.exec(label) ?? [];
    const taken = plain ?? String.fromCodePoint(label.codePointAt(at) ?? 0);
    escaped += plain ?? octalEscapes(taken);
    at += taken.length;
  }
  return escaped;
}

function octalEscapes(character: string): string {
  return [...new TextEncoder().encode(character)]
    .map((octet) => `\\${octet.toString(8).padStart(3, '0')}`)
    .join('');
}

function presentation({ Value: value }: { readonly Value: string | undefined }): string {
  if (value === undefined) throw new InvalidValue('A record set has an element with no value.');
  return value;
}

function fromSdkAlias(alias: NonNullable<ResourceRecordSet['AliasTarget']>): AliasTarget {
  const { HostedZoneId: zoneId, DNSName: name, EvaluateTargetHealth: evaluateTargetHealth } = alias;
  if (zoneId === undefined || name === undefined || evaluateTargetHealth === undefined) {
    throw new InvalidValue('An alias has no hosted zone, no name or no EvaluateTargetHealth.');
  }
  return { zoneId, name: sdkName(name), evaluateTargetHealth };
}

function toSdkAlias(alias: AliasTarget): NonNullable<ResourceRecordSet['AliasTarget']> {
  return {
    HostedZoneId: alias.zoneId,
    DNSName: `${alias.name}.`,
    EvaluateTargetHealth: alias.evaluateTargetHealth,
  };
}

/** Always in the same order of keys, because records are compared as text (sameRecord). */
function foreignRouting(sdk: ResourceRecordSet): ForeignRouting | undefined {
  let routing: Record<string, unknown> | undefined;
  for (const key of FOREIGN_ROUTING_FIELDS) {
    const value = sdk[key];
    if (value === undefined) continue;
    routing ??= {};
    routing[key] = sorted(value);
  }
  return routing;
}

function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).filter(([, field]) => field !== undefined);
  return Object.fromEntries(
    fields.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, field]) => [key, sorted(field)]),
  );
}
