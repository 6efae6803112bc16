import type { Route53Client } from '@aws-sdk/client-route-53';

/** A refusal is short; what is longer is not one of Route 53's. */
const BODY_BYTES_MAX = 1_000_000;
const HTTP_ERROR = 300;

/**
 * The roots that name the refusal themselves, where Route 53's form is `<ErrorResponse><Error><Code>`. The API
 * reference shows InvalidChangeBatch so, and gateways in front of the services answer so with what they refuse.
 */
const NAMED_ROOT =
  /^\s*(?:<\?xml[^>]*\?>)?\s*<(InvalidChangeBatch|InvalidInput|LimitsExceeded|MalformedInput|PriorRequestNotComplete|Throttling|AccessDenied|[A-Z][A-Za-z]*Exception)(?:\s[^>]*)?(?:\/>|>)/;
const MESSAGE = /<[Mm]essage>([^<]*)<\/[Mm]essage>/g;

/**
 * Lets a client read every shape of refusal that is on record. The SDK finds the code of an error only in Route 53's own
 * form, and calls any other error `Unknown`: a batch that was refused then looks like one whose outcome is unknown, and
 * a read that was throttled is not tried again. May be called any number of times for one client.
 */
export function readRefusals(client: Route53Client): void {
  client.middlewareStack.add(
    (next) => async (args) => {
      const result = await next(args);
      const { response } = result;
      if (!isErrorResponse(response)) return result;
      const body = await bytesOf(response.body);
      response.body = inRoute53Form(body) ?? body;
      return result;
    },
    // Inside of the SDK's own deserializer, which then reads what this leaves.
    { step: 'deserialize', priority: 'low', name: 'pawlReadRefusals', override: true },
  );
}

interface ErrorResponse {
  readonly statusCode: number;
  body: unknown;
}

function isErrorResponse(response: unknown): response is ErrorResponse {
  if (typeof response !== 'object' || response === null) return false;
  if (!('statusCode' in response) || !('body' in response)) return false;
  return typeof response.statusCode === 'number' && response.statusCode >= HTTP_ERROR;
}

/** The same refusal in the form that the SDK reads; undefined for everything else. */
function inRoute53Form(body: Uint8Array): Uint8Array | undefined {
  const text = new TextDecoder().decode(body);
  const [, code] = NAMED_ROOT.exec(text) ?? [];
  if (code === undefined) return undefined;
  const messages = [...text.matchAll(MESSAGE)].map(([, message]) => message);
  const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>${messages.join(', ')}</Message></Error>`;
  return new TextEncoder().encode(`<ErrorResponse>${error}</ErrorResponse>`);
}

async function bytesOf(body: unknown): Promise<Uint8Array> {
  if (body instanceof Uint8Array) return body;
  if (typeof body === 'string') return new TextEncoder().encode(body);
  if (typeof body !== 'object' || body === null || !(Symbol.asyncIterator in body)) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes <= BODY_BYTES_MAX) chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
