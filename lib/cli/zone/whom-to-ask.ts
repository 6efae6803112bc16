import { NotAsked } from '../../preflight/survey.ts';
import type { DnsServerAddress } from '../../resolve/dns-transport.ts';
import { resolveMany } from '../../resolve/resolve.ts';
import { socketTransport } from '../../resolve/socket-transport.ts';
import type { World } from '../../wiring/world.ts';
import type { ZoneDescription } from '../../zone/zone.ts';
import { Refused } from '../command/failures.ts';

/** A DNS server that answers for a zone, or why nobody can be asked (a clause). */
export type WhomToAsk =
  | {
      readonly type: 'server';
      readonly server: DnsServerAddress;
      /** Whether it may ask others: a person named it, and it may be a resolver. */
      readonly recursion: boolean;
      /** `ns-1.awsdns-01.com (192.0.2.53)` */
      readonly called: string;
    }
  | { readonly type: 'nobody'; readonly why: string };

type Asking = Pick<World, 'clock' | 'randomness' | 'dns' | 'nameServers'>;

/**
 * Finds a DNS server that answers for a zone: the one that a person named, that of a local world, or the first of the
 * zone's own name servers that does. Each is asked for the SOA record, because a server that is out of reach from here
 * would say of every name that it has no answer.
 *
 * @throws Refused where the named server does not answer for the zone.
 */
export async function whomToAsk(
  world: Asking,
  zone: Pick<ZoneDescription, 'id' | 'name' | 'private'>,
  named: DnsServerAddress | undefined,
): Promise<WhomToAsk> {
  if (named !== undefined) {
    if (await answersFor(world, named, zone.name, true)) return asked(named, true);
    throw new Refused(
      `The DNS server ${shown(named)} does not answer for ${zone.name}: name another one with --server, or none. Nothing was changed.`,
    );
  }
  if (world.dns !== undefined) {
    if (await answersFor(world, world.dns, zone.name, false)) return asked(world.dns, false);
    return nobody(`the DNS server ${shown(world.dns)} does not answer for ${zone.name}`);
  }
  if (zone.private)
    return nobody(`the zone ${zone.name} is private, and only resolvers in its VPCs answer for it`);
  return ownServer(world, zone);
}

async function ownServer(
  world: Asking,
  { id, name }: Pick<ZoneDescription, 'id' | 'name'>,
): Promise<WhomToAsk> {
  if (world.nameServers === undefined) return nobody('no DNS server is known here');
  try {
    const servers = await world.nameServers({ zone: name, zoneId: id });
    const answer = await Promise.all(servers.map((server) => answersFor(world, server, name, false)));
    const first = servers.find((_, index) => answer[index] === true);
    if (first !== undefined) return { ...asked(first, false), called: `${first.name} (${first.host})` };
    const names = servers.map((server) => server.name).join(', ');
    return nobody(
      servers.length === 0
        ? `no name server of ${name} has an address here`
        : `none of the name servers of ${name} answers here (${names})`,
    );
  } catch (error) {
    if (error instanceof NotAsked) return nobody(error.message);
    throw error;
  }
}

async function answersFor(
  { clock, randomness }: Asking,
  server: DnsServerAddress,
  name: string,
  recursion: boolean,
): Promise<boolean> {
  const deps = { clock, randomness, connect: socketTransport };
  const { answers } = await resolveMany(deps, { server, name, types: ['SOA'], count: 1, recursion });
  return answers.size > 0;
}

function asked(server: DnsServerAddress, recursion: boolean): Extract<WhomToAsk, { type: 'server' }> {
  return { type: 'server', server, recursion, called: shown(server) };
}

function nobody(why: string): WhomToAsk {
  return { type: 'nobody', why };
}

function shown({ host, port }: DnsServerAddress): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

/** What a person is told before anything is asked or changed. */
export function whomText(whom: WhomToAsk): string {
  return whom.type === 'server'
    ? `Each name is asked before and after at ${whom.called}.\n`
    : `Answers are not compared, because ${whom.why}: that every name answers is then said by the records in Route 53 and the ledger alone, unless --server names a DNS server to ask.\n`;
}
