import type { DnsName } from '../plan/names.ts';
import type { RecordSet } from '../plan/records.ts';
import type { ParsedDomain } from './domain-names.ts';
import { parseDomain } from './domain-names.ts';
import { RECORD_TYPES, valueProblem } from './record-values.ts';
import { invalidInput } from './route53-error.ts';
import { policiesOf, routingProblem, TRAFFIC_POLICY, unknownValue } from './routing-fields.ts';

export type RequestedAction = 'CREATE' | 'DELETE' | 'UPSERT';

/** A record set as a caller writes it: names in any form that Route 53 reads. A {@link RecordSet} is one. */
export type RequestedRecord = Omit<RecordSet, 'name' | 'alias'> & {
  readonly name: string;
  readonly alias?:
    | {
        readonly zoneId: string;
        readonly name: string;
        readonly evaluateTargetHealth: boolean;
      }
    | undefined;
};

export interface RequestedChange {
  readonly action: RequestedAction;
  readonly record: RequestedRecord;
}

/** A change whose record set is well formed and in canonical form. */
export interface ReadChange {
  readonly action: RequestedAction;
  readonly record: RecordSet;
}

const TTL_MAX = 2_147_483_647;
const WEIGHT_MAX = 255;
const SET_IDENTIFIER_MAX = 128;
const VALUE_LENGTH_MAX = 4_000;
const VALUES_MAX = 400;

/**
 * Reads a batch and checks everything about each change that needs no zone. A mistake in the request's form throws at
 * once; a mistake in a record set is a message, so that all of them are listed together.
 *
 * @throws Route53Error InvalidInput when a field is missing, out of range, or excludes another.
 */
export function readChanges(requested: readonly RequestedChange[]): {
  readonly changes: readonly ReadChange[];
  readonly messages: readonly string[];
} {
  if (requested.length === 0) {
    throw constraint('[]', 'changeBatch.changes', 'have length greater than or equal to 1');
  }
  requested.forEach(assertForm);
  const changes: ReadChange[] = [];
  const messages: string[] = [];
  for (const { action, record } of requested) {
    const name = parseDomain(record.name);
    const target = record.alias === undefined ? undefined : parseDomain(record.alias.name);
    const found = [problemIn(name), problemIn(target)].filter((problem) => problem !== undefined);
    // A DELETE either matches a stored record or not: only a record that would be stored must be valid.
    if (action !== 'DELETE') found.push(...valueProblems(record));
    messages.push(...found);
    if (found.length === 0 && 'name' in name)
      changes.push({ action, record: canonical(record, name.name, target) });
  }
  return { changes, messages };
}

function problemIn(parsed: ParsedDomain | undefined): string | undefined {
  return parsed !== undefined && 'problem' in parsed ? parsed.problem : undefined;
}

function canonical(record: RequestedRecord, name: DnsName, target: ParsedDomain | undefined): RecordSet {
  const { alias, ...rest } = record;
  if (alias === undefined || target === undefined || !('name' in target)) return { ...rest, name };
  return { ...rest, name, alias: { ...alias, name: target.name } };
}

function valueProblems(record: RequestedRecord): string[] {
  const values = record.values;
  if (values === undefined) return [];
  const messages: string[] = [];
  if (values.length > VALUES_MAX) messages.push(`Cannot have more than ${VALUES_MAX} records in a RRSet.`);
  if (values.length > 1) {
    if (record.type === 'CNAME' || record.type === 'SOA') {
      messages.push(`Cannot have more than 1 records in a RRSet of type ${record.type}.`);
    }
    const seen = new Set<string>();
    for (const value of values) {
      if (seen.has(value)) messages.push(`Duplicate Resource Record: '${value}'`);
      seen.add(value);
    }
  }
  for (const value of values) {
    const problem = valueProblem(record.type, value);
    if (problem !== undefined) messages.push(problem);
  }
  return messages;
}

function assertForm(change: RequestedChange, index: number): void {
  const { record } = change;
  const at = (field: string) => `changeBatch.changes.${index + 1}.member.resourceRecordSet.${field}`;
  if (!RECORD_TYPES.has(record.type)) {
    throw notAmong(record.type, at('type'), RECORD_TYPES);
  }
  assertRange(record.ttl, at('tTL'), TTL_MAX);
  assertRange(record.weight, at('weight'), WEIGHT_MAX);
  const identifier = record.setIdentifier;
  if (identifier !== undefined && (identifier.length < 1 || identifier.length > SET_IDENTIFIER_MAX)) {
    throw constraint(identifier, at('setIdentifier'), `have length between 1 and ${SET_IDENTIFIER_MAX}`);
  }
  for (const value of record.values ?? []) {
    if (value.length > VALUE_LENGTH_MAX) {
      const shown = `${value.slice(0, 40)}...`;
      throw constraint(
        shown,
        at('resourceRecords.value'),
        `have length less than or equal to ${VALUE_LENGTH_MAX}`,
      );
    }
  }
  assertContent(change);
  assertRouting(change);
  // A DELETE either matches a stored record or not.
  if (change.action === 'DELETE') return;
  const unknown = unknownValue(record);
  if (unknown !== undefined) throw notAmong(unknown.value, at(unknown.field), unknown.known);
  const problem = routingProblem(record);
  if (problem !== undefined) throw invalidRequest(problem, change);
}

function assertContent(change: RequestedChange): void {
  const { alias, ttl, values, type, routing } = change.record;
  const plain = ttl !== undefined || values !== undefined;
  const byPolicy = routing?.[TRAFFIC_POLICY] !== undefined;
  const wanted =
    'exactly one of [AliasTarget, all of [TTL, and ResourceRecords], or TrafficPolicyInstanceId]';
  // A record that a traffic policy made is listed with both, and deleted as it is listed.
  if (change.action !== 'DELETE' && byPolicy && (plain || alias !== undefined))
    throw invalidRequest(`Expected ${wanted}, but found more than one`, change);
  if (alias !== undefined && plain)
    throw invalidRequest(`Expected ${wanted}, but found more than one`, change);
  if (
    !byPolicy &&
    alias === undefined &&
    (ttl === undefined || values === undefined || values.length === 0)
  ) {
    throw invalidRequest(`Expected ${wanted}, but found none`, change);
  }
  if (alias !== undefined && (type === 'NS' || type === 'SOA')) {
    throw invalidRequest(`An alias cannot be of type ${type}`, change);
  }
}

function assertRouting(change: RequestedChange): void {
  const { setIdentifier, type } = change.record;
  const kinds = policiesOf(change.record).length;
  if (kinds > 1) throw invalidRequest('Expected at most one routing policy, but found more than one', change);
  if (kinds === 1 && setIdentifier === undefined) {
    throw invalidRequest("Missing field 'SetIdentifier'", change);
  }
  if (kinds === 0 && setIdentifier !== undefined) {
    throw invalidRequest(
      'Expected exactly one of [Weight, Region, Failover, GeoLocation, MultiValueAnswer, CidrRoutingConfig, or GeoProximityLocation], but found none',
      change,
    );
  }
  if (kinds === 1 && (type === 'NS' || type === 'SOA')) {
    throw invalidRequest(`A record set of type ${type} cannot have a routing policy`, change);
  }
}

function assertRange(value: number | undefined, field: string, max: number): void {
  if (value === undefined || (Number.isInteger(value) && value >= 0 && value <= max)) return;
  throw constraint(String(value), field, `have value between 0 and ${max}`);
}

function invalidRequest(what: string, { action, record }: RequestedChange): Error {
  const where = `[Action=${action}, Name=${record.name}, Type=${record.type}, SetIdentifier=${record.setIdentifier ?? 'null'}]`;
  return invalidInput(`Invalid request: ${what} in Change with ${where}`);
}

/** The refusal of a value that an enumeration of the API does not have. */
export function notAmong(value: string, field: string, known: ReadonlySet<string>): Error {
  return constraint(value, field, `satisfy enum value set: [${[...known].join(', ')}]`);
}

function constraint(value: string, field: string, must: string): Error {
  return invalidInput(
    `1 validation error detected: Value '${value}' at '${field}' failed to satisfy constraint: Member must ${must}`,
  );
}
