import { HttpResponse } from '@smithy/protocol-http';
import type { HttpRequest } from '@smithy/types';
import type { EmulatedRequestHandler } from '../wire/route53-handler.ts';
import type { RequestFields } from './request-fields.ts';
import { UnknownRequest } from './request-fields.ts';
import type { WireAnswer } from './strict-requests.ts';

/** One request as it came over the wire. */
export interface DynamodbRequest {
  /** `PutItem`, `Query`, … */
  readonly operation: string;
  readonly fields: RequestFields;
}

const TARGET_PREFIX = 'DynamoDB_20120810.';

/** DynamoDB's wire as the `requestHandler` of a DynamoDBClient: the real client, the real wire format, no socket. */
export function dynamodbRequestHandler(
  answer: (request: DynamodbRequest) => WireAnswer | Promise<WireAnswer>,
): EmulatedRequestHandler {
  return {
    metadata: { handlerProtocol: 'http/1.1' },
    handle: async (request) => {
      const { status, body } = await answer(parseRequest(request));
      const response = new HttpResponse({
        statusCode: status,
        headers: { 'content-type': 'application/x-amz-json-1.0', 'x-amzn-requestid': 'emulated' },
        body: new TextEncoder().encode(JSON.stringify(body)),
      });
      return { response };
    },
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
    destroy: () => undefined,
  };
}

function parseRequest({ method, headers, body }: HttpRequest): DynamodbRequest {
  const lowerCase = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  const target = new Map(lowerCase).get('x-amz-target') ?? '';
  if (method !== 'POST' || !target.startsWith(TARGET_PREFIX))
    throw new UnknownRequest(`a ${method} for "${target}" is no request of DynamoDB's`);
  const text = typeof body === 'string' ? body : new TextDecoder().decode(body);
  return { operation: target.slice(TARGET_PREFIX.length), fields: JSON.parse(text) as RequestFields };
}
