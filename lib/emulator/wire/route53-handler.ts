import { HttpResponse } from '@smithy/protocol-http';
import type { HttpRequest } from '@smithy/types';
import type { Route53 } from '../route53.ts';
import type { AnsweredRequest } from './answer-request.ts';
import { answerRequest } from './answer-request.ts';
import type { WireRequest } from './request-reader.ts';

export interface RequestHandlerOptions {
  readonly onRequest?: (answered: AnsweredRequest) => void;
}

/** The part of an SDK client's `requestHandler` that a client calls. */
export interface EmulatedRequestHandler {
  readonly metadata: { readonly handlerProtocol: string };
  handle(request: HttpRequest): Promise<{ response: HttpResponse }>;
  updateHttpClientConfig(): void;
  httpHandlerConfigs(): Record<string, never>;
  destroy(): void;
}

/**
 * The emulator as the `requestHandler` of a Route53Client: the real client, the real wire format, no socket.
 * A request is answered in the turn in which the client sends it.
 */
export function route53RequestHandler(
  core: Route53,
  options: RequestHandlerOptions = {},
): EmulatedRequestHandler {
  return {
    metadata: { handlerProtocol: 'http/1.1' },
    handle: async (request) => {
      const { status, headers, body } = answerRequest(core, wireRequest(request), options.onRequest);
      const response = new HttpResponse({
        statusCode: status,
        headers: { ...headers },
        body: new TextEncoder().encode(body),
      });
      return { response };
    },
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
    destroy: () => undefined,
  };
}

function wireRequest({ method, path, query, headers, body }: HttpRequest): WireRequest {
  const lowerCase = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  return { method, path, query: queryOf(query ?? {}), headers: new Map(lowerCase), body: textOfBody(body) };
}

function queryOf(query: NonNullable<HttpRequest['query']>): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(query).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(',') : (value ?? ''),
    ]),
  );
}

function textOfBody(body: unknown): string {
  if (body === undefined || body === null) return '';
  if (typeof body === 'string') return body;
  if (body instanceof Uint8Array) return new TextDecoder().decode(body);
  throw new TypeError('The emulator reads a body that is text or bytes, not a stream.');
}
