import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '../runtime/clock.ts';
import { pageFile } from './page-files.ts';
import type { PageViews, ViewOutcome } from './page-views.ts';
import type { PageGate } from './request-gate.ts';
import { judgeRequest } from './request-gate.ts';
import type { LookNews, SharedLook } from './shared-look.ts';
import { sharedLook } from './shared-look.ts';
import { sharedViews } from './shared-views.ts';

export interface PageDeps {
  readonly views: PageViews;
  readonly clock: Clock;
  /** Texts of the world come from many hands: the same text without what would hide or turn what stands beside it. */
  readonly tame: (text: string) => string;
  /** Called for an error that should not happen and ends nothing. */
  readonly onTrouble: (error: unknown) => void;
}

export interface PageSettings {
  /** 0 takes any free port. */
  readonly port: number;
  /** Between two looks, milliseconds. */
  readonly everyMs: number;
  /** What a reader has to show; absent: nothing. */
  readonly token?: string | undefined;
}

/** A page that is served. */
export interface ServedPage {
  readonly port: number;
  /** What a person opens, with the token in its fragment where there is one. */
  readonly url: string;
  /** Ends every connection; resolves when the port is free again. */
  close(): Promise<void>;
}

/** Something else listens at the port already. */
export class PagePortInUse extends Error {
  override readonly name = 'PagePortInUse';
}

const HOST = '127.0.0.1';
/** Pages that are open at the same time; each takes a connection for as long as it is. */
export const FOLLOWERS_MAX = 16;
const CONNECTIONS_MAX = 128;
const HEADER_BYTES_MAX = 8_192;
const HEADERS_MS = 10_000;
/** What a page may have unread before it is let go: it comes again and is told everything anew. */
const UNREAD_BYTES_MAX = 4_000_000;

/** Nothing is loaded from elsewhere, nothing is written into the page but by its own files, and nobody frames it. */
const POLICY = [
  "default-src 'none'",
  ...["script-src 'self'", "style-src 'self'", "img-src 'self'", "connect-src 'self'"],
  ...[
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ],
  "trusted-types 'none'",
].join('; ');

const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'cache-control': 'no-store',
};

interface Serving extends PageDeps {
  readonly gate: PageGate;
  readonly everyMs: number;
  readonly look: SharedLook;
  readonly view: (path: readonly string[]) => Promise<ViewOutcome | 'busy'>;
  readonly followers: Set<ServerResponse>;
}

/**
 * Serves the page on the loopback. Whatever it is asked, it writes nothing anywhere.
 *
 * @throws PagePortInUse when the port is taken; the system's own error when listening fails otherwise.
 */
export async function servePage(deps: PageDeps, settings: PageSettings): Promise<ServedPage> {
  const { views, clock } = deps;
  const { everyMs, token } = settings;
  const look = sharedLook({ views, clock, everyMs });
  const view = sharedViews(views, clock, everyMs);
  const followers = new Set<ServerResponse>();
  const server = createServer({ maxHeaderSize: HEADER_BYTES_MAX, headersTimeout: HEADERS_MS });
  server.maxConnections = CONNECTIONS_MAX;
  await listen(server, settings.port);
  const { port } = server.address() as AddressInfo;
  const serving: Serving = { ...deps, gate: { port, token }, everyMs, look, view, followers };
  server.on('request', (message, response) => {
    answer(serving, message, response).catch((error: unknown) => {
      deps.onTrouble(error);
      if (response.headersSent) response.destroy();
      else sendText(message, response, 500, 'The page could not answer: it is a mistake of its own.');
    });
  });
  return {
    port,
    url: `http://${HOST}:${port}/${token === undefined ? '' : `#token=${token}`}`,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await Promise.all([closed, look.close()]);
    },
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) => {
      const sentence = `The port ${port} on ${HOST}, for the page, is in use: end what listens there, or give another port.`;
      reject(cause.code === 'EADDRINUSE' ? new PagePortInUse(sentence, { cause }) : cause);
    });
    server.listen({ host: HOST, port }, resolve);
  });
}

async function answer(serving: Serving, message: IncomingMessage, response: ServerResponse): Promise<void> {
  // Nobody reads a body here, and what is left of one must not hold the connection.
  message.resume();
  const [path = ''] = (message.url ?? '').split('?');
  const isPrivate = path === '/events' || path.startsWith('/api/');
  const verdict = judgeRequest(gatedRequest(message), serving.gate, isPrivate);
  if (verdict.type === 'refused') {
    const allow = verdict.status === 405 ? { allow: 'GET, HEAD' } : {};
    sendText(message, response, verdict.status, verdict.says, allow);
    return;
  }
  if (path === '/events') return followLook(serving, message, response);
  if (path === '/api/world') return sendJson(serving, message, response, 200, aboutWorld(serving));
  if (path.startsWith('/api/')) return answerView(serving, message, response, path);
  const file = await pageFile(path);
  if (file === undefined) return sendText(message, response, 404, 'There is nothing at this address.');
  send(message, response, { status: 200, type: file.type, text: file.text });
}

function aboutWorld({ views, everyMs }: Serving): unknown {
  return { world: views.about(), everyMs };
}

async function answerView(
  serving: Serving,
  message: IncomingMessage,
  response: ServerResponse,
  path: string,
): Promise<void> {
  const words = decodedWords(path.slice('/api/'.length));
  if (words === undefined)
    return sendText(message, response, 400, 'The address is not encoded as it should be.');
  const outcome = await serving.view(words);
  if (outcome === 'busy')
    return sendText(message, response, 503, 'Too much was asked for at once: it is asked for again.', {
      'retry-after': '1',
    });
  const says = (status: number, text: string) => sendJson(serving, message, response, status, { says: text });
  switch (outcome.type) {
    case 'found':
      return sendJson(serving, message, response, 200, outcome.document);
    case 'none':
      return says(404, outcome.says);
    case 'failed':
      return says(502, outcome.says);
  }
}

function decodedWords(text: string): readonly string[] | undefined {
  try {
    return text.split('/').map(decodeURIComponent);
  } catch {
    return undefined;
  }
}

/** Tells a page every look, as server-sent events (https://html.spec.whatwg.org/multipage/server-sent-events.html). */
function followLook(serving: Serving, message: IncomingMessage, response: ServerResponse): void {
  const { followers, look } = serving;
  if (followers.size >= FOLLOWERS_MAX) {
    sendText(message, response, 503, `${FOLLOWERS_MAX} pages are open already: close one of them.`);
    return;
  }
  response.writeHead(200, { ...HEADERS, 'content-type': 'text/event-stream; charset=utf-8' });
  if (message.method === 'HEAD') {
    response.end();
    return;
  }
  followers.add(response);
  const leave = look.follow((news: LookNews) => {
    if (response.writableLength > UNREAD_BYTES_MAX) response.destroy();
    else response.write(`event: look\ndata: ${json(serving, news)}\n\n`);
  });
  response.on('close', () => {
    followers.delete(response);
    leave();
  });
}

function gatedRequest(message: IncomingMessage) {
  const { headers, headersDistinct, method = '', url = '' } = message;
  const site = headers['sec-fetch-site'];
  return {
    method,
    url,
    hosts: headersDistinct['host'] ?? [],
    origin: headers.origin,
    fetchSite: Array.isArray(site) ? site.join() : site,
    authorization: headers.authorization,
  };
}

/** JSON whose every text is tame, whoever wrote it. */
function json({ tame }: Pick<PageDeps, 'tame'>, value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) => (typeof each === 'string' ? tame(each) : each));
}

function sendJson(
  serving: Serving,
  message: IncomingMessage,
  response: ServerResponse,
  status: number,
  value: unknown,
): void {
  send(message, response, { status, type: 'application/json; charset=utf-8', text: json(serving, value) });
}

function sendText(
  message: IncomingMessage,
  response: ServerResponse,
  status: number,
  says: string,
  headers: Readonly<Record<string, string>> = {},
): void {
  send(message, response, { status, type: 'text/plain; charset=utf-8', text: `${says}\n`, headers });
}

function send(
  { method }: IncomingMessage,
  response: ServerResponse,
  answered: {
    readonly status: number;
    readonly type: string;
    readonly text: string;
    readonly headers?: Readonly<Record<string, string>>;
  },
): void {
  const { status, type, text, headers = {} } = answered;
  const length = Buffer.byteLength(text);
  response.writeHead(status, { ...HEADERS, ...headers, 'content-type': type, 'content-length': length });
  response.end(method === 'HEAD' ? undefined : text);
}
