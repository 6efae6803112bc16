import type { ResourceRecordSet } from '@aws-sdk/client-route-53';
import { InvalidValue } from '../../plan/invariant.ts';
import type { RecordSet } from '../../plan/records.ts';
import { fromSdkRecord } from './record-shapes.ts';

/** Fields of the API by their names in a trail. There are few, and every record has the same. */
const CAPITALS = new Map<string, string>();
const CAPITALS_MAX = 200;

/**
 * Reads a record set out of a CloudTrail event. The trail has the API's fields with the first letter in lower case: `name`,
 * `tTL`, `aliasTarget.dNSName` (CloudTrail User Guide, "Amazon Route 53 information in CloudTrail log files").
 *
 * @throws InvalidValue when the name, the type or a value is missing, or a name is invalid.
 */
export function fromTrailRecord(json: unknown): RecordSet {
  const fields = withCapitals(json);
  if (typeof fields !== 'object' || fields === null || Array.isArray(fields))
    throw new InvalidValue('A change of the trail has no record set.');
  const sdk = fields as ResourceRecordSet;
  const isText = (value: unknown): boolean => typeof value === 'string';
  if (!isText(sdk.Name) || !isText(sdk.Type) || !isListOrAbsent(sdk.ResourceRecords))
    throw new InvalidValue('A record set of the trail has no name, no type, or no list of values.');
  return fromSdkRecord(sdk);
}

function isListOrAbsent(value: unknown): boolean {
  return value === undefined || Array.isArray(value);
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
