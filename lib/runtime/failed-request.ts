/** What an error of an AWS SDK says about a request, read from its fields and never from its message. */
export interface FailedRequest {
  /** The HTTP status of the answer; absent when there was none. */
  readonly status: number | undefined;
  /** The code of the system or of the HTTP parser: `ECONNRESET`, `ENOTFOUND`, `HPE_INVALID_CONSTANT`. */
  readonly code: string | undefined;
  /** True when there was an answer, and it does not have the form of the service's answers. */
  readonly isForeign: boolean;
}

/** The name of an error whose answer had a status and no code that the SDK could read. */
const UNREAD_NAME = 'Unknown';
const HTTP_SERVER_ERROR = 500;
/** The longest text of a header that is shown. */
const HEADER_CHARS_MAX = 60;

/** Reads the fields that distinguish how a request failed. Total: an error may be anything. */
export function failedRequest(error: unknown): FailedRequest {
  const response = field(error, '$response');
  const status = numberIn(field(error, '$metadata'), 'httpStatusCode') ?? numberIn(response, 'statusCode');
  const isParsed = field(error, '$fault') !== undefined && field(error, 'name') !== UNREAD_NAME;
  return { status, code: systemCodeOf(error), isForeign: response !== undefined && !isParsed };
}

/**
 * Why a request had no answer that counts: a clause for a person, with the name that did not resolve, the address where
 * nobody listens, or the status and the sender of an answer that is not the service's. It does not repeat the SDK's own
 * sentences about its inner fields, which no person can act on.
 *
 * @param service the name that people use: `Route 53`.
 */
export function failureText(error: unknown, service: string): string {
  const { status, code, isForeign } = failedRequest(error);
  if (isForeign) return foreignText(error, service, status);
  if (code !== undefined) return transportText(error, code);
  if (!(error instanceof Error)) return String(error);
  if (error.name === 'TimeoutError') return 'no answer came in time';
  const words = error.name === 'Error' ? error.message : `${error.name}: ${error.message}`;
  return status === undefined || status < HTTP_SERVER_ERROR ? words : `${words} (status ${status})`;
}

function foreignText(error: unknown, service: string, status: number | undefined): string {
  const headers = field(field(error, '$response'), 'headers');
  const type = headerIn(headers, 'content-type');
  const from = headerIn(headers, 'server');
  const via = headerIn(headers, 'via');
  const about = [type ?? [], from === undefined ? [] : `from ${from}`, via === undefined ? [] : `via ${via}`];
  const known = about.flat();
  const shown = known.length === 0 ? '' : ` (${known.join(', ')})`;
  return `an answer with status ${status ?? 'unknown'} came that is not ${service}'s${shown}, perhaps a proxy's`;
}

function transportText(error: unknown, code: string): string {
  const [first] = innerErrors(error);
  const hostname = textIn(error, 'hostname') ?? textIn(first, 'hostname');
  const address = textIn(error, 'address') ?? textIn(first, 'address');
  const port = numberIn(error, 'port') ?? numberIn(first, 'port');
  const host = address?.includes(':') === true ? `[${address}]` : (address ?? hostname);
  const place = [host ?? [], port ?? []].flat().join(':');
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return `the name ${hostname ?? 'of the endpoint'} does not resolve (${code})`;
    case 'ECONNREFUSED':
      return `nobody listens at ${place === '' ? 'the endpoint' : place} (${code})`;
    case 'ECONNRESET':
    case 'EPIPE':
      return `the connection ended before an answer came (${code})`;
    case 'ETIMEDOUT':
      return `no answer came in time (${code})`;
    default:
      return place === '' ? `the connection failed (${code})` : `the connection to ${place} failed (${code})`;
  }
}

/** A connection that was tried at several addresses fails with one error for each of them. */
function innerErrors(error: unknown): readonly unknown[] {
  const errors = field(error, 'errors');
  return Array.isArray(errors) ? errors : [];
}

function systemCodeOf(error: unknown): string | undefined {
  return textIn(error, 'code') ?? textIn(innerErrors(error)[0], 'code');
}

function headerIn(headers: unknown, name: string): string | undefined {
  return textIn(headers, name)?.slice(0, HEADER_CHARS_MAX);
}

function textIn(value: unknown, key: string): string | undefined {
  const found = field(value, key);
  return typeof found === 'string' && found !== '' ? found : undefined;
}

function numberIn(value: unknown, key: string): number | undefined {
  const found = field(value, key);
  return typeof found === 'number' ? found : undefined;
}

function field(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null) return undefined;
  return (value as Readonly<Record<string, unknown>>)[key];
}
