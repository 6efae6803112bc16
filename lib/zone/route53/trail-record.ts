import type { ResourceRecordSet } from '@aws-sdk/client-route-53';
import { InvalidValue } from '../../plan/invariant.ts';
import type { RecordSet } from '../../plan/records.ts';
import { fromSdkRecord } from './record-shapes.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Fields of the API by their names in a trail. There are few, and every record has the same. */
const CAPITALS = new Map<string, string>();
const CAPITALS_MAX = 200;

/** The fields of most records: a trail has millions of them, and they are read by their names. */
const COMMON_FIELDS: ReadonlySet<string> = new Set([
  'name',
  'type',
  'tTL',
  'resourceRecords',
  'aliasTarget',
  'setIdentifier',
  'weight',
  'healthCheckId',
]);

/**
 * Reads a record set out of a CloudTrail event. The trail has the API's fields with the first letter in lower case: `name`,
 * `tTL`, `aliasTarget.dNSName` (CloudTrail User Guide, "Amazon Route 53 information in CloudTrail log files"). What is null
 * is as if it were left out.
 *
 * @throws InvalidValue when the name, the type or a value is missing, or a name is invalid.
 */
export function fromTrailRecord(json: unknown): RecordSet {
  const fields = fieldsOf(json);
  if (fields === undefined) throw new InvalidValue('A change of the trail has no record set.');
  const { name, type, resourceRecords, aliasTarget } = fields;
  const values = resourceRecords ?? undefined;
  if (
    typeof name !== 'string' ||
    typeof type !== 'string' ||
    (values !== undefined && !Array.isArray(values))
  )
    throw new InvalidValue('A record set of the trail has no name, no type, or no list of values.');
  const sdk = {
    Name: name,
    Type: type,
    TTL: fields['tTL'] ?? undefined,
    ResourceRecords: values?.map((each: unknown) => ({ Value: fieldsOf(each)?.['value'] ?? undefined })),
    AliasTarget: (aliasTarget ?? undefined) === undefined ? undefined : sdkAlias(fieldsOf(aliasTarget) ?? {}),
    SetIdentifier: fields['setIdentifier'] ?? undefined,
    Weight: fields['weight'] ?? undefined,
    HealthCheckId: fields['healthCheckId'] ?? undefined,
  };
  return fromSdkRecord(withOthers(sdk, fields) as ResourceRecordSet);
}

function fieldsOf(json: unknown): Fields | undefined {
  return typeof json === 'object' && json !== null && !Array.isArray(json) ? (json as Fields) : undefined;
}

function sdkAlias(fields: Fields): object {
  return {
    HostedZoneId: fields['hostedZoneId'] ?? undefined,
    DNSName: fields['dNSName'] ?? undefined,
    EvaluateTargetHealth: fields['evaluateTargetHealth'] ?? undefined,
  };
}

/** With the fields that few records have: routing that is not Pawl's. */
function withOthers(sdk: object, fields: Fields): object {
  let all = sdk;
  for (const field of Object.keys(fields)) {
    if (COMMON_FIELDS.has(field) || field === '' || fields[field] === null) continue;
    all = { ...all, [capitalOf(field)]: withCapitals(fields[field]) };
  }
  return all;
}

/** The same with the first letter of each field in upper case. What is null is left out. */
function withCapitals(json: unknown): unknown {
  if (Array.isArray(json)) return json.map(withCapitals);
  if (typeof json !== 'object' || json === null) return json;
  const capital: Record<string, unknown> = {};
  for (const [field, value] of Object.entries(json)) {
    if (value === null || field === '') continue;
    capital[capitalOf(field)] = withCapitals(value);
  }
  return capital;
}

function capitalOf(field: string): string {
  const known = CAPITALS.get(field);
  if (known !== undefined) return known;
  const capital = `${field.charAt(0).toUpperCase()}${field.slice(1)}`;
  if (CAPITALS.size < CAPITALS_MAX) CAPITALS.set(field, capital);
  return capital;
}
