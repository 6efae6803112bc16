import { Resolver as DnsResolver } from 'node:dns/promises';
import type { Resolver } from '../auditor/resolver.ts';

/** What a resolver says when it knows that there is nothing, as opposed to when it does not know. */
const NOTHING: readonly string[] = ['ENODATA', 'ENOTFOUND'];
const TIMEOUT_MS = 3_000;
const TRIES = 2;

/** Asks the machine's own resolver, as clients do: what it says may be as old as the records' TTL. */
export function dnsResolver(): Resolver {
  const resolver = new DnsResolver({ timeout: TIMEOUT_MS, tries: TRIES });
  return {
    answers: async (name, type) => {
      try {
        const values = await resolver.resolve(name, type);
        return Array.isArray(values) && values.length === 0 ? 'empty' : 'answer';
      } catch (error) {
        const code = error instanceof Error && 'code' in error ? String(error.code) : '';
        return NOTHING.includes(code) ? 'empty' : 'unreachable';
      }
    },
  };
}
