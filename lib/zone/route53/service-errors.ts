import {
  InvalidChangeBatch,
  InvalidInput,
  LimitsExceeded,
  NoSuchChange,
  NoSuchHealthCheck,
  NoSuchHostedZone,
  NotAuthorizedException,
  PriorRequestNotComplete,
  Route53ServiceException,
  ThrottlingException,
} from '@aws-sdk/client-route-53';
import { failedRequest, failureText } from '../../runtime/failed-request.ts';

/**
 * What an error of the SDK says about a request.
 * `busy`: refused before anything was done, because of the rate or a request that is not finished.
 * `refused`: processed and refused, for good. `denied`: the caller may not, or has no valid credentials.
 * `lost`: no answer that can be believed, but asking again may help. `odd`: anything else; nothing is known.
 */
export type FailureKind = 'busy' | 'refused' | 'no-zone' | 'no-change' | 'denied' | 'lost' | 'odd';

export interface Failure {
  readonly kind: FailureKind;
  /** A clause for people: the service's own words, or why there is no answer. Never parsed. */
  readonly reason: string;
}

/** An answer with status 200 that lacks what every such answer has. The message is a clause that says what it lacks. */
export class UnbelievableAnswer extends Error {
  override readonly name = 'UnbelievableAnswer';
}

const BUSY_CLASSES = [ThrottlingException, PriorRequestNotComplete];
const REFUSED_CLASSES = [InvalidChangeBatch, InvalidInput, LimitsExceeded, NoSuchHealthCheck];

/** Route 53 says `Throttling` (not modelled by the SDK) where other services say `ThrottlingException`. */
const BUSY_NAMES: ReadonlySet<string> = new Set(['Throttling', 'TooManyRequestsException']);
/** The request's form was refused before anything was done ("Common errors" of the Route 53 API reference). */
const REFUSED_NAMES: ReadonlySet<string> = new Set(['MalformedInput', 'MalformedXML', 'ValidationError']);

/** The caller is known and may not do this; every other refusal to a caller is about who it is. */
const FORBIDDEN_NAMES: ReadonlySet<string> = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'NotAuthorized',
  'NotAuthorizedException',
]);

/** "Common errors" of the Route 53 API reference and of SigV4, and what the SDK's credential providers throw. */
const DENIED_NAMES: ReadonlySet<string> = new Set([
  'AccessDenied',
  'AccessDeniedException',
  'CredentialsProviderError',
  'ExpiredToken',
  'ExpiredTokenException',
  'IncompleteSignature',
  'InvalidClientTokenId',
  'InvalidSignatureException',
  'MissingAuthenticationToken',
  'MissingAuthenticationTokenException',
  'NotAuthorized',
  'OptInRequired',
  'RequestExpired',
  'SignatureDoesNotMatch',
  'TokenProviderError',
  'UnrecognizedClientException',
]);

const LOST_NAMES: ReadonlySet<string> = new Set(['TimeoutError', 'RequestTimeout', 'UnbelievableAnswer']);
/** `ECONNRESET`, `ENOTFOUND`, `EPIPE`, … from the system, `HPE_…` from the HTTP parser; not Node's own `ERR_…`. */
const TRANSPORT_CODE = /^(?:E(?!RR_)[A-Z0-9]+|HPE_[A-Z_]+)$/;

const HTTP_BAD_REQUEST = 400;
const HTTP_SERVER_ERROR = 500;
/** The request was refused before it was processed (RFC 6585, section 4), by the service or by a proxy before it. */
const HTTP_TOO_MANY_REQUESTS = 429;
/** Refused to this caller (RFC 9110, sections 15.5.2 and 15.5.4), whatever new name the service gives the reason. */
const HTTP_DENIED: ReadonlySet<number> = new Set([401, 403]);

/** Sorts an error by its class, its name and its status, never by its message. */
export function classify(error: unknown): Failure {
  const reason = describe(error);
  const { status, code, isForeign } = failedRequest(error);
  if (status !== undefined && status >= HTTP_SERVER_ERROR) return { kind: 'lost', reason };
  if (status === HTTP_TOO_MANY_REQUESTS) return { kind: 'busy', reason };
  const name = error instanceof Error ? error.name : '';
  if (DENIED_NAMES.has(name) || error instanceof NotAuthorizedException) return { kind: 'denied', reason };
  if (LOST_NAMES.has(name) || (code !== undefined && TRANSPORT_CODE.test(code)))
    return { kind: 'lost', reason };
  if (status !== undefined && status < HTTP_BAD_REQUEST) {
    // The status says success, but the SDK could not read the answer: the batch may have been applied.
    return { kind: 'lost', reason };
  }
  if (error instanceof NoSuchHostedZone) return { kind: 'no-zone', reason };
  if (error instanceof NoSuchChange) return { kind: 'no-change', reason };
  if (BUSY_NAMES.has(name) || BUSY_CLASSES.some((known) => error instanceof known))
    return { kind: 'busy', reason };
  if (REFUSED_NAMES.has(name) || REFUSED_CLASSES.some((known) => error instanceof known))
    return { kind: 'refused', reason };
  if (error instanceof Route53ServiceException && !isForeign && status !== undefined)
    if (HTTP_DENIED.has(status)) return { kind: 'denied', reason };
  return { kind: 'odd', reason };
}

/** Whether a request was refused because of the account's rate, and not because the zone is busy with another one. */
export function isThrottling(error: unknown): boolean {
  return !(error instanceof PriorRequestNotComplete) && classify(error).kind === 'busy';
}

/**
 * What a person may do about a refusal to this caller: about the permission, or about who asks and when.
 *
 * @param operation of Route 53, whose permission has the same name.
 */
export function deniedAdvice(error: unknown, operation: string): string {
  const isForbidden = error instanceof Error && FORBIDDEN_NAMES.has(error.name);
  return isForbidden
    ? `allow route53:${operation} to them, and look for a policy that denies it`
    : "check the credentials, and this machine's clock";
}

function describe(error: unknown): string {
  if (error instanceof UnbelievableAnswer) return `an answer came that is not Route 53's: ${error.message}`;
  return failureText(error, 'Route 53');
}
