import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { connect, isIP } from 'node:net';
import type { DnsServerAddress, DnsTransport } from './dns-transport.ts';
import { ServerUnreachable } from './dns-transport.ts';

/** Each message is preceded by its length (RFC 1035, 4.2.2). */
const LENGTH_OCTETS = 2;
const ID_OCTETS = 2;

interface Waiting {
  readonly resolve: (answer: Buffer) => void;
  readonly reject: (reason: unknown) => void;
}

/**
 * A transport over one UDP socket, and TCP where it is asked for. The UDP socket is connected, so that only the server's
 * datagrams arrive and a closed port is noticed. Queries under way at once must have different ids.
 *
 * @throws RangeError when the host is not an IP address; ServerUnreachable when the server cannot be reached.
 */
export async function socketTransport(server: DnsServerAddress): Promise<DnsTransport> {
  if (isIP(server.host) === 0) throw new RangeError(`"${server.host}" is not an IP address of a DNS server.`);
  const waiting = new Map<number, Waiting>();
  const socket = createSocket(isIP(server.host) === 6 ? 'udp6' : 'udp4');
  const failAll = (error: unknown) => {
    for (const { reject } of waiting.values()) reject(unreachable(server, error));
    waiting.clear();
  };
  const connected = once(socket, 'connect');
  socket.connect(server.port, server.host);
  await connected.catch((error: unknown) => {
    socket.close();
    throw unreachable(server, error);
  });
  socket.on('error', failAll);
  socket.on('message', (message) => {
    if (message.length < ID_OCTETS) return;
    const id = message.readUInt16BE(0);
    waiting.get(id)?.resolve(message);
    waiting.delete(id);
  });
  return {
    askUdp: async (query, signal) => {
      signal.throwIfAborted();
      const id = Buffer.from(query).readUInt16BE(0);
      const { promise, resolve, reject } = Promise.withResolvers<Buffer>();
      const abort = () => reject(signal.reason);
      signal.addEventListener('abort', abort, { once: true });
      waiting.set(id, { resolve, reject });
      socket.send(query, (error) => {
        if (error !== null) reject(unreachable(server, error));
      });
      try {
        return await promise;
      } finally {
        signal.removeEventListener('abort', abort);
        waiting.delete(id);
      }
    },
    askTcp: (query, signal) => askTcp(server, query, signal),
    close: async () => {
      const closed = once(socket, 'close');
      socket.close();
      await closed;
    },
  };
}

async function askTcp(server: DnsServerAddress, query: Uint8Array, signal: AbortSignal): Promise<Buffer> {
  signal.throwIfAborted();
  const socket = connect({ host: server.host, port: server.port });
  const abort = () => socket.destroy(signal.reason instanceof Error ? signal.reason : new Error('aborted'));
  signal.addEventListener('abort', abort, { once: true });
  try {
    const length = Buffer.alloc(LENGTH_OCTETS);
    length.writeUInt16BE(query.length, 0);
    socket.write(Buffer.concat([length, query]));
    let received: Buffer = Buffer.alloc(0);
    for await (const chunk of socket) {
      received = Buffer.concat([received, chunk as Buffer]);
      const message = firstMessage(received);
      if (message !== undefined) return message;
    }
    throw new ServerUnreachable(`The DNS server at ${shown(server)} ended the connection without an answer.`);
  } catch (error) {
    if (signal.aborted || error instanceof ServerUnreachable) throw error;
    throw unreachable(server, error);
  } finally {
    signal.removeEventListener('abort', abort);
    socket.destroy();
  }
}

function firstMessage(received: Buffer): Buffer | undefined {
  if (received.length < LENGTH_OCTETS) return undefined;
  const end = LENGTH_OCTETS + received.readUInt16BE(0);
  return received.length < end ? undefined : received.subarray(LENGTH_OCTETS, end);
}

function unreachable(server: DnsServerAddress, cause: unknown): ServerUnreachable {
  return new ServerUnreachable(`No DNS server answers at ${shown(server)}.`, { cause });
}

function shown({ host, port }: DnsServerAddress): string {
  return isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`;
}
