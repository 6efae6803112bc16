import { randomUUID } from 'node:crypto';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Route53 } from '../route53.ts';
import { Route53Error } from '../route53-error.ts';
import type { AnsweredRequest, RequestTrail } from './answer-request.ts';
import { answerRequest, errorResponse } from './answer-request.ts';
import type { WireRequest, WireResponse } from './request-reader.ts';

export interface ServeOptions {
  /** The address to listen at; 127.0.0.1 by default. */
  readonly host?: string;
  /** 0 takes any free port. */
  readonly port: number;
  readonly onRequest?: (answered: AnsweredRequest) => void;
  /** Records requests that write, as CloudTrail does. @default nobody does. */
  readonly trail?: RequestTrail | undefined;
  /**
   * Resolves when everything done so far would survive the process; no answer is sent before. Where it rejects, whoever
   * wrote is answered with a failure, as by a service that does not know whether it wrote, and may ask again.
   */
  readonly settled?: () => Promise<void>;
}

export interface Route53Server {
  readonly port: number;
  /** For a client's `endpoint`. */
  readonly url: string;
  /** Ends every connection; resolves when the port is free again. */
  close(): Promise<void>;
}

/** Something else listens at the port already. */
export class PortInUse extends Error {
  override readonly name = 'PortInUse';
  readonly port: number;

  constructor(host: string, port: number, options: ErrorOptions) {
    super(`Port ${port} of ${host} is in use.`, options);
    this.port = port;
  }
}

/** Enough for 1,000 record sets with names of full length. */
const BODY_BYTES_MAX = 4_000_000;

/**
 * Serves the emulator over HTTP.
 *
 * @throws PortInUse when the port is taken; the system's own error when listening fails otherwise.
 */
export async function serveRoute53(core: Route53, options: ServeOptions): Promise<Route53Server> {
  const host = options.host ?? '127.0.0.1';
  const server = createServer((message, response) => {
    answer(core, message, options).then(
      (answered) => send(response, answered),
      // The body could not be read: the client is gone.
      () => response.destroy(),
    );
  });
  await listen(server, host, options.port);
  const { port } = server.address() as AddressInfo;
  return {
    port,
    url: `http://${host.includes(':') ? `[${host}]` : host}:${port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      reject(cause.code === 'EADDRINUSE' ? new PortInUse(host, port, { cause }) : cause);
    });
    server.listen({ host, port }, resolve);
  });
}

async function answer(core: Route53, message: IncomingMessage, options: ServeOptions): Promise<WireResponse> {
  const body = await readBody(message);
  if (body === undefined) {
    const sentence = `A request has at most ${BODY_BYTES_MAX} bytes.`;
    return errorResponse(new Route53Error('RequestEntityTooLarge', sentence, 413), randomUUID());
  }
  const answered = answerRequest(core, wireRequest(message, body), options.onRequest, options.trail);
  const { settled } = options;
  if (settled === undefined) return answered;
  try {
    // A read waits too: what it shows may be what somebody else has just written.
    await settled();
    return answered;
  } catch {
    if (message.method === 'GET') return answered;
    const sentence = 'It is not known whether the change was kept: the disk did not take it.';
    return errorResponse(new Route53Error('InternalFailure', sentence, 500), randomUUID());
  }
}

async function readBody(message: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    size += chunk.length;
    // The body is read to its end all the same: a client that is still sending would not see the answer.
    if (size <= BODY_BYTES_MAX) chunks.push(chunk);
  }
  return size > BODY_BYTES_MAX ? undefined : Buffer.concat(chunks).toString('utf8');
}

function wireRequest(message: IncomingMessage, body: string): WireRequest {
  const [path = '/', ...query] = (message.url ?? '/').split('?');
  const headers = Object.entries(message.headers).flatMap(([name, value]) =>
    typeof value === 'string' ? [[name, value] as const] : [],
  );
  return {
    method: message.method ?? 'GET',
    path,
    query: new Map(new URLSearchParams(query.join('?'))),
    headers: new Map(headers),
    body,
  };
}

function send(response: ServerResponse, { status, headers, body }: WireResponse): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
