import type { DnsName } from '../plan/names.ts';

/**
 * What a DNS server said. `answer`: at least one value of the type that was asked for. `empty`: it answered, and with
 * nothing (no such name, or no such type at it). `unreachable`: nothing came that can be believed.
 */
export type ResolverAnswer = 'answer' | 'empty' | 'unreachable';

/** Asks what clients ask. */
export interface Resolver {
  /** One question, asked of a server that answers for the zone or of one that caches: it may lag behind the zone. */
  answers(name: DnsName, type: string): Promise<ResolverAnswer>;
}
