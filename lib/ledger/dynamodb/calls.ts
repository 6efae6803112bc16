import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { Clock } from '../../runtime/clock.ts';
import { instant } from '../../runtime/clock.ts';
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

/** Refused for now (DynamoDB Developer Guide, "Error handling"); the last one is a multi-Region table's. */
const THROTTLED: readonly string[] = [
  'ProvisionedThroughputExceededException',
  'ThrottlingException',
  'RequestLimitExceeded',
  'ReplicatedWriteConflictException',
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

/** Sorts an error by its class's name and status, never by its text. */
export function failureOf(cause: unknown, table: string): CallFailure {
  const name = cause instanceof Error ? cause.name : 'unknown error';
  const unavailable = (what: string): LedgerUnavailable => new LedgerUnavailable(what, { cause });
  if (name === 'ConditionalCheckFailedException') {
    return { kind: 'condition', error: unavailable(`A condition on the table "${table}" did not hold.`) };
  }
  if (THROTTLED.includes(name)) {
    return {
      kind: 'throttled',
      error: unavailable(`DynamoDB throttles the ledger's table "${table}" (${name}): try again later.`),
    };
  }
  if (name === 'ResourceNotFoundException') {
    const what = `The ledger's table "${table}" does not exist here: deploy Pawl in this Region, or name another table or Region.`;
    return { kind: 'refused', error: new LedgerUnusable(what, { cause }) };
  }
  if (NO_CREDENTIALS.includes(name)) {
    const what = `There are no valid AWS credentials for the ledger's table "${table}" (${name}): sign in, or set AWS_PROFILE.`;
    return { kind: 'refused', error: unavailable(what) };
  }
  const status = statusOf(cause);
  if (status !== undefined && status >= 400 && status < 500) {
    return {
      kind: 'refused',
      error: unavailable(`DynamoDB refuses a request to the ledger's table "${table}": ${refusalOf(cause)}`),
    };
  }
  const what = `The ledger's table "${table}" cannot be reached (${reasonOf(cause)}): check the network, the Region and the endpoint.`;
  return { kind: 'ambiguous', error: unavailable(what) };
}

/** The outcome of a call that is harmless to repeat. */
export type CallOutcome<T> =
  | { readonly type: 'answered'; readonly value: T }
  | { readonly type: 'failed'; readonly failure: CallFailure };

/**
 * Makes a call that is harmless to repeat. It repeats the call while it is throttled, and a few times when it has no
 * answer. It returns failed conditions and refusals at once.
 */
export async function attempt<T>(access: TableAccess, call: () => Promise<T>): Promise<CallOutcome<T>> {
  let unanswered = 0;
  const deadline = instant(access.clock.now() + PATIENCE_MS);
  const outcome = await retry<CallOutcome<T>>(access, { deadline }, async () => {
    try {
      return { type: 'done', value: { type: 'answered', value: await call() } };
    } catch (error) {
      const failure = failureOf(error, access.table);
      if (failure.kind === 'ambiguous') unanswered += 1;
      const again =
        failure.kind === 'throttled' || (failure.kind === 'ambiguous' && unanswered < UNANSWERED_MAX);
      return again ? { type: 'again', cause: failure } : { type: 'done', value: { type: 'failed', failure } };
    }
  });
  if (outcome.type === 'done') return outcome.value;
  return { type: 'failed', failure: outcome.cause as CallFailure };
}

/** As {@link attempt}, for calls that have no condition. @throws LedgerUnavailable and LedgerUnusable. */
export async function answerOf<T>(access: TableAccess, call: () => Promise<T>): Promise<T> {
  const outcome = await attempt(access, call);
  if (outcome.type === 'failed') throw outcome.failure.error;
  return outcome.value;
}

function statusOf(cause: unknown): number | undefined {
  if (!(cause instanceof Error) || !('$metadata' in cause)) return undefined;
  const metadata: unknown = cause.$metadata;
  if (metadata === null || typeof metadata !== 'object' || !('httpStatusCode' in metadata)) return undefined;
  return typeof metadata.httpStatusCode === 'number' ? metadata.httpStatusCode : undefined;
}

/** DynamoDB's own message, for people: which action is denied, which value is not valid. */
function refusalOf(cause: unknown): string {
  return cause instanceof Error ? `${cause.message || 'no reason given'} (${cause.name})` : String(cause);
}

function reasonOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  if ('code' in cause && typeof cause.code === 'string') return cause.code;
  return cause.name === 'Error' ? cause.message : cause.name;
}
