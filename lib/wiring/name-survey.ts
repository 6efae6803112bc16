import { Resolver } from 'node:dns/promises';
import { dnsName } from '../plan/names.ts';
import type { NameSurvey } from '../preflight/survey.ts';
import { NotAsked } from '../preflight/survey.ts';
import { delegatedTo, NoDelegationAnswer } from '../resolve/delegation.ts';
import { ServerUnreachable } from '../resolve/dns-transport.ts';
import { socketTransport } from '../resolve/socket-transport.ts';
import type { Randomness } from '../runtime/ids.ts';

/** The codes by which a resolver says that there is nothing, as opposed to that it does not know. */
const NOTHING: ReadonlySet<string> = new Set(['ENODATA', 'ENOTFOUND']);
const RESOLVER = { timeout: 3_000, tries: 2 } as const;
const DNS_PORT = 53;
/** Servers of the zone above that are asked, one after the other, until one answers. */
const SERVERS_MAX = 3;

/** What this machine's resolver finds, and what the servers of the zone above say themselves. */
export function publicNames(randomness: Randomness): NameSurvey {
  const resolver = new Resolver(RESOLVER);
  const addresses = (name: string) => found(() => resolver.resolve4(name));
  return {
    delegation: async (zone) => {
      const servers = await serversAbove(resolver, zone);
      if (servers === undefined) return undefined;
      const failures: string[] = [];
      for (const name of servers.slice(0, SERVERS_MAX)) {
        const [host] = await addresses(name);
        if (host === undefined) continue;
        try {
          const names = await delegatedTo(
            { randomness, connect: socketTransport },
            { host, port: DNS_PORT },
            zone,
          );
          return names?.map(dnsName);
        } catch (error) {
          failures.push(reasonOf(error));
        }
      }
      throw new NotAsked(
        `no name server of the zone above answers (${failures.join('; ') || 'none has an address'})`,
      );
    },
    resolves: async (name) => {
      const all = await Promise.all([addresses(name), found(() => resolver.resolve6(name))]);
      return all.flat().length > 0;
    },
    addresses,
  };
}

/** The name servers of the nearest zone above; undefined when there is none below the root. */
async function serversAbove(resolver: Resolver, zone: string): Promise<readonly string[] | undefined> {
  const labels = zone.split('.');
  for (let from = 1; from < labels.length; from += 1) {
    const servers = await found(() => resolver.resolveNs(labels.slice(from).join('.')));
    if (servers.length > 0) return servers;
  }
  return undefined;
}

/** What a resolver found; empty where it says that there is nothing. @throws NotAsked. */
async function found(ask: () => Promise<readonly string[]>): Promise<readonly string[]> {
  try {
    return await ask();
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    if (NOTHING.has(code)) return [];
    throw new NotAsked(`this machine's resolver does not say it (${code})`, { cause: error });
  }
}

function reasonOf(error: unknown): string {
  if (error instanceof NoDelegationAnswer || error instanceof ServerUnreachable) return error.message;
  if (error instanceof Error && error.name === 'TimeoutError') return 'no answer came in time';
  throw error;
}

/** For a world whose zones nobody delegates to. */
export function unaskedNames(reason: string): NameSurvey {
  const unasked = async () => {
    throw new NotAsked(reason);
  };
  return { delegation: unasked, resolves: unasked, addresses: unasked };
}
