import { once } from 'node:events';
import type { IncomingHttpHeaders, IncomingMessage, ServerResponse } from 'node:http';
import { createServer, request } from 'node:http';

/** A request on its way to an endpoint. */
export interface Passing {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

/** An answer in the endpoint's place. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * What happens to a request before it is delivered. Nothing: it is delivered; an answer: the endpoint never sees it;
 * `lost`: nobody ever answers.
 */
export type Fault = (passing: Passing) => Promise<Answer | 'lost' | undefined>;

/** A wire to an endpoint, on which a test can do what it likes. */
export interface FaultyWire {
  readonly url: string;
  /** From now on; delivers everything when undefined. */
  break(fault: Fault | undefined): void;
  close(): Promise<void>;
}

/** @param target the endpoint's URL; undefined where there is none, and then every request needs a fault. */
export async function faultyWire(target: string | undefined): Promise<FaultyWire> {
  let fault: Fault | undefined;
  const server = createServer((incoming, outgoing) => {
    pass(incoming, outgoing).catch(() => outgoing.destroy());
  });
  async function pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const passing = await read(incoming);
    const answer = (await fault?.(passing)) ?? (await deliver(target, passing));
    if (answer === 'lost') return;
    outgoing.writeHead(answer.status, answer.headers);
    outgoing.end(answer.body);
  }
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return {
    url: `http://127.0.0.1:${address.port}`,
    break: (next) => {
      fault = next;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function read(incoming: IncomingMessage): Promise<Passing> {
  const { method = 'GET', url: path = '/', headers } = incoming;
  return { method, path, headers, body: await textOf(incoming) };
}

async function deliver(
  target: string | undefined,
  { method, path, headers, body }: Passing,
): Promise<Answer> {
  if (target === undefined) throw new Error(`${method} ${path} has nowhere to go`);
  const outgoing = request(new URL(path, target), { method, headers, agent: false });
  outgoing.end(body);
  const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
  const kept = Object.entries(answer.headers).flatMap(([name, value]) =>
    typeof value === 'string' && name !== 'transfer-encoding' && name !== 'connection' ? [[name, value]] : [],
  );
  return { status: answer.statusCode ?? 500, headers: Object.fromEntries(kept), body: await textOf(answer) };
}

async function textOf(message: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
