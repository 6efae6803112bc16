import type { ChangeInfo } from '../change-propagation.ts';
import type { HostedZoneInfo } from '../hosted-zones.ts';
import type { RequestedChange, RequestedRecord } from '../requested-changes.ts';

/** What CloudTrail says of the sender and the moment of a request. */
export interface TrailedRequest {
  readonly eventId: string;
  readonly requestId: string;
  /** Milliseconds since 1970; the trail has whole seconds. */
  readonly at: number;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, string>;
  /** Where Route 53 refused. */
  readonly error?: { readonly code: string; readonly message: string } | undefined;
}

/** An account that no customer of AWS has. */
const ACCOUNT = '000000000000';
/** A larger field is left out of an event (CloudTrail User Guide, "CloudTrail record contents"). */
const PARAMETER_BYTES_MAX = 102_400;
const CREDENTIAL = /Credential=([^/,\s]+)\//;

/** A ChangeResourceRecordSets request as CloudTrail records it, accepted or refused. */
export function changeRecord(
  request: TrailedRequest,
  zoneId: string,
  batch: { readonly changes: readonly RequestedChange[]; readonly comment?: string | undefined } | undefined,
  change: ChangeInfo | undefined,
): Readonly<Record<string, unknown>> {
  const changes = batch?.changes.map(({ action, record }) => ({
    action,
    resourceRecordSet: trailedSet(record),
  }));
  const comment = batch?.comment === undefined ? {} : { comment: batch.comment };
  const parameters = {
    ...(changes === undefined ? {} : { changeBatch: { changes, ...comment } }),
    hostedZoneId: zoneId,
  };
  return {
    ...said(request, 'ChangeResourceRecordSets'),
    additionalEventData: { Note: 'Do not use to reconstruct hosted zone' },
    requestParameters: bounded(parameters),
    responseElements: change === undefined ? null : { changeInfo: changeFields(change) },
  };
}

/** A CreateHostedZone request as CloudTrail records it. */
export function zoneRecord(
  request: TrailedRequest,
  { id, name, callerReference }: Pick<HostedZoneInfo, 'id' | 'name' | 'callerReference'>,
): Readonly<Record<string, unknown>> {
  const config = { privateZone: false };
  return {
    ...said(request, 'CreateHostedZone'),
    requestParameters: { name, callerReference },
    responseElements: {
      hostedZone: { id: `/hostedzone/${id}`, name: `${name}.`, callerReference, config },
    },
  };
}

function said({ eventId, requestId, at, headers, error }: TrailedRequest, eventName: string) {
  const [, key = 'nobody'] = CREDENTIAL.exec(headers.get('authorization') ?? '') ?? [];
  return {
    eventVersion: '1.11',
    userIdentity: {
      ...{ type: 'IAMUser', principalId: key, arn: `arn:aws:iam::${ACCOUNT}:user/${key}` },
      ...{ accountId: ACCOUNT, accessKeyId: key, userName: key },
    },
    eventTime: `${new Date(at).toISOString().slice(0, 19)}Z`,
    ...{ eventSource: 'route53.amazonaws.com', eventName, awsRegion: 'us-east-1' },
    ...{ sourceIPAddress: '127.0.0.1', userAgent: headers.get('user-agent') ?? '' },
    ...(error === undefined ? {} : { errorCode: `${error.code}Exception`, errorMessage: error.message }),
    ...{ requestID: requestId, eventID: eventId, readOnly: false, eventType: 'AwsApiCall' },
    ...{ apiVersion: '2013-04-01', managementEvent: true, recipientAccountId: ACCOUNT },
    eventCategory: 'Management',
  };
}

function bounded(parameters: unknown): unknown {
  const size = Buffer.byteLength(JSON.stringify(parameters));
  return size > PARAMETER_BYTES_MAX ? { omitted: true, originalSize: size } : parameters;
}

function changeFields({ id, status, submittedAt, comment }: ChangeInfo) {
  return {
    ...(comment === undefined ? {} : { comment }),
    ...{ id: `/change/${id}`, status, submittedAt: shownTime(submittedAt) },
  };
}

const SHOWN = new Intl.DateTimeFormat('en-US', {
  ...{ dateStyle: 'medium', timeStyle: 'medium' },
  timeZone: 'UTC',
});

/** `Jan 16, 2015 12:41:43 AM`, as the trail writes times of answers. */
function shownTime(at: number): string {
  return SHOWN.format(at)
    .replaceAll(' ', ' ')
    .replace(/, (\d+:)/, ' $1');
}

/** The API's fields with the first letter in lower case: `tTL`, `aliasTarget.dNSName`. */
function trailedSet(record: RequestedRecord): Readonly<Record<string, unknown>> {
  const { name, type, ttl, values, alias, setIdentifier, weight, healthCheckId, routing } = record;
  return {
    name,
    type,
    ...(setIdentifier === undefined ? {} : { setIdentifier }),
    ...(weight === undefined ? {} : { weight }),
    ...(ttl === undefined ? {} : { tTL: ttl }),
    ...(values === undefined ? {} : { resourceRecords: values.map((value) => ({ value })) }),
    ...(alias === undefined ? {} : { aliasTarget: trailedAlias(alias) }),
    ...(healthCheckId === undefined ? {} : { healthCheckId }),
    ...(routing === undefined ? {} : lowered(routing)),
  };
}

function trailedAlias({ zoneId, name, evaluateTargetHealth }: NonNullable<RequestedRecord['alias']>) {
  return { hostedZoneId: zoneId, dNSName: name, evaluateTargetHealth };
}

function lowered(fields: object): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    Object.entries(fields).map(([field, value]) => [
      `${field.charAt(0).toLowerCase()}${field.slice(1)}`,
      typeof value === 'object' && value !== null ? lowered(value) : value,
    ]),
  );
}
