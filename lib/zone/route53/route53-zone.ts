import type { Route53Client, Route53ClientConfig, RRType } from '@aws-sdk/client-route-53';
import {
  ChangeResourceRecordSetsCommand,
  GetChangeCommand,
  GetHostedZoneCommand,
  ListResourceRecordSetsCommand,
} from '@aws-sdk/client-route-53';
import { invariant } from '../../plan/invariant.ts';
import type { Clock, Instant } from '../../runtime/clock.ts';
import { instant } from '../../runtime/clock.ts';
import type { Randomness } from '../../runtime/ids.ts';
import type { RateBudget, Sending, Urgency } from '../../runtime/rate-budget.ts';
import type { Attempt, RetryBounds } from '../../runtime/retry.ts';
import { retry, URGENT_WAIT_MS } from '../../runtime/retry.ts';
import { METRICS } from '../../telemetry/metric-names.ts';
import type { Batch, ChangeOutcome, RecordPosition, Zone } from '../zone.ts';
import { ZoneNotFound, ZoneUnavailable } from '../zone.ts';
import { toSdkChange } from './record-shapes.ts';
import { readRefusals } from './refusal-shapes.ts';
import { parseChangeId, parsePage, parseStatus, parseZone } from './service-answers.ts';
import type { Failure } from './service-errors.ts';
import { classify, deniedAdvice, isThrottling } from './service-errors.ts';

/** The most records that Route 53 lists in one page (ListResourceRecordSets, API reference). */
const LIST_LIMIT_MAX = 300;
/** The longest comment of a batch, in characters (ChangeBatch, API reference). */
const COMMENT_MAX = 256;
const ZONE_ID_PREFIX = '/hostedzone/';
/** What clients wait for: where a name points, and that nothing changes any more. */
const URGENT_KINDS: ReadonlySet<string> = new Set(['flip', 'handover', 'freeze']);

/**
 * Settings that every Route 53 client of Pawl's must have. The SDK's own retries would send a batch a second time
 * after a lost answer, and its clock-skew correction sends a refused batch three times; both are off. A request
 * that is not answered in time ends as an error: without `throwOnRequestTimeout` the SDK only logs a warning.
 */
export const route53ClientDefaults = {
  maxAttempts: 1,
  disableClockSkewCorrection: true,
  requestHandler: { connectionTimeout: 3_000, requestTimeout: 15_000, throwOnRequestTimeout: true },
} as const satisfies Route53ClientConfig;

/** The part of the telemetry port that the adapter reports its requests to. An adapter does not import the port. */
export interface RequestTelemetry {
  count(metric: string, value: number, dimensions?: Readonly<Record<string, string>>): void;
  note(message: string, facts?: Readonly<Record<string, unknown>>): void;
}

export interface Route53ZoneSettings {
  readonly clock: Clock;
  readonly randomness: Randomness;
  readonly budget: RateBudget;
  /** How long one verb may wait for the rate and try again, in milliseconds. A request under way is not cut off. */
  readonly deadlineMs: number;
  /** Whether this zone's requests are urgent; `routine` by default. A freeze and a flip always are. */
  readonly urgency?: Urgency;
  readonly telemetry?: RequestTelemetry;
  /** Ends waits and requests when the run that uses the zone must end. */
  readonly signal?: AbortSignal;
}

/** One try at a request: its answer, or how it failed. */
type Answer<T> =
  | { readonly type: 'answer'; readonly value: T }
  | { readonly type: 'failure'; readonly error: unknown };

interface Caller {
  readonly zoneId: string;
  readonly settings: Route53ZoneSettings;
}

/**
 * The zone `zoneId` (with or without `/hostedzone/`) of Route 53 or of an endpoint that speaks its protocol.
 * `client` must have been built with {@link route53ClientDefaults}: a client that retries a batch breaks the port's
 * promise. guarded-zone.ts wraps an adapter and asserts what a role's batches may hold.
 */
export function route53Zone(client: Route53Client, zoneId: string, settings: Route53ZoneSettings): Zone {
  const id = zoneId.startsWith(ZONE_ID_PREFIX) ? zoneId.slice(ZONE_ID_PREFIX.length) : zoneId;
  const caller: Caller = { zoneId: id, settings };
  readRefusals(client);
  const options = settings.signal === undefined ? {} : { abortSignal: settings.signal };

  return {
    id,
    listRecords: async (start, limit) => {
      invariant(
        limit >= 1 && limit <= LIST_LIMIT_MAX,
        `a page has 1 to ${LIST_LIMIT_MAX} records, not ${limit}`,
      );
      const command = new ListResourceRecordSetsCommand({
        HostedZoneId: id,
        ...listFrom(start),
        MaxItems: limit,
      });
      return await read(caller, 'ListResourceRecordSets', async () =>
        parsePage(await client.send(command, options)),
      );
    },

    change: async (batch) => {
      invariant(batch.changes.length > 0, 'a batch holds at least one change');
      invariant(batch.comment.length <= COMMENT_MAX, `a comment has at most ${COMMENT_MAX} characters`);
      const command = new ChangeResourceRecordSetsCommand({
        HostedZoneId: id,
        ChangeBatch: { Comment: batch.comment, Changes: batch.changes.map(toSdkChange) },
      });
      return await change(caller, batch, async () => {
        const { ChangeInfo } = await client.send(command, options);
        return parseChangeId(ChangeInfo?.Id);
      });
    },

    changeStatus: (changeId) => {
      const command = new GetChangeCommand({ Id: changeId });
      return read(
        caller,
        'GetChange',
        async () => parseStatus((await client.send(command, options)).ChangeInfo?.Status),
        // Route 53 forgets old changes, and it does not know an id of another service or of another form.
        (failure) => (failure.kind === 'no-change' || failure.kind === 'refused' ? 'unknown' : undefined),
      );
    },

    describe: () => {
      const command = new GetHostedZoneCommand({ Id: id });
      return read(caller, 'GetHostedZone', async () => parseZone(id, await client.send(command, options)));
    },
  };
}

/** A request that changes nothing: it is tried again within the deadline whenever that may help. */
async function read<T>(
  caller: Caller,
  operation: string,
  send: () => Promise<T>,
  valueOfFailure: (failure: Failure) => T | undefined = () => undefined,
): Promise<T> {
  const { settings } = caller;
  const deadline = deadlineOf(settings);
  const sending = { urgency: settings.urgency ?? 'routine', deadline };
  const outcome = await retry(settings, bounds(settings, sending), async (): Promise<Attempt<T>> => {
    const answer = await tryOnce(caller, operation, sending, send);
    if (answer.type === 'answer') return { type: 'done', value: answer.value };
    settings.signal?.throwIfAborted();
    const failure = classify(answer.error);
    const value = valueOfFailure(failure);
    if (value !== undefined) return { type: 'done', value };
    if (failure.kind === 'busy' || failure.kind === 'lost') return { type: 'again', cause: answer.error };
    throw serviceError(caller, operation, failure, answer.error);
  });
  if (outcome.type === 'done') return outcome.value;
  throw lateError(caller, operation, outcome.cause);
}

/**
 * A batch is sent again only after Route 53 answered that it was too busy to process it (`Throttling`,
 * `PriorRequestNotComplete`). That attempt did nothing, and the next one holds the same exact DELETE of the fence, so
 * it is as safe as the first. After any answer that leaves a doubt the batch is never sent again.
 */
async function change(caller: Caller, batch: Batch, send: () => Promise<string>): Promise<ChangeOutcome> {
  const operation = 'ChangeResourceRecordSets';
  const { settings } = caller;
  const urgency = URGENT_KINDS.has(batch.kind) ? 'urgent' : (settings.urgency ?? 'routine');
  const deadline = deadlineOf(settings);
  const sending = { urgency, deadline, changes: batch.changes.length };
  const outcome = await retry(
    settings,
    bounds(settings, sending),
    async (): Promise<Attempt<ChangeOutcome>> => {
      const answer = await tryOnce(caller, operation, sending, send);
      if (answer.type === 'answer')
        return { type: 'done', value: { type: 'accepted', changeId: answer.value } };
      const failure = classify(answer.error);
      switch (failure.kind) {
        case 'busy':
          return { type: 'again', cause: answer.error };
        case 'refused':
          return { type: 'done', value: { type: 'rejected', reason: failure.reason } };
        case 'no-zone':
        case 'denied':
          throw serviceError(caller, operation, failure, answer.error);
        case 'lost':
        case 'odd':
        case 'no-change':
          return { type: 'done', value: { type: 'unknown', reason: failure.reason } };
      }
    },
  );
  if (outcome.type === 'done') return outcome.value;
  throw lateError(caller, operation, outcome.cause);
}

/** Sends a request once, within the rate. @throws ZoneUnavailable when the rate leaves no room for it in time. */
export async function tryOnce<T>(
  { zoneId, settings }: Caller,
  operation: string,
  sending: Sending,
  send: () => Promise<T>,
): Promise<Answer<T>> {
  const permit = await settings.budget.take({ ...sending, signal: settings.signal });
  if (permit === 'late') {
    throw new ZoneUnavailable(`The rate budget left no room for ${operation} on the zone ${zoneId} in time.`);
  }
  settings.telemetry?.count(METRICS.route53Requests, 1, { operation });
  try {
    const value = await send();
    permit.answered('served');
    return { type: 'answer', value };
  } catch (error) {
    const { kind, reason } = classify(error);
    if (kind !== 'lost') permit.answered(isThrottling(error) ? 'throttled' : 'served');
    settings.telemetry?.count(METRICS.route53Failures, 1, { operation, kind });
    settings.telemetry?.note('Route 53 did not do what it was asked', { operation, zoneId, kind, reason });
    return { type: 'failure', error };
  }
}

function serviceError(caller: Caller, operation: string, failure: Failure, cause: unknown): Error {
  const { zoneId } = caller;
  if (failure.kind === 'no-zone') {
    return new ZoneNotFound(`The hosted zone ${zoneId} does not exist in this account.`, { cause });
  }
  if (failure.kind === 'denied') {
    const message = `Route 53 refused ${operation} on the zone ${zoneId} to these credentials (${failure.reason}): ${deniedAdvice(cause, operation)}.`;
    return new ZoneUnavailable(message, { cause });
  }
  return new ZoneUnavailable(`${operation} on the zone ${zoneId} failed: ${failure.reason}.`, { cause });
}

function lateError({ zoneId, settings }: Caller, operation: string, cause: unknown): ZoneUnavailable {
  const message = `Route 53 did not answer ${operation} on the zone ${zoneId} within ${settings.deadlineMs} ms (${classify(cause).reason}).`;
  return new ZoneUnavailable(message, { cause });
}

function deadlineOf({ clock, deadlineMs }: Route53ZoneSettings): Instant {
  return instant(clock.now() + deadlineMs);
}

function bounds({ signal }: Route53ZoneSettings, { urgency, deadline }: Sending): RetryBounds {
  return {
    deadline,
    ...(signal === undefined ? {} : { signal }),
    ...(urgency === 'urgent' ? { longestWaitMs: URGENT_WAIT_MS } : {}),
  };
}

function listFrom(start: RecordPosition) {
  return {
    StartRecordName: `${start.name}.`,
    StartRecordType: start.type as RRType | undefined,
    StartRecordIdentifier: start.setIdentifier,
  };
}
