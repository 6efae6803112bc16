import type { Resolver } from '../auditor/resolver.ts';
import type { DnsServerAddress } from '../resolve/dns-transport.ts';
import { resolveMany } from '../resolve/resolve.ts';
import { socketTransport } from '../resolve/socket-transport.ts';
import type { World } from './world.ts';

/** Types that an endpoint's root can have. */
const TYPES = ['A', 'AAAA', 'CNAME'] as const;

/**
 * Asks one DNS server by its address: the server of a local world, or a name server of the zone. Each question is one
 * query, sent again once if nothing comes.
 */
export function serverAnswers(
  { clock, randomness }: Pick<World, 'clock' | 'randomness'>,
  server: DnsServerAddress,
): Resolver {
  const deps = { clock, randomness, connect: socketTransport };
  return {
    answers: async (name, type, client) => {
      const types = TYPES.filter((known) => known === type);
      if (types.length === 0) return 'unreachable';
      const { answers, rcodes } = await resolveMany(deps, {
        ...{ server, name, types, client, count: 1 },
        // The server is an authority, and what a cache remembers is not what a client elsewhere is answered.
        recursion: client === undefined,
      });
      if (answers.size > 0) return 'answer';
      // A server that fails or refuses says nothing about the name.
      return rcodes.has('NOERROR') || rcodes.has('NXDOMAIN') ? 'empty' : 'unreachable';
    },
  };
}
