import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { createServer, request } from 'node:http';

/** A wire to an endpoint that holds batches back, for as long as one likes, and sends them all the same. */
export interface HeldWire {
  readonly url: string;
  /** Batches that have been sent and not delivered. */
  held(): number;
  /** Delivers every one of them now, and says what the endpoint answered. */
  release(): Promise<readonly { readonly status: number; readonly body: string }[]>;
  end(): Promise<void>;
}

interface Message {
  readonly incoming: IncomingMessage;
  readonly body: Buffer;
}

/** Holds every ChangeResourceRecordSets whose body has `mark` in it; everything else goes through at once. */
export async function heldWire(target: string, mark: string): Promise<HeldWire> {
  const held: Message[] = [];
  const server = createServer((incoming, outgoing) => {
    void pass(incoming, outgoing);
  });
  async function pass(incoming: IncomingMessage, outgoing: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk as Buffer);
    const message = { incoming, body: Buffer.concat(chunks) };
    const isBatch = incoming.method === 'POST' && /\/rrset\/?$/.test(incoming.url ?? '');
    if (isBatch && message.body.includes(mark)) {
      // Never answered: the sender gives up, and does not know.
      held.push(message);
      return;
    }
    try {
      const { status, body } = await deliver(target, message);
      outgoing.writeHead(status, { 'content-type': 'text/xml' });
      outgoing.end(body);
    } catch {
      // As on any wire: the sender sees the connection end, and asks again.
      outgoing.destroy();
    }
  }
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port was given');
  return {
    url: `http://127.0.0.1:${address.port}`,
    held: () => held.length,
    release: () => Promise.all(held.splice(0).map((message) => deliver(target, message))),
    end: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

async function deliver(
  target: string,
  { incoming, body }: Message,
): Promise<{ status: number; body: string }> {
  // A connection of its own: an endpoint ends one that has been idle for some seconds, and a batch that is sent late on
  // such a one would be lost with it.
  const outgoing = request(new URL(incoming.url ?? '/', target), {
    agent: false,
    method: incoming.method,
    headers: { ...incoming.headers, connection: 'close', 'content-length': body.length },
  });
  outgoing.end(body);
  const [answer] = (await once(outgoing, 'response')) as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of answer) chunks.push(chunk as Buffer);
  return { status: answer.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') };
}
