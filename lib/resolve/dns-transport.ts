/** Where a DNS server listens: an IP address and a port, the same for UDP and TCP. */
export interface DnsServerAddress {
  readonly host: string;
  readonly port: number;
}

/** Sends DNS messages to one server. */
export interface DnsTransport {
  /**
   * Sends one query by UDP and resolves with the datagram that answers it: same id, sent by the server.
   * Nothing is sent again; a query that is lost stays unanswered until the signal is aborted.
   *
   * @throws the signal's reason, or ServerUnreachable.
   */
  askUdp(query: Uint8Array, signal: AbortSignal): Promise<Buffer>;
  /** The same by TCP, on a connection of its own. @throws the signal's reason, or ServerUnreachable. */
  askTcp(query: Uint8Array, signal: AbortSignal): Promise<Buffer>;
  close(): Promise<void>;
}

/** Nothing listens at the server's address, or the way there is closed. */
export class ServerUnreachable extends Error {
  override readonly name = 'ServerUnreachable';
}
