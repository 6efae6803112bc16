import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** Metrics as an HTTP server of this machine gives them to Prometheus. */
export interface MetricsServer {
  readonly url: string;
  /** Ends every connection; resolves when the port is free again. */
  close(): Promise<void>;
}

export interface MetricsPage {
  /** Of the content. */
  readonly type: string;
  text(): Promise<string>;
}

const HOST = '127.0.0.1';
const PATH = '/metrics';
/** By any other name a page of the web would reach this server through a name that it has pointed here. */
const OWN_NAMES: readonly string[] = ['127.0.0.1', 'localhost'];
const METHODS: readonly string[] = ['GET', 'HEAD'];

/**
 * Serves the page at /metrics of the loopback. It answers reading requests to its own names alone.
 *
 * @param port 0 takes any free one.
 * @throws the system's error where it cannot listen there, such as EADDRINUSE.
 */
export async function serveMetrics(page: MetricsPage, port: number): Promise<MetricsServer> {
  const server = createServer((request, response) => {
    answer(page, request, response).catch((error: unknown) => {
      say(response, 500, `The metrics cannot be read: ${String(error)}`);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: HOST, port }, resolve);
  });
  const { port: taken } = server.address() as AddressInfo;
  return {
    url: `http://${HOST}:${taken}${PATH}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(page: MetricsPage, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const { method = '', url = '', headers } = request;
  if (!OWN_NAMES.includes((headers.host ?? '').replace(/:\d+$/, '').toLowerCase())) {
    say(response, 403, `Ask ${OWN_NAMES.join(' or ')}: this server answers to no other Host.`);
    return;
  }
  if (url.split('?')[0] !== PATH) {
    say(response, 404, `There is ${PATH} here, and nothing else.`);
    return;
  }
  if (!METHODS.includes(method)) {
    response.setHeader('allow', METHODS.join(', '));
    say(response, 405, 'It is only for reading.');
    return;
  }
  const text = await page.text();
  response.writeHead(200, { 'content-type': page.type, 'cache-control': 'no-store' });
  response.end(method === 'HEAD' ? undefined : text);
}

function say(response: ServerResponse, status: number, sentence: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8' });
  response.end(`${sentence}\n`);
}
