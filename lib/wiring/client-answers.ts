import type { Resolver } from '../auditor/resolver.ts';
import type { DnsName } from '../plan/names.ts';
import type { DnsServerAddress } from '../resolve/dns-transport.ts';
import { serverAnswers } from './server-answers.ts';
import type { World } from './world.ts';

const DNS_PORT = 53;
/** Name servers that are asked the same question, one after the other, until one answers. */
const SERVERS_MAX = 2;

/**
 * Asks for whoever asks as `own` does, and for a client elsewhere the name servers of the zone themselves, without
 * recursion: a resolver in between would answer for itself, because most of them do not pass a client on.
 *
 * @param servers the name servers of the zone; called once, before the first question for a client.
 */
export function clientAnswers(
  world: Pick<World, 'clock' | 'randomness'>,
  own: Resolver,
  servers: () => Promise<readonly DnsServerAddress[]>,
): Resolver {
  let found: Promise<readonly DnsServerAddress[]> | undefined;
  return {
    answers: async (name, type, client) => {
      if (client === undefined) return own.answers(name, type);
      found ??= servers();
      for (const server of (await found).slice(0, SERVERS_MAX)) {
        const answer = await serverAnswers(world, server).answers(name, type, client);
        if (answer !== 'unreachable') return answer;
      }
      return 'unreachable';
    },
  };
}

/** As much of a resolver as finds name servers. */
export interface NameServerLookup {
  resolveNs(zone: string): Promise<readonly string[]>;
  resolve4(name: string): Promise<readonly string[]>;
}

/**
 * The IPv4 addresses of the name servers of a zone, one each, as a resolver finds them; none where it finds nothing, or
 * does not answer.
 */
export async function nameServersOf(
  resolver: NameServerLookup,
  zone: DnsName,
): Promise<readonly DnsServerAddress[]> {
  const names = await resolver.resolveNs(zone).catch(() => []);
  const hosts = await Promise.all(
    names.map((name) =>
      resolver.resolve4(name).then(
        ([first]) => first,
        () => undefined,
      ),
    ),
  );
  return hosts.flatMap((host) => (host === undefined ? [] : [{ host, port: DNS_PORT }]));
}
