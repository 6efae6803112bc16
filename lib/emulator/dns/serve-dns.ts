import type { Socket as UdpSocket } from 'node:dgram';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import type { Server, Socket } from 'node:net';
import { createServer, isIP } from 'node:net';
import type { AnswerSource } from './answer-source.ts';
import type { Transport } from './respond.ts';
import { respond, servfail } from './respond.ts';
import { serveConnection } from './tcp-connection.ts';

/** Another process uses the port, for UDP, TCP or both. */
export class DnsPortInUse extends Error {
  override readonly name = 'DnsPortInUse';
  readonly host: string;
  readonly port: number;

  constructor(message: string, options: ErrorOptions & { readonly host: string; readonly port: number }) {
    super(message, options);
    this.host = options.host;
    this.port = options.port;
  }
}

export interface ServeDnsOptions {
  /** An IPv4 or IPv6 address, never a name: UDP and TCP must listen at the same one. */
  readonly host: string;
  /** 0 to 65535; 0 chooses one that is free for both UDP and TCP. */
  readonly port: number;
  /** Uniform in [0, 1), once a query: which of several weighted sets answers. */
  readonly random: () => number;
  /** Is called with errors that should not happen: a source throws, a socket fails. The server goes on. */
  readonly report?: (error: unknown) => void;
  /** Milliseconds of silence after which a TCP connection is closed; 10,000 by default (RFC 7766, 6.2.3). */
  readonly idleTimeoutMs?: number;
  /** TCP connections at once; more are closed as they come. 64 by default. */
  readonly connectionsMax?: number;
}

export interface DnsServer {
  readonly host: string;
  readonly port: number;
  /** Stops listening and ends every connection. May be called twice. */
  close(): Promise<void>;
}

const IDLE_TIMEOUT_MS = 10_000;
const CONNECTIONS_MAX = 64;
const FREE_PORT_ATTEMPTS = 20;

/**
 * Serves DNS over UDP and TCP at one port, from `source` as it is at the time of each query. No packet stops it.
 *
 * @throws DnsPortInUse when the port is taken, RangeError when `host` is not an address or `port` not a port.
 */
export async function serveDns(source: AnswerSource, options: ServeDnsOptions): Promise<DnsServer> {
  const { host, port } = options;
  if (isIP(host) === 0) throw new RangeError(`"${host}" is not an IP address to listen at.`);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await listenAt(source, options);
    } catch (error) {
      if (!isPortInUse(error)) throw error;
      // The port that is free for TCP may be taken for UDP: then another one is tried.
      if (port !== 0 || attempt === FREE_PORT_ATTEMPTS) {
        const sentence = `The port ${port} on ${host} is in use: end what listens there, or choose another for DNS.`;
        throw new DnsPortInUse(sentence, { cause: error, host, port });
      }
    }
  }
}

async function listenAt(source: AnswerSource, options: ServeDnsOptions): Promise<DnsServer> {
  const { host } = options;
  const connections = new Set<Socket>();
  const tcp = tcpServer(source, options, connections);
  const port = await listenTcp(tcp, host, options.port);
  const udp = udpSocket(source, options);
  try {
    await bindUdp(udp, host, port);
  } catch (error) {
    udp.close();
    await closeTcp(tcp, connections);
    throw error;
  }
  const report = (error: unknown) => options.report?.(error);
  tcp.on('error', report);
  udp.on('error', report);
  let closed: Promise<void> | undefined;
  const close = async (): Promise<void> => {
    const udpClosed = once(udp, 'close');
    udp.close();
    await Promise.all([udpClosed, closeTcp(tcp, connections)]);
  };
  return {
    host,
    port,
    close: () => {
      closed ??= close();
      return closed;
    },
  };
}

/** The reply to a packet. It never throws, whatever the packet holds and even if the source throws. */
function replyTo(
  source: AnswerSource,
  options: ServeDnsOptions,
  packet: Buffer,
  transport: Transport,
  sender: string | undefined,
) {
  try {
    return respond(source, packet, transport, options.random(), sender);
  } catch (error) {
    options.report?.(error);
    return servfail(packet);
  }
}

function udpSocket(source: AnswerSource, options: ServeDnsOptions): UdpSocket {
  const socket = createSocket(isIP(options.host) === 6 ? 'udp6' : 'udp4');
  socket.on('message', (packet, sender) => {
    const reply = replyTo(source, options, packet, 'udp', sender.address);
    // A forged sender may claim port 0, to which nothing can be sent.
    if (reply === undefined || sender.port === 0) return;
    socket.send(reply, sender.port, sender.address, (error) => {
      if (error !== null) options.report?.(error);
    });
  });
  return socket;
}

function tcpServer(source: AnswerSource, options: ServeDnsOptions, connections: Set<Socket>): Server {
  const server = createServer((socket) => {
    connections.add(socket);
    socket.on('close', () => connections.delete(socket));
    const sender = socket.remoteAddress;
    const reply = (packet: Buffer) => replyTo(source, options, packet, 'tcp', sender);
    serveConnection(socket, reply, options.idleTimeoutMs ?? IDLE_TIMEOUT_MS);
  });
  server.maxConnections = options.connectionsMax ?? CONNECTIONS_MAX;
  return server;
}

async function listenTcp(server: Server, host: string, port: number): Promise<number> {
  const listening = once(server, 'listening');
  server.listen({ host, port });
  await listening;
  const address = server.address();
  return typeof address === 'object' && address !== null ? address.port : port;
}

async function bindUdp(socket: UdpSocket, host: string, port: number): Promise<void> {
  const listening = once(socket, 'listening');
  socket.bind({ address: host, port, exclusive: true });
  await listening;
}

async function closeTcp(server: Server, connections: ReadonlySet<Socket>): Promise<void> {
  const closed = once(server, 'close');
  server.close();
  for (const connection of connections) connection.destroy();
  await closed;
}

function isPortInUse(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}
