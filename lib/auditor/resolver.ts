import type { DnsName } from '../plan/names.ts';

/**
 * A DNS server's answer. `answer`: at least one value of the type in the question. `empty`: an answer without a value
 * (no such name, or no such type at it). `unreachable`: no answer came that can be believed.
 */
export type ResolverAnswer = 'answer' | 'empty' | 'unreachable';

/** Asks a DNS server, as clients do. */
export interface Resolver {
  /**
   * One question to a server that is authoritative for the zone, or to one that caches: it may lag behind the zone.
   *
   * @param client the IP address of the client that it is asked for (EDNS client subnet, RFC 7871); absent: whoever asks.
   */
  answers(name: DnsName, type: string, client?: string): Promise<ResolverAnswer>;
}
