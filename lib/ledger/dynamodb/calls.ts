import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Clock } from '../../runtime/clock.ts';
import { instant } from '../../runtime/clock.ts';
import { failedRequest, failureText } from '../../runtime/failed-request.ts';
import type { Randomness } from '../../runtime/ids.ts';
import { retry } from '../../runtime/retry.ts';
import { LedgerUnavailable, LedgerUnusable } from '../ledger.ts';

/** One table through one client. The client makes one attempt (`maxAttempts: 1`): every retry is decided here. */
export interface TableAccess {
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly clock: Clock;
  readonly randomness: Randomness;
}

/**
 * What a failed call came to. `condition`: its condition did not hold. `throttled`: refused for now, nothing was
 * written. `refused`: refused for good, nothing was written. `ambiguous`: it may have been done or not.
 */
export interface CallFailure {
  readonly kind: 'condition' | 'throttled' | 'refused' | 'ambiguous';
  /** One sentence for a person, with the cause. */
  readonly error: LedgerUnavailable | LedgerUnusable;
}

/** A throttled call is made again for this long. */
const PATIENCE_MS = 15_000;
/** Attempts of a call that gets no answer: a host that is not there is reported instead of waited for. */
const UNANSWERED_MAX = 4;
/** Attempts of a call that gets no answer, however long each takes: one that hangs may use up all the patience. */
const UNANSWERED_MIN = 2;
/** No attempt of a call begins later; a client's request ends after 15 s. */
export const CALL_MS_MAX = 60_000;

/**
 * Refused for now (DynamoDB Developer Guide, "Error handling"). ReplicatedWriteConflictException is a multi-Region
 * table's. TransactionConflictException: somebody else's transaction has the item, such as a tool that copies the table.
 */
const THROTTLED: readonly string[] = [
  'ProvisionedThroughputExceededException',
  'ThrottlingException',
  'RequestLimitExceeded',
  'ReplicatedWriteConflictException',
  'TransactionConflictException',
];

const NO_CREDENTIALS: readonly string[] = [
  'CredentialsProviderError',
  'TokenProviderError',
  'UnrecognizedClientException',
  'InvalidSignatureException',
  'IncompleteSignatureException',
  'MissingAuthenticationTokenException',
  'ExpiredTokenException',
];

/** The request was refused before it was processed (RFC 6585, section 4), by the service or by a proxy before it. */
const HTTP_TOO_MANY_REQUESTS = 429;

/** Sorts an error by its class's name and status, never by its text. */
export function failureOf(cause: unknown, table: string): CallFailure {
  const name = cause instanceof Error ? cause.name : 'unknown error';
  const { status, isForeign } = failedRequest(cause);
  const why = failureText(cause, 'DynamoDB');
  const unavailable = (what: string): LedgerUnavailable => new LedgerUnavailable(what, { cause });
  if (name === 'ConditionalCheckFailedException') {
    return { kind: 'condition', error: unavailable(`A condition on the table "${table}" did not hold.`) };
  }
  if (THROTTLED.includes(name) || status === HTTP_TOO_MANY_REQUESTS) {
    return {
      kind: 'throttled',
      error: unavailable(`DynamoDB throttles the ledger's table "${table}" (${why}): try again later.`),
    };
  }
  if (name === 'ResourceNotFoundException') {
    const what = `The ledger's table "${table}" does not exist here: deploy Pawl in this Region, or name another table or Region.`;
    return { kind: 'refused', error: new LedgerUnusable(what, { cause }) };
  }
  if (NO_CREDENTIALS.includes(name)) {
    const what = `There are no valid AWS credentials for the ledger's table "${table}" (${why}): sign in, set AWS_PROFILE, or set this machine's clock.`;
    return { kind: 'refused', error: unavailable(what) };
  }
  if (status !== undefined && status >= 400 && status < 500 && !isForeign) {
    return {
      kind: 'refused',
      error: unavailable(`DynamoDB refuses a request to the ledger's table "${table}": ${refusalOf(cause)}`),
    };
  }
  const what = `The ledger's table "${table}" cannot be reached (${why}): check the network, the Region and the endpoint.`;
  return { kind: 'ambiguous', error: unavailable(what) };
}

/** The outcome of a call that is harmless to repeat. */
export type CallOutcome<T> =
  | { readonly type: 'answered'; readonly value: T }
  | { readonly type: 'failed'; readonly failure: CallFailure };

/**
 * Makes a call that is harmless to repeat. It repeats the call while it is throttled, and a few times when it has no
 * answer, at least once. It returns failed conditions and refusals at once.
 */
export async function attempt<T>(access: TableAccess, call: () => Promise<T>): Promise<CallOutcome<T>> {
  const { clock } = access;
  const patience = beginPatience(clock, UNANSWERED_MAX);
  const deadline = instant(clock.now() + CALL_MS_MAX);
  const outcome = await retry<CallOutcome<T>>(access, { deadline }, async () => {
    try {
      return { type: 'done', value: { type: 'answered', value: await call() } };
    } catch (error) {
      const failure = failureOf(error, access.table);
      return patience.lasts(failure)
        ? { type: 'again', cause: failure }
        : { type: 'done', value: { type: 'failed', failure } };
    }
  });
  if (outcome.type === 'done') return outcome.value;
  return { type: 'failed', failure: outcome.cause as CallFailure };
}

/** How long a call is worth another attempt. */
export interface Patience {
  /** Takes note of a failed attempt; true when another one may help. */
  lasts(failure: CallFailure): boolean;
  /** Attempts so far that had no answer, so that nobody knows what became of them. */
  unanswered(): number;
}

/** @param unansweredMax attempts without an answer, at most. */
export function beginPatience(clock: Clock, unansweredMax: number): Patience {
  const startedAt = clock.now();
  let unanswered = 0;
  return {
    unanswered: () => unanswered,
    lasts: ({ kind }) => {
      const isOver = clock.now() - startedAt >= PATIENCE_MS;
      if (kind === 'ambiguous') {
        unanswered += 1;
        return unanswered < (isOver ? UNANSWERED_MIN : unansweredMax);
      }
      return kind === 'throttled' && !isOver;
    },
  };
}

/** As {@link attempt}, for calls that have no condition. @throws LedgerUnavailable and LedgerUnusable. */
export async function answerOf<T>(access: TableAccess, call: () => Promise<T>): Promise<T> {
  const outcome = await attempt(access, call);
  if (outcome.type === 'failed') throw outcome.failure.error;
  return outcome.value;
}

/** DynamoDB's own message, for people: which action is denied, which value is not valid. */
function refusalOf(cause: unknown): string {
  return cause instanceof Error ? `${cause.message || 'no reason given'} (${cause.name})` : String(cause);
}
