import {
  InvalidChangeBatch,
  InvalidInput,
  NoSuchChange,
  NoSuchHealthCheck,
  NoSuchHostedZone,
  NotAuthorizedException,
  PriorRequestNotComplete,
  ThrottlingException,
} from '@aws-sdk/client-route-53';

/**
 * What an error of the SDK says about a request.
 * `busy`: refused before anything was done, because of the rate or a request that is not finished.
 * `refused`: processed and refused, for good. `denied`: the caller may not, or has no valid credentials.
 * `lost`: no answer that can be believed, but asking again may help. `odd`: anything else; nothing is known.
 */
export type FailureKind = 'busy' | 'refused' | 'no-zone' | 'no-change' | 'denied' | 'lost' | 'odd';

export interface Failure {
  readonly kind: FailureKind;
  /** The error's name, and its message for people; never parsed. */
  readonly reason: string;
}

/** An answer with status 200 that lacks what every such answer has. */
export class UnbelievableAnswer extends Error {
  override readonly name = 'UnbelievableAnswer';
}

const BUSY_CLASSES = [ThrottlingException, PriorRequestNotComplete];
const REFUSED_CLASSES = [InvalidChangeBatch, InvalidInput, NoSuchHealthCheck];

/** Route 53 says `Throttling` (not modelled by the SDK) where other services say `ThrottlingException`. */
const BUSY_NAMES: ReadonlySet<string> = new Set(['Throttling']);

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

/** Sorts an error by its class, its name and its status, never by its message. */
export function classify(error: unknown): Failure {
  const reason = describe(error);
  const status = httpStatus(error);
  if (status !== undefined && status >= HTTP_SERVER_ERROR) return { kind: 'lost', reason };
  const name = error instanceof Error ? error.name : '';
  if (DENIED_NAMES.has(name) || error instanceof NotAuthorizedException) return { kind: 'denied', reason };
  if (LOST_NAMES.has(name) || isTransport(error)) return { kind: 'lost', reason };
  if (status !== undefined && status < HTTP_BAD_REQUEST) {
    // The status says success, but the SDK could not read the answer: the batch may have been applied.
    return { kind: 'lost', reason };
  }
  if (error instanceof NoSuchHostedZone) return { kind: 'no-zone', reason };
  if (error instanceof NoSuchChange) return { kind: 'no-change', reason };
  if (BUSY_NAMES.has(name) || BUSY_CLASSES.some((known) => error instanceof known))
    return { kind: 'busy', reason };
  if (REFUSED_CLASSES.some((known) => error instanceof known)) return { kind: 'refused', reason };
  return { kind: 'odd', reason };
}

function describe(error: unknown): string {
  return error instanceof Error ? `${error.name}: ${error.message}` : String(error);
}

function httpStatus(error: unknown): number | undefined {
  const metadata = field(error, '$metadata');
  const fromMetadata = field(metadata, 'httpStatusCode');
  if (typeof fromMetadata === 'number') return fromMetadata;
  // An answer that could not be parsed has no metadata, but the raw response hangs on the error.
  const fromResponse = field(field(error, '$response'), 'statusCode');
  return typeof fromResponse === 'number' ? fromResponse : undefined;
}

function isTransport(error: unknown): boolean {
  const code = field(error, 'code');
  return typeof code === 'string' && TRANSPORT_CODE.test(code);
}

function field(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return (value as Readonly<Record<string, unknown>>)[key];
}
