import { InvalidValue } from '../plan/invariant.ts';
import type { TrailChange, TrailContent, TrailEvent, TrailWriter } from '../trail/trail-event.ts';
import { fromTrailRecord } from '../zone/route53/trail-record.ts';

type Fields = Readonly<Record<string, unknown>>;

/** The events that a trail is read for. */
export const EVENT_NAMES: readonly string[] = ['ChangeResourceRecordSets', 'CreateHostedZone'];

/**
 * Reads one record of CloudTrail, or the same as the detail of an event of EventBridge (CloudTrail User Guide, "CloudTrail
 * record contents").
 *
 * @returns undefined for an event that is not about records of a zone.
 * @throws InvalidValue when such an event lacks what it must have.
 */
export function trailEventOf(json: unknown): TrailEvent | undefined {
  const outer = fieldsOf(json);
  const record = typeof outer?.['eventName'] === 'string' ? outer : fieldsOf(outer?.['detail']);
  const name = record?.['eventName'];
  if (record === undefined || typeof name !== 'string') throw new InvalidValue('it has no eventName');
  if (record['eventSource'] !== 'route53.amazonaws.com' || !EVENT_NAMES.includes(name)) return undefined;
  const id = record['eventID'];
  const at = Date.parse(textOf(record['eventTime']) ?? '');
  if (typeof id !== 'string' || Number.isNaN(at)) throw new InvalidValue('it has no eventID or no eventTime');
  const parameters = fieldsOf(record['requestParameters']);
  const answer = fieldsOf(record['responseElements']);
  const about = { id, at, who: writerOf(record) };
  if (name === 'CreateHostedZone') return zoneMade(about, record, answer);
  const zoneId = zoneIdIn(parameters);
  return { ...about, zoneId, content: contentOf(record, parameters, answer) };
}

function zoneMade(
  about: Pick<TrailEvent, 'id' | 'at' | 'who'>,
  record: Fields,
  answer: Fields | undefined,
): TrailEvent | undefined {
  const zoneId = textOf(fieldsOf(answer?.['hostedZone'])?.['id']);
  if (record['errorCode'] !== undefined || zoneId === undefined) return undefined;
  return { ...about, zoneId: bareId(zoneId), content: { type: 'zone-made' } };
}

function contentOf(record: Fields, parameters: Fields | undefined, answer: Fields | undefined): TrailContent {
  if (record['errorCode'] !== undefined && record['errorCode'] !== null) return { type: 'refused' };
  const id = textOf(fieldsOf(answer?.['changeInfo'])?.['id']);
  const changeId = id === undefined ? {} : { changeId: bareId(id) };
  const zoneId = zoneIdIn(parameters);
  const changes = fieldsOf(parameters?.['changeBatch'])?.['changes'];
  // A field that is too large is left out, and `omitted` says so. Without a zone nobody can say what was written.
  if (zoneId === '' || !Array.isArray(changes) || isOmitted(record) || isOmitted(parameters))
    return { type: 'omitted', ...changeId };
  return { type: 'batch', changes: changes.map(changeOf), ...changeId };
}

/** The zone that a request names; empty where the trail left it out. */
function zoneIdIn(parameters: Fields | undefined): string {
  return bareId(textOf(parameters?.['hostedZoneId']) ?? '');
}

function isOmitted(fields: Fields | undefined): boolean {
  return fields?.['omitted'] === true;
}

function changeOf(json: unknown): TrailChange {
  const fields = fieldsOf(json);
  const action = fields?.['action'];
  if (action !== 'CREATE' && action !== 'DELETE' && action !== 'UPSERT')
    throw new InvalidValue('one of its changes has no action');
  return { action, record: fromTrailRecord(fields?.['resourceRecordSet']) };
}

/** Writers that were read last: a trail has few of them, each many times. */
const WRITERS_MAX = 1_000;
const readWriters = new Map<string, TrailWriter>();

/** A role is meant by its own ARN too, whatever the session is called. The same writer is the same object, as a rule. */
function writerOf(record: Fields): TrailWriter {
  const identity = fieldsOf(record['userIdentity']) ?? {};
  const issuer = fieldsOf(fieldsOf(identity['sessionContext'])?.['sessionIssuer']) ?? {};
  const named = [
    identity['arn'],
    issuer['arn'],
    identity['accessKeyId'],
    identity['userName'],
    issuer['userName'],
    identity['invokedBy'],
    identity['principalId'],
  ].filter(isText);
  const key = named.join('\0');
  const known = key === '' ? undefined : readWriters.get(key);
  if (known !== undefined) return known;
  const names = [...new Set(named)];
  const writer = { name: names[0] ?? textOf(identity['type']) ?? 'nobody says who', names };
  if (readWriters.size >= WRITERS_MAX) readWriters.clear();
  readWriters.set(key, writer);
  return writer;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function textOf(value: unknown): string | undefined {
  return isText(value) ? value : undefined;
}

function fieldsOf(json: unknown): Fields | undefined {
  return typeof json === 'object' && json !== null && !Array.isArray(json) ? (json as Fields) : undefined;
}

function bareId(id: string): string {
  return id.replace(/^\/?(?:hostedzone|change)\//, '');
}
